/** Run rows in memory: lookups and lists, what is due, who holds it. */
import type { DueQuery, DueRuns, RunFilter, RunRow, Runs } from "../../store/runs.ts";
import { copyRow, latestOf, mayClaim, type MemoryDatabase, type RunRecord, sessionOf } from "./database.ts";

function matches(row: RunRow, filter: RunFilter): boolean {
  const { workflow, status, parked, paused, idPrefix, parentKey, before } = filter;
  if (workflow !== undefined && row.workflow !== workflow.toWellFormed()) return false;
  if (status !== undefined && row.status !== status) return false;
  if (parked !== undefined && (row.parked !== undefined) !== parked) return false;
  if (paused !== undefined && row.paused !== paused) return false;
  if (idPrefix !== undefined && !row.id.startsWith(idPrefix.toWellFormed())) return false;
  if (parentKey !== undefined && row.parentKey !== parentKey) return false;
  return before === undefined || row.key < before;
}

function list(db: MemoryDatabase, filter: RunFilter): RunRow[] {
  const found: RunRow[] = [];
  for (const { row } of db.state.runs.values()) if (matches(row, filter)) found.push(row);
  found.sort((a, b) => b.key - a.key);
  return found.slice(0, filter.limit).map((row) => copyRow(db, row));
}

/** Runs with messages after the given one, in the order of arrival, and the last message that was looked at. */
function dueByMessage(db: MemoryDatabase, query: DueQuery): { keys: Set<number>; lastMessage: number } {
  const keys = new Set<number>();
  let lastMessage = query.afterMessage;
  for (const [message, { key }] of db.state.messages) {
    if (keys.size >= query.limit) break;
    if (message <= query.afterMessage) continue;
    lastMessage = message;
    const row = db.state.runs.get(key)?.row;
    if (row !== undefined && mayClaim(db, query.session, row)) keys.add(key);
  }
  return { keys, lastMessage };
}

function openRows(db: MemoryDatabase): RunRow[] {
  const rows: RunRow[] = [];
  for (const key of db.state.open) {
    const run = db.state.runs.get(key);
    if (run !== undefined && !run.row.paused && run.row.wakeAt !== undefined) rows.push(run.row);
  }
  return rows;
}

function due(db: MemoryDatabase, query: DueQuery): DueRuns {
  const { keys, lastMessage } = dueByMessage(db, query);
  const workflows = new Set(query.workflows.map((name) => name.toWellFormed()));
  const rows = openRows(db).filter(
    (row) =>
      (row.wakeAt ?? Infinity) <= query.now &&
      (query.parked || row.parked === undefined) &&
      workflows.has(row.workflow) &&
      mayClaim(db, query.session, row),
  );
  rows.sort((a, b) => (a.wakeAt ?? 0) - (b.wakeAt ?? 0) || a.key - b.key);
  for (const row of rows) {
    if (keys.size >= query.limit) break;
    keys.add(row.key);
  }
  return { keys: [...keys], lastMessage };
}

function nextWake(db: MemoryDatabase, after: number): number | undefined {
  let earliest: number | undefined;
  for (const { wakeAt, parked } of openRows(db)) {
    if (parked !== undefined || wakeAt === undefined || wakeAt <= after) continue;
    if (earliest === undefined || wakeAt < earliest) earliest = wakeAt;
  }
  return earliest;
}

function claim(db: MemoryDatabase, session: string, keys: readonly number[]): RunRow[] {
  sessionOf(db, session);
  const claimed: RunRow[] = [];
  for (const key of new Set(keys)) {
    const row = db.state.runs.get(key)?.row;
    if (row === undefined || !db.state.open.has(key) || !mayClaim(db, session, row)) continue;
    if (row.owner !== session) row.epoch += 1;
    row.owner = session;
    claimed.push(copyRow(db, row));
  }
  return claimed;
}

function remove(db: MemoryDatabase, { row }: RunRecord): void {
  db.state.runs.delete(row.key);
  const others = (db.state.generations.get(row.id) ?? []).filter((key) => key !== row.key);
  if (others.length === 0) db.state.generations.delete(row.id);
  else db.state.generations.set(row.id, others);
}

function removeClosed(db: MemoryDatabase, closedBefore: number, limit: number): number {
  const closed = [...db.state.runs.values()].filter(({ row }) => (row.closedAt ?? Infinity) < closedBefore);
  closed.sort((a, b) => (a.row.closedAt ?? 0) - (b.row.closedAt ?? 0) || a.row.key - b.row.key);
  const removed = closed.slice(0, limit);
  for (const run of removed) remove(db, run);
  return removed.length;
}

function reserveKeys(db: MemoryDatabase, count: number): number {
  const first = db.state.nextKey;
  db.state.nextKey += count;
  return first;
}

function copied(db: MemoryDatabase, run: RunRecord | undefined): RunRow | undefined {
  return run === undefined ? undefined : copyRow(db, run.row);
}

/** The runs of a database. `use` rejects when the store is closed. */
export function memoryRuns(use: () => MemoryDatabase): Runs {
  return {
    byId: async (id) => copied(use(), latestOf(use(), id)),
    byKey: async (key) => copied(use(), use().state.runs.get(key)),
    list: async (filter) => list(use(), filter),
    reserveKeys: async (count) => reserveKeys(use(), count),
    due: async (query) => due(use(), query),
    nextWake: async (after) => nextWake(use(), after),
    claim: async (session, keys) => claim(use(), session, keys),
    removeClosed: async (closedBefore, limit) => removeClosed(use(), closedBefore, limit),
  };
}
