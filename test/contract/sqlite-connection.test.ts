import { DatabaseSync, type StatementSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { Connection } from "../../src/stores/sqlite/connection.ts";
import type { Mark } from "../../src/stores/sqlite/mark.ts";

/** An error of SQLite with this result code (https://sqlite.org/rescode.html). */
function sqliteError(errcode: number): Error {
  return Object.assign(new Error("said by the test"), { code: "ERR_SQLITE_ERROR", errcode });
}

interface Faults {
  /** Called in place of the COMMIT statement. */
  readonly commit?: () => void;
  readonly mark?: (commits: number) => void;
}

/** A connection to a database with the table `things`, whose disk does what the test says. */
function connect(faults: Faults): { connection: Connection; things: () => unknown[]; marked: number[] } {
  const db = new DatabaseSync(":memory:");
  db.exec("CREATE TABLE meta (commits, next_key, next_message, next_session); CREATE TABLE things (name)");
  const prepare = (sql: string): StatementSync =>
    sql === "COMMIT" && faults.commit !== undefined
      ? ({ run: faults.commit } as unknown as StatementSync)
      : db.prepare(sql);
  const marked: number[] = [];
  const mark: Mark = { write: faults.mark ?? ((commits) => marked.push(commits)), close: () => undefined };
  const parts = {
    prepare,
    exec: (sql: string) => db.exec(sql),
    close: () => undefined,
    get isTransaction(): boolean {
      return db.isTransaction;
    },
  };
  const counters = { commits: 0, chunk: 0, nextKey: 1, nextMessage: 1, nextSession: 1 };
  const connection = new Connection({ db: parts, path: "x.db", mark, counters, now: () => 0 });
  return { connection, things: () => db.prepare("SELECT name FROM things").all(), marked };
}

function insert(connection: Connection): void {
  connection.write(() => {
    connection.counters.nextMessage += 1;
    connection.prepare("INSERT INTO things VALUES ('a')").run();
  });
}

const refused: unknown = expect.objectContaining({ code: "DRM-STORE-FAILED", subject: "x.db" });

describe("an I/O error", () => {
  // IOERR, IOERR_WRITE, IOERR_FSYNC, FULL, CORRUPT, NOTADB, CANTOPEN, PROTOCOL, READONLY, NOMEM, BUSY.
  test.each([10, 778, 1034, 13, 11, 26, 14, 15, 8, 7, 5])(
    "with code %i at a commit ends the store for good",
    (code) => {
      let commits = 0;
      const commit = (): void => {
        commits += 1;
        throw sqliteError(code);
      };
      const { connection, things, marked } = connect({ commit });
      expect(() => insert(connection)).toThrow(refused);
      expect(() => insert(connection)).toThrow(refused);
      expect(() => connection.read(() => 1)).toThrow(refused);
      expect(commits, "SQLite is not asked a second time").toBe(1);
      expect(things()).toEqual([]);
      expect(marked).toEqual([]);
      expect(connection.counters).toMatchObject({ commits: 0, nextMessage: 1 });
    },
  );

  test("while reading ends the store too", () => {
    const { connection } = connect({});
    const damaged = (): never => {
      throw sqliteError(11);
    };
    expect(() => connection.read(damaged)).toThrow(refused);
    expect(() => insert(connection)).toThrow(refused);
  });

  test("at the mark ends the store before the commit is acknowledged", () => {
    const mark = (): never => {
      throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
    };
    const { connection } = connect({ mark });
    const markRefused = expect.objectContaining({ code: "DRM-STORE-FAILED", subject: "x.db-mark" });
    expect(() => insert(connection)).toThrow(markRefused);
    expect(() => connection.read(() => 1)).toThrow(markRefused);
  });
});

describe("a refused statement", () => {
  test.each([
    [1555, "DRM-INTERNAL"],
    [18, "DRM-PAYLOAD-TOO-LARGE"],
  ])("with code %i takes the transaction back, and the store goes on", (code, expected) => {
    const { connection, things, marked } = connect({});
    const failing = (): never => {
      connection.prepare("INSERT INTO things VALUES ('lost')").run();
      throw sqliteError(code);
    };
    expect(() => connection.write(failing)).toThrow(expect.objectContaining({ code: expected }));
    expect(things()).toEqual([]);
    insert(connection);
    expect(things()).toHaveLength(1);
    expect(marked).toEqual([1]);
  });
});
