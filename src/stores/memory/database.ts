/**
 * What a memory database keeps, and the rules that several of its parts share.
 *
 * Invariants:
 * - several stores may be open on one database, as several processes would be on a server; nothing of it belongs to one of them but its listeners;
 * - every text is kept as a real store would keep it: as UTF-8, so a lone surrogate becomes U+FFFD;
 * - nothing that was handed in or given out is shared with a caller, save texts, which cannot change.
 */
import { DarumaError } from "../../core/errors.ts";
import type { HistoryChunk } from "../../store/history.ts";
import type { StoredMessage } from "../../store/inbox.ts";
import type { StoredRecord } from "../../store/records.ts";
import type { RunRow } from "../../store/runs.ts";
import type { CommitResult } from "../../store/commit.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A run with all that it holds. */
export interface RunRecord {
  readonly row: Writable<RunRow>;
  readonly chunks: HistoryChunk[];
  /** Waiting messages by operation, oldest first. */
  readonly inbox: Map<string, StoredMessage>;
  readonly heartbeats: Map<number, string>;
}

/** A session; `until` is when its lease ends. */
export interface SessionRecord {
  readonly label: string;
  until: number;
  /** The last commit and what it answered. */
  operation: string | undefined;
  answer: CommitResult | undefined;
}

/** All that is durable. Plain data: it can be cloned. */
export interface MemoryState {
  readonly runs: Map<number, RunRecord>;
  /** Keys of runs that are not closed. */
  readonly open: Set<number>;
  /** For each id the keys of its generations, oldest first. */
  readonly generations: Map<string, number[]>;
  /** All waiting messages by number, oldest first. */
  readonly messages: Map<number, StoredMessage>;
  readonly sessions: Map<string, SessionRecord>;
  /** For each collection its records by key. */
  readonly records: Map<string, Map<string, StoredRecord>>;
  nextKey: number;
  nextMessage: number;
  nextSession: number;
  /** The version that the next record gets. */
  nextVersion: number;
}

/** A copy of everything durable, as a disk would show it after a crash. */
export interface MemorySnapshot {
  readonly state: MemoryState;
}

/** Called with keys of runs that got a message. */
export type Wake = (keys: readonly number[]) => void;

function emptyState(): MemoryState {
  return {
    runs: new Map(),
    open: new Set(),
    generations: new Map(),
    messages: new Map(),
    sessions: new Map(),
    records: new Map(),
    nextKey: 1,
    nextMessage: 1,
    nextSession: 1,
    nextVersion: 1,
  };
}

/** The data behind one or more memory stores. `now` is the database's own clock (epoch milliseconds); it decides leases. */
export class MemoryDatabase {
  readonly now: () => number;
  state: MemoryState = emptyState();
  /** Listeners, each with the store that they belong to. */
  readonly listeners: Map<Wake, object> = new Map();
  /** How many stores have been opened on it. */
  opened = 0;

  constructor(options: { readonly now: () => number }) {
    this.now = options.now;
  }

  /** What is durable at this moment. */
  snapshot(): MemorySnapshot {
    return { state: structuredClone(this.state) };
  }

  /** Puts everything durable back to what it was; stores that are open on the database stay open. */
  restore(snapshot: MemorySnapshot): void {
    this.state = structuredClone(snapshot.state);
  }
}

/** The session's record. @throws DarumaError DRM-FENCED: it was closed or never existed, so it holds nothing. */
export function sessionOf(db: MemoryDatabase, session: string): SessionRecord {
  const found = db.state.sessions.get(session);
  if (found !== undefined) return found;
  throw new DarumaError("DRM-FENCED", {
    message: `The session "${session}" is not known to the store: it was closed or removed.`,
    subject: session,
    fix: "Open a new session and claim the runs again.",
  });
}

/** True if `session` may become, or is, the holder of this open run. */
export function mayClaim(db: MemoryDatabase, session: string, row: RunRow): boolean {
  if (row.owner === undefined || row.owner === session) return true;
  const holder = db.state.sessions.get(row.owner);
  return holder === undefined || holder.until <= db.now();
}

/** The row as callers see it. A session that is gone holds nothing. */
export function copyRow(db: MemoryDatabase, row: RunRow): RunRow {
  const owner = row.owner !== undefined && db.state.sessions.has(row.owner) ? row.owner : undefined;
  return { ...row, owner };
}

/** The latest generation of an id. */
export function latestOf(db: MemoryDatabase, id: string): RunRecord | undefined {
  const key = db.state.generations.get(id.toWellFormed())?.at(-1);
  return key === undefined ? undefined : db.state.runs.get(key);
}
