/**
 * SQLite in a file, by way of `node:sqlite`. WAL with `synchronous=FULL`: what has been committed is on the disk.
 * There is one connection, so statements queue behind a transaction that is under way.
 */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { TransientError } from "../errors.ts";
import type { Database, Sql, Value } from "./sql.ts";

/** Busy, locked, out of memory, disk full, input or output failed. */
const transient: ReadonlySet<number> = new Set([5, 6, 7, 10, 13]);

/** Opens the file, or creates it with its folder. `:memory:` forgets everything at the end. */
export function openSqlite(file: string): Database {
  if (file !== ":memory:") mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
  const connection = new DatabaseSync(file, { timeout: 10_000 });
  connection.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
  return queued(connection, statements(connection));
}

function statements(connection: DatabaseSync): Sql {
  return {
    all: async <Row>(text: string, values: readonly Value[] = []) =>
      told(() => connection.prepare(text).all(...values) as Row[]),
    run: async (text, values = []) => told(() => Number(connection.prepare(text).run(...values).changes)),
    script: async (text) => told(() => connection.exec(text)),
  };
}

/** One after the other: whoever comes during a transaction waits for its end. */
function queued(connection: DatabaseSync, sql: Sql): Database {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
  return {
    all: (text, values) => inTurn(() => sql.all(text, values)),
    run: (text, values) => inTurn(() => sql.run(text, values)),
    script: (text) => inTurn(() => sql.script(text)),
    transaction: (work) => inTurn(() => whole(sql, work)),
    close: () => inTurn(async () => connection.close()),
  };
}

async function whole<Result>(sql: Sql, work: (sql: Sql) => Promise<Result>): Promise<Result> {
  await sql.script("BEGIN IMMEDIATE");
  try {
    const result = await work(sql);
    await sql.script("COMMIT");
    return result;
  } catch (error) {
    await sql.script("ROLLBACK").catch(() => undefined); // SQLite may have rolled back already.
    throw error;
  }
}

function told<Result>(call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    const { errcode } = Object(error) as { errcode?: unknown };
    if (typeof errcode !== "number" || !transient.has(errcode % 256)) throw error;
    throw new TransientError(`The database is not available: ${(error as Error).message}`, { cause: error });
  }
}
