/**
 * Which runs want a holder, and when the next one will.
 *
 * Runs with new messages come first, in the order of arrival, then those whose time has come, earliest first. Both are read from an index up to the
 * limit, so neither sleeping runs nor closed ones cost anything.
 */
import type { DueQuery, DueRuns } from "../../store/runs.ts";
import type { Connection } from "./connection.ts";
import type { References } from "./row.ts";

const newMessages = `
SELECT inbox.id AS message, inbox.run AS key, runs.owner AS owner
FROM inbox JOIN runs ON runs.key = inbox.run WHERE inbox.id > ? ORDER BY inbox.id`;

function wakes(parked: boolean): string {
  return `
SELECT key, wake_at AS wakeAt, owner FROM runs INDEXED BY ${parked ? "runs_parked" : "runs_to_wake"}
WHERE wake_at IS NOT NULL AND paused = 0 AND parked IS ${parked ? "NOT NULL" : "NULL"}
AND wake_at <= ? AND workflow IN (SELECT value FROM json_each(?)) ORDER BY wake_at, key`;
}

const toWake = wakes(false);
const parkedToWake = wakes(true);

const next = `
SELECT min(wake_at) AS wakeAt FROM runs INDEXED BY runs_to_wake
WHERE wake_at IS NOT NULL AND paused = 0 AND parked IS NULL AND wake_at > ?`;

interface Candidate {
  readonly key: number;
  readonly owner: number | null;
}

interface MessageCandidate extends Candidate {
  readonly message: number;
}

interface WakeCandidate extends Candidate {
  readonly wakeAt: number;
}

/** What one query needs at hand. */
interface Search {
  readonly connection: Connection;
  readonly references: References;
  readonly query: DueQuery;
}

function dueByMessage({ connection, references, query }: Search): { keys: Set<number>; lastMessage: number } {
  const keys = new Set<number>();
  let lastMessage = query.afterMessage;
  if (query.limit <= 0) return { keys, lastMessage };
  for (const found of connection.prepare(newMessages).iterate(query.afterMessage)) {
    const { message, key, owner } = found as unknown as MessageCandidate;
    lastMessage = message;
    if (references.sessions.mayClaim(query.session, owner)) keys.add(key);
    if (keys.size >= query.limit) break;
  }
  return { keys, lastMessage };
}

function dueByTime(search: Search, sql: string, limit: number): WakeCandidate[] {
  const { connection, references, query } = search;
  const numbers = query.workflows.map((name) => references.workflows.find(name) ?? 0);
  const found: WakeCandidate[] = [];
  if (limit <= 0) return found;
  for (const row of connection.prepare(sql).iterate(query.now, JSON.stringify(numbers))) {
    const candidate = row as unknown as WakeCandidate;
    if (references.sessions.mayClaim(query.session, candidate.owner)) found.push(candidate);
    if (found.length >= limit) break;
  }
  return found;
}

/** Runs that `query.session` may claim and that have something to do. */
export function dueRuns(search: Search): DueRuns {
  const { query } = search;
  const { keys, lastMessage } = dueByMessage(search);
  const room = query.limit - keys.size;
  // A run may be among both kinds, so as many more are read as there are already.
  const timed = dueByTime(search, toWake, room === 0 ? 0 : query.limit);
  if (query.parked) {
    timed.push(...dueByTime(search, parkedToWake, room === 0 ? 0 : query.limit));
    timed.sort((a, b) => a.wakeAt - b.wakeAt || a.key - b.key);
  }
  for (const { key } of timed) {
    if (keys.size >= query.limit) break;
    keys.add(key);
  }
  return { keys: [...keys], lastMessage };
}

/** The earliest time above `after` at which a run is to be woken. */
export function nextWake(connection: Connection, after: number): number | undefined {
  const found = connection.prepare(next).get(after)?.["wakeAt"];
  return typeof found === "number" ? found : undefined;
}
