/**
 * The tables, and how a file of an older version becomes one of this version.
 *
 * Why they look like this (figures in docs/adr/0001-storage-and-where-it-runs.md):
 * - chunks of history are rows in the order of their commit, and each names the one before it of its run: a group of a hundred runs then writes a few pages, not a
 *   hundred, and no index that all of them would have to find their place in;
 * - an index costs every run a little at its birth and its end, so there is one only for what must be fast at any size;
 * - sessions are not kept: they end with the process that has the file.
 */
import type { DatabaseSync } from "node:sqlite";
import { DarumaError } from "../../core/errors.ts";
import type { RunStatus } from "../../core/status.ts";

/** "Daru", in the field of the file's header that says whose file it is. */
const applicationId = 0x44617275;

/** How statuses are kept. A number is never given another meaning, because files hold it. */
export const statusCodes: Readonly<Record<RunStatus, number>> = {
  running: 0,
  completed: 1,
  failed: 2,
  canceled: 3,
  timed_out: 4,
  terminated: 5,
  continued_as_new: 6,
};

const names = new Map(Object.entries(statusCodes).map(([name, code]) => [code, name as RunStatus]));

/** The status that a number stands for. */
export function statusOf(code: number): RunStatus {
  const name = names.get(code);
  if (name !== undefined) return name;
  throw new DarumaError("DRM-STORE-SCHEMA", {
    message: "A run in the database has a status that this version does not know.",
    found: String(code),
  });
}

const version1 = `
CREATE TABLE meta (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  identity TEXT NOT NULL,        -- of this file, so that a mark of another one is not taken for its own
  commits INTEGER NOT NULL,      -- from version 4 on with the number of the last chunk: how many transactions have written; see mark.ts
  next_key INTEGER NOT NULL,
  next_message INTEGER NOT NULL,
  next_session INTEGER NOT NULL
) STRICT;
INSERT INTO meta VALUES (1, lower(hex(randomblob(16))), 0, 1, 1, 1);

CREATE TABLE workflows (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE runs (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  generation INTEGER NOT NULL,
  workflow INTEGER NOT NULL,     -- workflows.number
  status INTEGER NOT NULL,
  paused INTEGER NOT NULL,
  parked TEXT,
  created_at INTEGER NOT NULL,
  closed_at INTEGER,
  wake_at INTEGER,
  head INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  owner INTEGER,                 -- a session's number; none that is unknown to this process holds anything
  operation TEXT NOT NULL,
  parent_key INTEGER,
  UNIQUE (id, generation)
) STRICT;
CREATE INDEX runs_to_wake ON runs (wake_at, workflow) WHERE wake_at IS NOT NULL AND paused = 0 AND parked IS NULL;
CREATE INDEX runs_parked ON runs (wake_at, workflow) WHERE wake_at IS NOT NULL AND paused = 0 AND parked IS NOT NULL;
CREATE INDEX runs_not_completed ON runs (status) WHERE status <> 1;
CREATE INDEX runs_closed ON runs (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX runs_of_parent ON runs (parent_key) WHERE parent_key IS NOT NULL;

CREATE TABLE history (
  number INTEGER PRIMARY KEY,
  run INTEGER NOT NULL,
  seq INTEGER NOT NULL,          -- of the first event
  events TEXT NOT NULL,
  checksum INTEGER NOT NULL      -- see history.ts
) STRICT;
CREATE UNIQUE INDEX history_of_run ON history (run, seq);

CREATE TABLE inbox (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL,
  operation TEXT NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (run, operation)
) STRICT;

CREATE TABLE heartbeats (
  run INTEGER NOT NULL,
  ref INTEGER NOT NULL,
  details TEXT NOT NULL,
  PRIMARY KEY (run, ref)
) STRICT, WITHOUT ROWID;
`;

/** Small documents beside the runs; see records.ts. */
const version2 = `
CREATE TABLE records (
  collection TEXT NOT NULL,
  key TEXT NOT NULL,
  text TEXT NOT NULL,
  version INTEGER NOT NULL,      -- the number of the transaction that wrote it
  PRIMARY KEY (collection, key)
) STRICT;                        -- with row ids, because texts can be long
`;

/**
 * Chunks are found from the last one backwards; see history.ts. A chunk is a milestone if a multiple of 128 lies among the numbers of its events (a number that files
 * hold: what an older version wrote must be found by a newer one).
 */
const version3 = `
ALTER TABLE runs ADD COLUMN tail INTEGER;         -- history.number of the last chunk
ALTER TABLE history ADD COLUMN before INTEGER;    -- the number of the chunk before it, of the same run
ALTER TABLE history ADD COLUMN milestone INTEGER NOT NULL DEFAULT 0;
UPDATE runs SET tail = (SELECT number FROM history WHERE run = runs.key ORDER BY seq DESC LIMIT 1);
UPDATE history SET
  before = (SELECT number FROM history AS other WHERE other.run = history.run AND other.seq < history.seq ORDER BY other.seq DESC LIMIT 1),
  milestone = (seq - 1) / 128 < (ifnull(
    (SELECT min(seq) FROM history AS other WHERE other.run = history.run AND other.seq > history.seq),
    ifnull((SELECT head + 1 FROM runs WHERE key = history.run), seq)) - 1) / 128;
DROP INDEX history_of_run;
CREATE INDEX history_milestones ON history (run, seq) WHERE milestone = 1;
`;

/** A transaction that appends is counted by the number of its last chunk. The sum is what the count was, so that the mark still says what it said. */
const version4 = `
UPDATE meta SET commits = commits - (SELECT ifnull(max(number), 0) FROM history);
`;

/** Migration n makes version n + 1 of version n. */
const migrations: readonly string[] = [version1, version2, version3, version4];

function pragma(db: DatabaseSync, name: string): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function isEmpty(db: DatabaseSync): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() === undefined;
}

/** Refuses files that are not ours. Nothing has been written to the file when it does. */
export function checkOwnership(db: DatabaseSync, path: string): void {
  const found = pragma(db, "application_id");
  if (found === applicationId || (found === 0 && isEmpty(db))) return;
  throw new DarumaError("DRM-STORE-SCHEMA", {
    message: `"${path}" is a SQLite database, but not one of Daruma.`,
    subject: path,
    expected: `application_id ${applicationId}, or an empty file`,
    found: `application_id ${found}`,
    fix: "Name another file. This one was not changed.",
  });
}

/** Brings the file to this version. @throws DarumaError DRM-STORE-SCHEMA: it was written by a newer one. */
export function migrate(db: DatabaseSync, path: string): void {
  const version = pragma(db, "user_version");
  if (version > migrations.length) {
    throw new DarumaError("DRM-STORE-SCHEMA", {
      message: `"${path}" was written by a newer version of Daruma.`,
      subject: path,
      expected: `schema version ${migrations.length} or lower`,
      found: `schema version ${version}`,
      fix: "Use the version of Daruma that wrote it, or a newer one.",
    });
  }
  if (version === migrations.length) return;
  db.exec("BEGIN IMMEDIATE");
  for (const sql of migrations.slice(version)) db.exec(sql);
  db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}; COMMIT`);
  // Out of the log, so that no damage to the log can make the file look like one that was never used.
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
}
