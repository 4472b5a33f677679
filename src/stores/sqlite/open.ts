/**
 * Opening a database file: what is checked, in which order, before the first run is touched.
 *
 * Invariants:
 * - the file is locked before it is looked at, and stays locked until it is closed or its process ends: a second process is refused at once;
 * - a file that is not ours is not changed;
 * - this module never opens the database file by itself while SQLite has it: closing such a handle would drop SQLite's locks (POSIX).
 */
import { closeSync, existsSync, openSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DarumaError } from "../../core/errors.ts";
import type { Store } from "../../store/store.ts";
import { Connection, type Counters, countOf } from "./connection.ts";
import { checkVersion, makeDurable, tune } from "./durability.ts";
import { openError } from "./failure.ts";
import { lastChunk } from "./history.ts";
import { type Mark, noMark, openMark } from "./mark.ts";
import { checkOwnership, migrate } from "./schema.ts";
import { sqliteStore } from "./store.ts";

/** How to open a database. */
export interface SqliteStoreOptions {
  /** The store's clock, epoch milliseconds; it decides leases. Default: the system's. */
  readonly now?: (() => number) | undefined;
  /** Open the database although acknowledged commits are missing from it (DRM-STORE-LOST-COMMITS). Default false. */
  readonly acceptLostCommits?: boolean | undefined;
  /** SQLite's version. Default: that of this Node. */
  readonly sqliteVersion?: string | undefined;
  /** SQLite itself: opens the file at a path. Default: `node:sqlite`. Whoever hands in another one sees, and may disturb, all that is asked of it. */
  readonly database?: ((path: string) => DatabaseSync) | undefined;
}

const inMemory = ":memory:";

function checkFolder(path: string): void {
  const folder = dirname(resolve(path));
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new DarumaError("DRM-STORE-URL", {
    message: `The database "${path}" cannot be opened: its folder does not exist.`,
    subject: path,
    expected: `a folder "${folder}"`,
    fix: `Make the folder, or name a file in another one.`,
  });
}

/** A new file belongs to its user alone; SQLite gives the files beside it the same mode. */
function create(path: string): void {
  checkFolder(path);
  if (existsSync(path)) return;
  try {
    closeSync(openSync(path, "ax", 0o600));
  } catch (error) {
    // Another process made it at the same instant; the lock decides who has it.
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}

/** Takes the lock for as long as the connection lives. A file that is new, or not ours, is not changed by it. */
function lock(db: DatabaseSync): void {
  db.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT");
}

function prepareDatabase(db: DatabaseSync, path: string): void {
  lock(db);
  checkOwnership(db, path);
  makeDurable(db, path === inMemory);
  migrate(db, path);
  tune(db);
}

interface Meta extends Counters {
  readonly identity: string;
}

function readMeta(db: DatabaseSync): Meta {
  const row = db.prepare("SELECT * FROM meta").get() ?? {};
  return {
    identity: String(row["identity"]),
    commits: Number(row["commits"]),
    chunk: lastChunk(db),
    nextKey: Number(row["next_key"]),
    nextMessage: Number(row["next_message"]),
    nextSession: Number(row["next_session"]),
  };
}

function markFor(path: string, meta: Meta, options: SqliteStoreOptions): Mark {
  if (path === inMemory) return noMark;
  const { identity } = meta;
  const commits = countOf(meta);
  return openMark({ path, identity, commits, acceptLostCommits: options.acceptLostCommits ?? false });
}

function openDatabase(path: string): DatabaseSync {
  return new DatabaseSync(path, { timeout: 0 });
}

function connect(path: string, options: SqliteStoreOptions): Connection {
  const db = (options.database ?? openDatabase)(path);
  try {
    prepareDatabase(db, path);
    const meta = readMeta(db);
    const { identity: _identity, ...counters } = meta;
    return new Connection({
      db,
      path,
      mark: markFor(path, meta, options),
      counters,
      now: options.now ?? (() => Date.now()),
    });
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Opens the database at `path`, makes it if there is none; `":memory:"` for one without a file.
 * @throws DarumaError DRM-STORE-BUSY, DRM-STORE-VERSION, DRM-STORE-SCHEMA, DRM-STORE-DURABILITY, DRM-STORE-LOST-COMMITS, DRM-STORE-URL
 * (no such folder), DRM-STORE-FAILED.
 */
export async function openSqliteStore(path: string, options: SqliteStoreOptions = {}): Promise<Store> {
  checkVersion(options.sqliteVersion ?? process.versions.sqlite ?? "0");
  try {
    if (path !== inMemory) create(path);
    return sqliteStore(connect(path, options));
  } catch (error) {
    throw openError(error, path);
  }
}
