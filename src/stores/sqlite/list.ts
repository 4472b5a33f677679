/**
 * Lists of runs, newest first, at any number of runs.
 *
 * Conditions that select few runs have an index (ids by prefix, children of a run, every status but `completed`). All others are found by walking
 * the keys downwards in slices, and the process may do other work between two slices: no index has to be kept for them, and no list stops the engine.
 */
import type { SQLInputValue } from "node:sqlite";
import { setImmediate as breathe } from "node:timers/promises";
import type { RunFilter, RunRow } from "../../store/runs.ts";
import type { Connection } from "./connection.ts";
import { type References, type RunColumns, toRunRow } from "./row.ts";
import { statusCodes } from "./schema.ts";

/** Runs that are looked at in one go. */
const sliceRuns = 5000;

/** A prefix that more runs have than this is not worth sorting them by key. */
const prefixRuns = 1000;

interface Where {
  readonly terms: readonly string[];
  readonly values: readonly SQLInputValue[];
}

/** Everything that begins with the prefix, in UTF-8: no character begins with the byte FF. */
function prefixRange(prefix: string): Where {
  const first = prefix.toWellFormed();
  const end = Buffer.concat([Buffer.from(first), Buffer.of(0xff)]);
  return { terms: ["id >= ?", "id < CAST(? AS TEXT)"], values: [first, end] };
}

/** Only running runs can be paused or parked. */
function statusTerm({ status, paused, parked }: RunFilter): string | undefined {
  const implied = paused === true || parked === true ? "running" : undefined;
  if (status === undefined && implied === undefined) return undefined;
  if (status !== undefined && implied !== undefined && status !== implied) return "0";
  const code = statusCodes[status ?? implied ?? "running"];
  // The second half repeats the index's condition, word for word, because SQLite does not conclude it from the first.
  return code === statusCodes.completed ? `status = ${code}` : `status = ${code} AND status <> 1`;
}

function conditions(filter: RunFilter, references: References): Where {
  const { workflow, parked, paused, idPrefix, parentKey } = filter;
  const terms: string[] = [];
  const values: SQLInputValue[] = [];
  if (workflow !== undefined) {
    terms.push("workflow = ?");
    values.push(references.workflows.find(workflow) ?? 0);
  }
  if (parked !== undefined) terms.push(parked ? "parked IS NOT NULL" : "parked IS NULL");
  if (paused !== undefined) terms.push(paused ? "paused = 1" : "paused = 0");
  if (parentKey !== undefined) {
    terms.push("parent_key = ?");
    values.push(parentKey);
  }
  if (idPrefix !== undefined && idPrefix !== "") {
    const range = prefixRange(idPrefix);
    terms.push(...range.terms);
    values.push(...range.values);
  }
  return { terms, values };
}

/** Reads one list. */
class Listing {
  readonly #connection: Connection;
  readonly #references: References;
  readonly #filter: RunFilter;
  readonly #status: string | undefined;
  readonly #where: Where;
  readonly #found: RunRow[] = [];

  constructor(connection: Connection, references: References, filter: RunFilter) {
    this.#connection = connection;
    this.#references = references;
    this.#filter = filter;
    this.#status = statusTerm(filter);
    this.#where = conditions(filter, references);
  }

  async read(): Promise<readonly RunRow[]> {
    const top = this.#filter.before ?? Number.MAX_SAFE_INTEGER;
    const index = this.#connection.read(() => this.#fewWithIndex());
    if (index === undefined) return await this.#walk(top);
    this.#connection.read(() => this.#collect(`runs ${index}`, top, 0));
    return this.#found;
  }

  async #walk(top: number): Promise<readonly RunRow[]> {
    let below = top;
    while (below > 0) {
      const from = this.#connection.read(() => this.#slice(below));
      if (this.#found.length >= this.#filter.limit) break;
      below = from;
      if (below > 0) await breathe();
    }
    return this.#found;
  }

  /** The index that leads to the runs directly, if there is one. */
  #fewWithIndex(): string | undefined {
    const { parentKey, idPrefix = "" } = this.#filter;
    if (parentKey !== undefined) return "INDEXED BY runs_of_parent";
    if (idPrefix === "") return undefined;
    const { terms, values } = prefixRange(idPrefix);
    const sql = `SELECT count(*) AS n FROM (SELECT 1 FROM runs WHERE ${terms.join(" AND ")} LIMIT ${prefixRuns + 1})`;
    const count = Number(this.#connection.prepare(sql).get(...values)?.["n"]);
    return count <= prefixRuns ? "INDEXED BY sqlite_autoindex_runs_1" : undefined;
  }

  /** Looks at the next runs below a key; returns the lowest key that was looked at, 0 at the end. */
  #slice(below: number): number {
    const status = this.#status === undefined ? "" : `${this.#status} AND`;
    const sql = `SELECT key FROM runs WHERE ${status} key < ? ORDER BY key DESC LIMIT 1 OFFSET ${sliceRuns - 1}`;
    const from = Number(this.#connection.prepare(sql).get(below)?.["key"] ?? 0);
    this.#collect("runs", below, from);
    return from;
  }

  #collect(source: string, below: number, from: number): void {
    const { terms, values } = this.#where;
    const all = [...(this.#status === undefined ? [] : [this.#status]), ...terms, "key < ?", "key >= ?"];
    const sql = `SELECT * FROM ${source} WHERE ${all.join(" AND ")} ORDER BY key DESC LIMIT ?`;
    const left = this.#filter.limit - this.#found.length;
    for (const row of this.#connection.prepare(sql).all(...values, below, from, left)) {
      this.#found.push(toRunRow(row as unknown as RunColumns, this.#references));
    }
  }
}

/** Lists runs. */
export async function listRuns(
  connection: Connection,
  references: References,
  filter: RunFilter,
): Promise<readonly RunRow[]> {
  return await new Listing(connection, references, filter).read();
}
