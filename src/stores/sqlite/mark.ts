/**
 * The mark: a count that every commit raises (by the chunks of history that it appends, by one if it appends none), kept outside the database.
 *
 * SQLite takes the first damaged page of its log for the log's end: one flipped bit silently drops all acknowledged commits after it. So each
 * transaction counts itself in the database, and the count is written to a file of its own after it, before anybody is told. A database whose
 * count is below its mark has lost commits.
 *
 * - The mark is never above what was committed: it is written after the commit.
 * - It is not synced: after a power cut it may be old, and then says less than it could, never something wrong.
 * - It names the database by its identity: a mark that was left behind by another file of the same name means nothing.
 */
import {
  closeSync,
  constants,
  copyFileSync,
  statSync,
  fsyncSync,
  openSync,
  readFileSync,
  writeSync,
} from "node:fs";
import { DarumaError } from "../../core/errors.ts";

const digits = 20;
const pattern = /^daruma-mark ([0-9a-f]{32}) (\d{20})\n/;

/** An open mark. */
export interface Mark {
  /** Says that this many transactions are durable. */
  write(commits: number): void;
  close(): void;
}

/** For databases that have no file. */
export const noMark: Mark = { write: () => undefined, close: () => undefined };

function readMark(fd: number, identity: string): number | undefined {
  const found = pattern.exec(readFileSync(fd, "latin1"));
  return found?.[1] === identity ? Number(found[2]) : undefined;
}

/** SQLite deletes its log when it closes the database. A damaged one may still hold what is missing, for somebody who can read it. */
function keepLog(path: string): string {
  const log = `${path}-wal`;
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) === 0) return "";
  copyFileSync(log, `${log}-damaged`);
  return ` Its log was copied to "${log}-damaged".`;
}

function refuse(path: string, commits: number, marked: number): never {
  throw new DarumaError("DRM-STORE-LOST-COMMITS", {
    message: `The database "${path}" has lost commits that were acknowledged.${keepLog(path)}`,
    subject: path,
    expected: `${marked} commits, by the mark in "${path}-mark"`,
    found: `${commits} commits`,
    fix: "Keep a copy of all its files and restore a backup. To go on with what is left, open it with `acceptLostCommits: true`.",
    details: { marked, commits },
  });
}

/** What {@link openMark} compares. */
export interface MarkedDatabase {
  readonly path: string;
  readonly identity: string;
  readonly commits: number;
  /** Go on although commits were lost. */
  readonly acceptLostCommits: boolean;
}

function prepare(fd: number, database: MarkedDatabase): Mark {
  const head = `daruma-mark ${database.identity} `;
  const line = Buffer.from(`${"0".repeat(digits)}\n`);
  const write = (commits: number): void => {
    line.write(String(commits).padStart(digits, "0"), "latin1");
    writeSync(fd, line, 0, line.length, head.length);
  };
  writeSync(fd, head, 0);
  write(database.commits);
  return {
    write,
    close: () => {
      try {
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
    },
  };
}

/** Opens the mark beside a database, makes it if there is none. @throws DarumaError DRM-STORE-LOST-COMMITS. */
export function openMark(database: MarkedDatabase): Mark {
  const fd = openSync(`${database.path}-mark`, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    const marked = readMark(fd, database.identity) ?? 0;
    if (marked > database.commits && !database.acceptLostCommits)
      refuse(database.path, database.commits, marked);
    return prepare(fd, database);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
