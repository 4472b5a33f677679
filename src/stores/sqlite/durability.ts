/**
 * What must be true of SQLite itself before anything is trusted to it (D1). Settings are read back, because SQLite answers some that it cannot
 * follow with another value and no error.
 */
import type { DatabaseSync } from "node:sqlite";
import { DarumaError } from "../../core/errors.ts";

/** Older versions can lose commits when the log is written while it is being moved into the database. */
const oldestVersion = [3, 51, 3] as const;

/**
 * Pages of log (4 KiB each) after which they are moved into the database. A longer log saves few bytes, and costs more: a sync of a file that grows takes
 * twice as long as one of a file that is written over, and the log grows until the first time that it is moved.
 */
const checkpointPages = 1000;

/** The log is cut back to this size if one transaction made it longer. */
const logBytes = 64 * 1024 * 1024;

const cacheKiB = 16 * 1024;

/** @throws DarumaError DRM-STORE-VERSION: this SQLite is too old to be safe. */
export function checkVersion(found: string): void {
  const parts = found.split(".").map(Number);
  for (const [index, least] of oldestVersion.entries()) {
    const part = parts[index] ?? 0;
    if (part > least) return;
    if (part < least) {
      throw new DarumaError("DRM-STORE-VERSION", {
        message: "This Node carries a version of SQLite that can lose commits.",
        expected: `SQLite ${oldestVersion.join(".")} or later`,
        found: `SQLite ${found}`,
      });
    }
  }
}

function checkSetting(name: string, expected: string | number, found: unknown): void {
  if (found === expected) return;
  throw new DarumaError("DRM-STORE-DURABILITY", {
    message: `SQLite does not follow the setting "${name}", so it does not promise to keep what it commits.`,
    subject: name,
    expected: String(expected),
    found: String(found),
  });
}

/** As much of a database as settings need. */
type Settings = Pick<DatabaseSync, "prepare">;

function set(db: Settings, name: string, value: string | number): unknown {
  db.prepare(`PRAGMA ${name} = ${value}`).all();
  return db.prepare(`PRAGMA ${name}`).get()?.[name];
}

/** Makes every commit durable before it returns. @throws DarumaError DRM-STORE-DURABILITY: SQLite did not take a setting. */
export function makeDurable(db: Settings, inMemory: boolean): void {
  checkSetting("journal_mode", inMemory ? "memory" : "wal", set(db, "journal_mode", "wal"));
  checkSetting("synchronous", 2, set(db, "synchronous", "FULL"));
  // On macOS a plain fsync leaves data in the drive's cache. Elsewhere this changes nothing.
  checkSetting("fullfsync", 1, set(db, "fullfsync", 1));
  checkSetting("checkpoint_fullfsync", 1, set(db, "checkpoint_fullfsync", 1));
}

/** Settings that change the speed only. */
export function tune(db: Settings): void {
  set(db, "wal_autocheckpoint", checkpointPages);
  set(db, "journal_size_limit", logBytes);
  set(db, "cache_size", -cacheKiB);
  set(db, "temp_store", "MEMORY");
}
