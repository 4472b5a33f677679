/** Run rows: lookups, claims, retention. Lists are in list.ts, what is due in due.ts. */
import type { RunRow, Runs } from "../../store/runs.ts";
import type { Connection, Row } from "./connection.ts";
import { dueRuns, nextWake } from "./due.ts";
import { lastChunk, removeHistory } from "./history.ts";
import { listRuns } from "./list.ts";
import { type References, type RunColumns, toRunRow } from "./row.ts";

const byKey = "SELECT * FROM runs WHERE key = ?";
const byId = "SELECT * FROM runs WHERE id = ? ORDER BY generation DESC LIMIT 1";
const take = "UPDATE runs SET owner = ?, epoch = epoch + 1 WHERE key = ?";
const closed =
  "SELECT key FROM runs WHERE closed_at < ? AND closed_at IS NOT NULL ORDER BY closed_at, key LIMIT ?";
const removeRun = "DELETE FROM runs WHERE key = ?";

function toRow(row: Row | undefined, references: References): RunRow | undefined {
  return row === undefined ? undefined : toRunRow(row as unknown as RunColumns, references);
}

/** The claimable rows among `keys`, each once. */
function claimable(
  connection: Connection,
  references: References,
  wish: { session: string; keys: readonly number[] },
): RunRow[] {
  const rows: RunRow[] = [];
  for (const key of new Set(wish.keys)) {
    const row = connection.prepare(byKey).get(key);
    if (row === undefined) continue;
    const columns = row as unknown as RunColumns;
    if (columns.closed_at !== null || !references.sessions.mayClaim(wish.session, columns.owner)) continue;
    rows.push(toRunRow(columns, references));
  }
  return rows;
}

function claim(
  connection: Connection,
  references: References,
  wish: { session: string; keys: readonly number[] },
): RunRow[] {
  const { number } = references.sessions.get(wish.session);
  const rows = connection.read(() => claimable(connection, references, wish));
  const others = rows.filter((row) => row.owner !== wish.session);
  if (others.length === 0) return rows;
  connection.write(() => {
    for (const { key } of others) connection.prepare(take).run(number, key);
  });
  return rows.map((row) =>
    row.owner === wish.session ? row : { ...row, owner: wish.session, epoch: row.epoch + 1 },
  );
}

/** The last chunk may have gone, and its number with it: transactions stay counted all the same. */
function countRemoved(connection: Connection): void {
  const { counters } = connection;
  const last = lastChunk(connection);
  counters.commits += counters.chunk - last;
  counters.chunk = last;
}

/** A closed run has neither messages nor heartbeats, so its row and its history are all there is. */
function removeClosed(connection: Connection, closedBefore: number, limit: number): number {
  const keys = connection.read(() => connection.prepare(closed).all(closedBefore, limit));
  if (keys.length === 0) return 0;
  connection.write(() => {
    for (const { key } of keys) {
      connection.prepare(removeHistory).run(key as number);
      connection.prepare(removeRun).run(key as number);
    }
    countRemoved(connection);
  });
  return keys.length;
}

/** A key is never given out again once it was used: each commit carries the counter. */
function reserveKeys({ counters }: Connection, count: number): number {
  const first = counters.nextKey;
  counters.nextKey += count;
  return first;
}

/** The contract's part for run rows. */
export function sqliteRuns(connection: Connection, references: References): Runs {
  return {
    byId: async (id) => connection.read(() => toRow(connection.prepare(byId).get(id), references)),
    byKey: async (key) => connection.read(() => toRow(connection.prepare(byKey).get(key), references)),
    list: async (filter) => await listRuns(connection, references, filter),
    reserveKeys: async (count) => connection.read(() => reserveKeys(connection, count)),
    due: async (query) => connection.read(() => dueRuns({ connection, references, query })),
    nextWake: async (after) => connection.read(() => nextWake(connection, after)),
    claim: async (session, keys) => {
      connection.check();
      return claim(connection, references, { session, keys });
    },
    removeClosed: async (closedBefore, limit) => removeClosed(connection, closedBefore, limit),
  };
}
