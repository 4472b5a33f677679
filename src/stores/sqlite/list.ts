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

/** A table or index to go through, and the conditions that belong to it. */
interface Source {
  readonly from: string;
  readonly terms: readonly string[];
}

/** The runs to walk through: all, or those of one status. Absent: no run can match, because only a running one is paused or parked. */
function walkedRuns({ status, paused, parked }: RunFilter): Source | undefined {
  const flagged = paused === true || parked === true;
  if (flagged && status !== undefined && status !== "running") return undefined;
  const wanted = flagged ? "running" : status;
  if (wanted === undefined) return { from: "runs", terms: [] };
  const term = `status = ${statusCodes[wanted]}`;
  if (wanted === "completed") return { from: "runs", terms: [term] };
  // The second term is the index's own, which SQLite does not conclude from the first.
  return { from: "runs INDEXED BY runs_not_completed", terms: [term, "status <> 1"] };
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
  readonly #where: Where;
  readonly #found: RunRow[] = [];

  constructor(connection: Connection, references: References, filter: RunFilter) {
    this.#connection = connection;
    this.#references = references;
    this.#filter = filter;
    this.#where = conditions(filter, references);
  }

  async read(): Promise<readonly RunRow[]> {
    const top = this.#filter.before ?? Number.MAX_SAFE_INTEGER;
    const walked = walkedRuns(this.#filter);
    const index = this.#connection.read(() => this.#fewRuns());
    if (walked === undefined) return [];
    if (index === undefined) await this.#walk(walked, top);
    else this.#connection.read(() => this.#collect({ ...walked, from: `runs INDEXED BY ${index}` }, top, 0));
    return this.#found;
  }

  async #walk(walked: Source, top: number): Promise<void> {
    let below = this.#connection.read(() => this.#slice(walked, top));
    while (below > 0 && this.#found.length < this.#filter.limit) {
      await breathe();
      const end = below;
      below = this.#connection.read(() => this.#slice(walked, end));
    }
  }

  /** The index that leads to few runs, if there is one. */
  #fewRuns(): string | undefined {
    const { parentKey, idPrefix = "" } = this.#filter;
    if (parentKey !== undefined) return "runs_of_parent";
    if (idPrefix === "") return undefined;
    const { terms, values } = prefixRange(idPrefix);
    const sql = `SELECT count(*) AS n FROM (SELECT 1 FROM runs WHERE ${terms.join(" AND ")} LIMIT ${prefixRuns + 1})`;
    const count = Number(this.#connection.prepare(sql).get(...values)?.["n"]);
    return count <= prefixRuns ? "sqlite_autoindex_runs_1" : undefined;
  }

  /** Looks at the next runs below a key; returns the lowest key that was looked at, 0 at the end. */
  #slice(walked: Source, below: number): number {
    const terms = [...walked.terms, "key < ?"].join(" AND ");
    const sql = `SELECT key FROM ${walked.from} WHERE ${terms} ORDER BY key DESC LIMIT 1 OFFSET ${sliceRuns - 1}`;
    const from = Number(this.#connection.prepare(sql).get(below)?.["key"] ?? 0);
    this.#collect(walked, below, from);
    return from;
  }

  #collect(source: Source, below: number, from: number): void {
    const terms = [...source.terms, ...this.#where.terms, "key < ?", "key >= ?"].join(" AND ");
    const sql = `SELECT * FROM ${source.from} WHERE ${terms} ORDER BY key DESC LIMIT ?`;
    const left = this.#filter.limit - this.#found.length;
    for (const row of this.#connection.prepare(sql).all(...this.#where.values, below, from, left)) {
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
