/** What a worker is told, and two ways of promising too much: stores that a test must find out, or it could not fail. */
import type { Death } from "./fate.ts";

export interface WorkerOrders {
  readonly database: string;
  readonly ledger: string;
  /** Of the orders that customers place. */
  readonly seed: string;
  readonly death?: Death;
  /** New orders are placed until there have been so many, over all lives. */
  readonly total: number;
  /** Orders that the client works on at once. */
  readonly width: number;
  /** How many idle runs stay in memory. */
  readonly cacheSize: number;
  /** Close after so many milliseconds, even if not all is done. */
  readonly closeAfterMs?: number;
  /** SQL that is run once the database is open. */
  readonly prologue?: string;
  /** Statements that SQLite gets instead of others, behind the store's back. */
  readonly instead?: Readonly<Record<string, string>>;
}

/** The log is moved into the database after so many pages, instead of the usual number. */
export function checkpointAfter(pages: number): string {
  return `PRAGMA wal_autocheckpoint = ${pages}`;
}

/** Commits that are not synced. A killed process loses nothing by it; a power cut finds it out. */
export const notSynced: Pick<WorkerOrders, "instead"> = {
  instead: {
    "PRAGMA synchronous = FULL": "PRAGMA synchronous = NORMAL",
    "PRAGMA synchronous": "SELECT 2 AS synchronous",
  },
};

/** Commits that are acknowledged and not made: a killed process loses all of them. */
export const notCommitted: Pick<WorkerOrders, "instead" | "prologue"> = {
  prologue: "BEGIN",
  instead: { "BEGIN IMMEDIATE": "SAVEPOINT one", COMMIT: "RELEASE one" },
};
