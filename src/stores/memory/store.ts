/**
 * The store that keeps everything in memory: for tests, simulation and runs that need not outlive their process.
 *
 * Several stores on one {@link MemoryDatabase} are to each other what processes on one server are: they share the data, and a message that one
 * commits wakes the listeners of the others.
 */
import { DarumaError } from "../../core/errors.ts";
import type { Store } from "../../store/store.ts";
import { applyCommit } from "./commit.ts";
import { MemoryDatabase, type Wake } from "./database.ts";
import { memoryHistories } from "./history.ts";
import { memoryInbox } from "./inbox.ts";
import { memoryRecords } from "./records.ts";
import { memoryRuns } from "./runs.ts";
import { memorySessions } from "./sessions.ts";

/** A store in memory, with the database behind it. */
export interface MemoryStore extends Store {
  readonly database: MemoryDatabase;
}

/** Tells the listeners of all other stores, each in a microtask of its own: no listener runs inside somebody's commit. */
function announce(db: MemoryDatabase, sender: object, keys: readonly number[]): void {
  if (keys.length === 0) return;
  for (const [wake, owner] of db.listeners) {
    if (owner === sender) continue;
    queueMicrotask(() => {
      if (db.listeners.has(wake)) wake(keys);
    });
  }
}

/** Calls that reject after closing. */
function guard(database: MemoryDatabase): { use: () => MemoryDatabase; close: () => void } {
  let closed = false;
  const use = (): MemoryDatabase => {
    if (!closed) return database;
    throw new DarumaError("DRM-CLOSED", { message: "The store is closed." });
  };
  return { use, close: () => (closed = true) };
}

/** Opens one more store on a database. Closing it leaves the database as it is. */
export function openMemoryStore(database: MemoryDatabase): MemoryStore {
  const { use, close } = guard(database);
  const self = {};
  database.opened += 1;
  return {
    database,
    runs: memoryRuns(use),
    history: memoryHistories(use),
    inbox: memoryInbox(use),
    sessions: memorySessions(use),
    records: memoryRecords(use),
    commit: async (request) => {
      const result = applyCommit(use(), request);
      announce(database, self, result.notified);
      return result;
    },
    listen: (wake) => {
      const own: Wake = (keys) => wake(keys);
      use().listeners.set(own, self);
      return () => void database.listeners.delete(own);
    },
    isShared: () => database.opened > 1,
    close: async () => {
      close();
      for (const [wake, owner] of database.listeners) if (owner === self) database.listeners.delete(wake);
    },
  };
}

/** A store on a new database. `now` is the store's clock: epoch milliseconds; it decides leases. */
export function createMemoryStore(options: { readonly now: () => number }): MemoryStore {
  return openMemoryStore(new MemoryDatabase(options));
}
