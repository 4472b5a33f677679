import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { makeDurable } from "../../src/stores/sqlite/durability.ts";
import { openSqliteStore } from "../../src/stores/sqlite/open.ts";
import { birth } from "../../src/testing/store-contract-world.ts";
import { allLines, databasePath, firstLine, kill, startChild } from "./sqlite-files.ts";

/** Makes a database with one run and closes it. */
async function smallDatabase(path: string): Promise<void> {
  const store = await openSqliteStore(path);
  const session = await store.sessions.open("a worker", 60_000);
  const key = await store.runs.reserveKeys(1);
  await store.commit({ session, operation: "1", runs: [birth(key, "a")], messages: [] });
  await store.close();
}

function execute(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}

describe("D1: durability settings", () => {
  test("are in force on the connection", () => {
    const db = new DatabaseSync(databasePath());
    makeDurable(db, false);
    const read = (name: string): unknown => db.prepare(`PRAGMA ${name}`).get()?.[name];
    expect([read("journal_mode"), read("synchronous"), read("fullfsync")]).toEqual(["wal", 2, 1]);
    db.close();
  });

  test.each([
    ["journal_mode", "delete"],
    ["synchronous", 1],
    ["synchronous", 0],
    ["fullfsync", 0],
  ])("are refused when SQLite answers %s = %s", (name, answer) => {
    const db = new DatabaseSync(databasePath());
    const lying = {
      prepare: (sql: string) =>
        sql === `PRAGMA ${name}` ? db.prepare(`SELECT '${answer}' AS ${name}`) : db.prepare(sql),
    };
    expect(() => makeDurable(lying, false)).toThrow(
      expect.objectContaining({ code: "DRM-STORE-DURABILITY", subject: name, found: String(answer) }),
    );
    db.close();
  });

  test("need a SQLite that does not lose commits", async () => {
    for (const sqliteVersion of ["3.51.2", "3.50.9", "2.99.99", "3.51", "nonsense"]) {
      const path = databasePath();
      const refused = {
        code: "DRM-STORE-VERSION",
        expected: "SQLite 3.51.3 or later",
        found: `SQLite ${sqliteVersion}`,
      };
      await expect(openSqliteStore(path, { sqliteVersion })).rejects.toMatchObject(refused);
      expect(existsSync(path)).toBe(false);
    }
    for (const sqliteVersion of ["3.51.3", "3.51.10", "3.52.0", "4.0.0"]) {
      await (await openSqliteStore(":memory:", { sqliteVersion })).close();
    }
  });
});

describe("one process", () => {
  test("has the file alone: a second one is refused at once, and gets it when the first is killed", async () => {
    const path = databasePath();
    const holder = startChild("hold", path);
    expect(await firstLine(holder)).toBe("open");
    const refused = { code: "DRM-STORE-BUSY", subject: path };
    await expect(openSqliteStore(path)).rejects.toMatchObject(refused);
    await kill(holder);
    await (await openSqliteStore(path)).close();
  });

  test("cannot open it twice, and the refused attempt does not loosen the lock", async () => {
    const path = databasePath();
    const store = await openSqliteStore(path);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(openSqliteStore(path)).rejects.toMatchObject({ code: "DRM-STORE-BUSY" });
    }
    expect(await allLines(startChild("hold", path))).toEqual([{ refused: "DRM-STORE-BUSY" }]);
    await store.close();
    await (await openSqliteStore(path)).close();
  });

  test("finds the runs of former processes held by nobody", async () => {
    const path = databasePath();
    await smallDatabase(path);
    const store = await openSqliteStore(path);
    const session = await store.sessions.open("the next", 60_000);
    const row = await store.runs.byId("a");
    expect(row?.owner).toBeUndefined();
    expect(await store.runs.claim(session, [row?.key ?? 0])).toMatchObject([{ epoch: 2, owner: session }]);
    await store.close();
  });
});

describe("files", () => {
  test("belong to their user alone", async () => {
    const path = databasePath();
    const store = await openSqliteStore(path);
    await store.sessions.open("a worker", 1);
    const modes = ["", "-wal", "-mark"].map((suffix) => (statSync(path + suffix).mode & 0o777).toString(8));
    expect(modes).toEqual(["600", "600", "600"]);
    await store.close();
  });

  test("that are empty become databases", async () => {
    const path = databasePath();
    writeFileSync(path, "");
    await smallDatabase(path);
    const store = await openSqliteStore(path);
    expect(await store.runs.byId("a")).toBeDefined();
    await store.close();
  });

  test("that are no databases are refused and left alone", async () => {
    const path = databasePath();
    writeFileSync(path, "notes, ".repeat(1000));
    await expect(openSqliteStore(path)).rejects.toMatchObject({ code: "DRM-STORE-SCHEMA", subject: path });
    expect(readFileSync(path, "utf8")).toBe("notes, ".repeat(1000));
    expect(existsSync(`${path}-mark`)).toBe(false);
  });

  test("of other programs are refused and left alone", async () => {
    const [plain, named] = [databasePath(), databasePath()];
    execute(plain, "CREATE TABLE notes (text)");
    execute(named, "PRAGMA application_id = 7");
    for (const path of [plain, named]) {
      const before = readFileSync(path);
      await expect(openSqliteStore(path)).rejects.toMatchObject({ code: "DRM-STORE-SCHEMA", subject: path });
      expect(readFileSync(path).equals(before)).toBe(true);
    }
  });

  test("of a newer version are refused and left alone", async () => {
    const path = databasePath();
    await smallDatabase(path);
    execute(path, "PRAGMA user_version = 99");
    const refused = {
      code: "DRM-STORE-SCHEMA",
      found: "schema version 99",
      expected: "schema version 4 or lower",
    };
    await expect(openSqliteStore(path)).rejects.toMatchObject(refused);
    execute(path, "PRAGMA user_version = 4");
    await (await openSqliteStore(path)).close();
  });

  test("in a folder that does not exist are refused by the folder's name", async () => {
    const path = `${databasePath()}.d/daruma.db`;
    const refused = { code: "DRM-STORE-URL", expected: `a folder "${dirname(path)}"` };
    await expect(openSqliteStore(path)).rejects.toMatchObject(refused);
  });

  test("that are folders are refused", async () => {
    const path = databasePath();
    mkdirSync(path);
    await expect(openSqliteStore(path)).rejects.toMatchObject({ code: "DRM-STORE-FAILED", subject: path });
  });
});
