/**
 * What a database file says, read from a copy, so that looking at it does not do the recovery that the next worker is to do.
 * The copy is opened by our own store: its checks of the log, the mark and the checksums are part of the look.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Event } from "../../src/core/events.ts";
import type { StoredMessage } from "../../src/store/inbox.ts";
import type { RunRow } from "../../src/store/runs.ts";
import type { Store } from "../../src/store/store.ts";
import { openSqliteStore } from "../../src/stores/sqlite/open.ts";

/** One run, as far as the store knows. */
export interface RunRecord {
  readonly row: RunRow;
  /** The number of the holding session as it is in the file; no process holds anything now. */
  readonly holder: number | undefined;
  readonly events: readonly Event[];
  /** The numbers of the first events of its chunks, and how many each has. */
  readonly chunks: readonly { readonly seq: number; readonly count: number }[];
  readonly inbox: readonly StoredMessage[];
  readonly heartbeats: number;
}

/** A whole database. */
export interface Snapshot {
  /** SQLite's own check: `ok`. */
  readonly integrity: string;
  readonly runs: readonly RunRecord[];
  /** Rows of inbox, history and heartbeats that belong to no run. */
  readonly orphans: number;
}

const orphans = ["inbox", "history", "heartbeats"]
  .map((table) => `(SELECT count(*) FROM ${table} WHERE run NOT IN (SELECT key FROM runs))`)
  .join(" + ");

function value(db: DatabaseSync, sql: string, ...values: number[]): unknown {
  return Object.values(db.prepare(sql).get(...values) ?? {})[0];
}

async function record(store: Store, db: DatabaseSync, row: RunRow): Promise<RunRecord> {
  const found = await store.history.read(row.key, 1, Number.MAX_SAFE_INTEGER);
  const chunks = found.map(({ seq, events }) => ({ seq, events: JSON.parse(events) as Event[] }));
  const holder = value(db, "SELECT owner FROM runs WHERE key = ?", row.key);
  return {
    row,
    holder: typeof holder === "number" ? holder : undefined,
    events: chunks.flatMap(({ events }) => events),
    chunks: chunks.map(({ seq, events }) => ({ seq, count: events.length })),
    inbox: await store.inbox.read(row.key),
    heartbeats: (await store.history.heartbeats(row.key)).length,
  };
}

/** Reads the database at `path`, which nobody else may have open. @throws DarumaError what opening and reading throw */
export async function readDatabase(path: string): Promise<Snapshot> {
  const db = new DatabaseSync(path, { timeout: 0 });
  const store = await openSqliteStore(path, { database: () => db });
  try {
    const rows = (await store.runs.list({ limit: Number.MAX_SAFE_INTEGER })).toReversed();
    const runs: RunRecord[] = [];
    for (const row of rows) runs.push(await record(store, db, row));
    return {
      integrity: String(value(db, "PRAGMA integrity_check")),
      runs,
      orphans: Number(value(db, `SELECT ${orphans}`)),
    };
  } finally {
    await store.close();
  }
}

/** The files of a database. */
export const suffixes = ["", "-wal", "-journal", "-mark"] as const;

/** Reads a copy of the database at `path`. */
export async function readCopy(path: string): Promise<Snapshot> {
  const folder = mkdtempSync(join(tmpdir(), "daruma-copy-"));
  try {
    const copy = join(folder, "copy.db");
    for (const suffix of suffixes) if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
    return await readDatabase(copy);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
