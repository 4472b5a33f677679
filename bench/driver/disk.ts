/*
 * What the disk allows: one row, one commit, one fsync, through SQLite and nothing else.
 * A durable engine that commits once per activity in sequence cannot be faster than this.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { median } from "./figures.ts";
import { BenchError } from "./subject.ts";

const SYNCHRONOUS_FULL = 2;

/**
 * Milliseconds (median) of a commit of one row in a SQLite file with WAL and `synchronous=FULL`.
 * The file is made in a new folder inside `folder` and deleted: give the folder where the subjects' databases are.
 * Throws a BenchError if the settings do not hold when they are read back.
 */
export function diskLimit(folder: string, commits: number = 1_000): number {
  const own = mkdtempSync(join(folder, "disk-"));
  try {
    const database = new DatabaseSync(join(own, "limit.db"));
    try {
      return median(commitTimes(database, commits));
    } finally {
      database.close();
    }
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

function commitTimes(database: DatabaseSync, commits: number): number[] {
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  requireDurable(database);
  database.exec("CREATE TABLE commits (id INTEGER PRIMARY KEY, at REAL NOT NULL)");
  const insert = database.prepare("INSERT INTO commits (at) VALUES (?)");
  return Array.from({ length: commits }, () => {
    const start = performance.now();
    insert.run(start);
    return performance.now() - start;
  });
}

function requireDurable(database: DatabaseSync): void {
  const { journal_mode: journal } = database.prepare("PRAGMA journal_mode").get() ?? {};
  const { synchronous } = database.prepare("PRAGMA synchronous").get() ?? {};
  if (journal === "wal" && synchronous === SYNCHRONOUS_FULL) return;
  const found = JSON.stringify({ journal, synchronous });
  throw new BenchError(
    `SQLite: expected journal_mode wal and synchronous ${SYNCHRONOUS_FULL}, found ${found}`,
  );
}
