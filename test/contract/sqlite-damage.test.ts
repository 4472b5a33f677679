import { existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import type { Store } from "../../src/store/store.ts";
import { openSqliteStore } from "../../src/stores/sqlite/open.ts";
import { birth, completed, step, waiting } from "../../src/testing/store-contract-world.ts";
import {
  allLines,
  copyDatabase,
  crashedDatabase,
  databasePath,
  flipBit,
  startChild,
} from "./sqlite-files.ts";

async function idsIn(store: Store): Promise<string[]> {
  return (await store.runs.list({ limit: 1_000_000 })).map(({ id }) => id).toReversed();
}

async function read(path: string, options: { acceptLostCommits?: boolean } = {}): Promise<string[]> {
  const store = await openSqliteStore(path, options);
  const ids = await idsIn(store);
  await store.close();
  return ids;
}

describe("a crash", () => {
  test("loses nothing that was acknowledged", async () => {
    const path = databasePath();
    const acknowledged = await crashedDatabase(path);
    expect(acknowledged).toHaveLength(40);
    expect(await read(path)).toEqual(acknowledged);
    expect(await read(path)).toEqual(acknowledged);
  });

  test("followed by the loss of acknowledged commits is found out, wherever in the log the damage is", async () => {
    const path = databasePath();
    await crashedDatabase(path);
    const size = statSync(`${path}-wal`).size;
    for (const part of [0, 0.01, 0.3, 0.6, 0.999]) {
      const copy = copyDatabase(path);
      flipBit(`${copy}-wal`, Math.floor(size * part));
      await expect(openSqliteStore(copy)).rejects.toMatchObject({
        code: "DRM-STORE-LOST-COMMITS",
        expected: `40 commits, by the mark in "${copy}-mark"`,
        details: { marked: 40, commits: expect.any(Number) },
      });
    }
  });

  test("and a cut or deleted log is found out, the log is kept, and only a request opens what is left", async () => {
    const path = databasePath();
    const acknowledged = await crashedDatabase(path);
    truncateSync(`${path}-wal`, Math.floor(statSync(`${path}-wal`).size / 2));
    const log = readFileSync(`${path}-wal`);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(openSqliteStore(path)).rejects.toMatchObject({ code: "DRM-STORE-LOST-COMMITS" });
    }
    expect(readFileSync(`${path}-wal-damaged`).equals(log)).toBe(true);
    const left = await read(path, { acceptLostCommits: true });
    expect(left.length).toBeGreaterThan(0);
    expect(left).toEqual(acknowledged.slice(0, left.length));
    expect(await read(path)).toEqual(left);
  });

  test("leaves a mark that means nothing to another database of the same name, or when it cannot be read", async () => {
    const path = databasePath();
    const acknowledged = await crashedDatabase(path);
    for (const mark of [
      undefined,
      "",
      "\0".repeat(66),
      `daruma-mark ${"0".repeat(32)} ${"9".repeat(20)}\n`,
    ]) {
      const copy = copyDatabase(path);
      if (mark === undefined) rmSync(`${copy}-mark`);
      else writeFileSync(`${copy}-mark`, mark);
      expect(await read(copy)).toEqual(acknowledged);
      rmSync(`${copy}-wal`, { force: true });
      expect(await read(copy)).toEqual(acknowledged);
    }
  });

  test("a restored older copy is taken for lost commits, because that is what it is", async () => {
    const path = databasePath();
    await crashedDatabase(path);
    await read(path);
    const older = readFileSync(path);
    const store = await openSqliteStore(path);
    const session = await store.sessions.open("a worker", 1);
    const key = await store.runs.reserveKeys(1);
    await store.commit({ session, operation: "1", runs: [birth(key, "newer")], messages: [] });
    await store.close();
    writeFileSync(path, older);
    await expect(openSqliteStore(path)).rejects.toMatchObject({ details: { marked: 41, commits: 40 } });
  });
});

describe("a damaged chunk", () => {
  test("is refused by run and event, and other histories can be read", async () => {
    const path = databasePath();
    await crashedDatabase(path);
    await read(path);
    flipBit(path, "event of run 17:");
    const store = await openSqliteStore(path);
    const refused = { code: "DRM-CORRUPT-HISTORY", details: { key: 17, seq: 1 } };
    await expect(store.history.read(17, 1, 10)).rejects.toMatchObject(refused);
    await expect(store.history.last(17)).rejects.toMatchObject(refused);
    expect(await store.history.read(18, 1, 10)).toEqual([{ seq: 1, events: '["event of run 18: x"]' }]);
    await store.close();
  });

  test("is refused in another place than its own", async () => {
    const path = databasePath();
    await crashedDatabase(path);
    await read(path);
    const db = new DatabaseSync(path);
    db.exec(
      "UPDATE history SET run = 1000 WHERE run = 3; UPDATE history SET run = 3 WHERE run = 4; UPDATE history SET run = 4 WHERE run = 1000",
    );
    db.close();
    const store = await openSqliteStore(path);
    await expect(store.history.last(3)).rejects.toMatchObject({ details: { key: 3, seq: 1 } });
    await store.close();
  });
});

describe("a chunk that is gone", () => {
  test("is noticed by whoever reads beyond it, and nothing is made up", async () => {
    const path = databasePath();
    const store = await openSqliteStore(path);
    const session = await store.sessions.open("a worker", 60_000);
    const key = await store.runs.reserveKeys(1);
    await store.commit({ session, operation: "1", runs: [birth(key, "a")], messages: [] });
    for (let head = 1; head < 5; head++) {
      const row = await store.runs.byKey(key);
      if (row !== undefined)
        await store.commit({ session, operation: `${head + 1}`, runs: [step(row)], messages: [] });
    }
    await store.close();
    for (const [seq, from] of [
      [3, 2],
      [5, 5],
    ]) {
      const copy = copyDatabase(path);
      const db = new DatabaseSync(copy);
      db.exec(`DELETE FROM history WHERE seq = ${seq}`);
      db.close();
      // Without the last of all chunks a commit is missing.
      const damaged = await openSqliteStore(copy, { acceptLostCommits: true });
      const refused = { code: "DRM-CORRUPT-HISTORY", details: { key, seq: from } };
      await expect(damaged.history.read(key, from ?? 1, 10)).rejects.toMatchObject(refused);
      await damaged.close();
    }
  });
});

describe("a run that is removed", () => {
  test("takes its chunks along, and no others", async () => {
    const path = databasePath();
    const store = await openSqliteStore(path);
    const session = await store.sessions.open("a worker", 60_000);
    const key = await store.runs.reserveKeys(2);
    const runs = [birth(key, "a"), birth(key + 1, "b")];
    await store.commit({ session, operation: "1", runs, messages: [] });
    for (const [index, state] of [waiting, waiting, completed(5)].entries()) {
      const row = await store.runs.byKey(key);
      if (row !== undefined)
        await store.commit({
          session,
          operation: `${index + 2}`,
          runs: [step(row, { state })],
          messages: [],
        });
    }
    // A stale holder's write leaves nothing either.
    const row = await store.runs.byKey(key + 1);
    if (row !== undefined)
      await store.commit({ session, operation: "9", runs: [step({ ...row, epoch: 77 })], messages: [] });
    expect(await store.runs.removeClosed(9, 10)).toBe(1);
    await store.close();
    const db = new DatabaseSync(path);
    expect(db.prepare("SELECT run, seq FROM history").all()).toEqual([{ run: key + 1, seq: 1 }]);
    db.close();
  });
});

describe("an error of the disk", () => {
  test("ends the store: that operation and all later ones are refused, and what was acknowledged is kept", async () => {
    const path = databasePath();
    const lines = await allLines(startChild("fill", path, 512));
    const last = lines.pop();
    const failed = "DRM-STORE-FAILED";
    expect(last).toEqual({ failed, later: [failed, failed, failed] });
    expect(lines.length).toBeGreaterThan(10);
    const left = await read(path);
    expect(left.slice(0, lines.length)).toEqual(lines);
    expect(left.length - lines.length, "the last commit's answer was not known").toBeLessThanOrEqual(1);
  });

  test("while reading a damaged page ends the store too", async () => {
    const path = databasePath();
    await crashedDatabase(path);
    await read(path);
    const bytes = readFileSync(path);
    bytes.fill(0xff, 2 * 4096);
    writeFileSync(path, bytes);
    const failed = { code: "DRM-STORE-FAILED" };
    const opened = openSqliteStore(path);
    await expect(opened.then(idsIn)).rejects.toMatchObject(failed);
    expect(existsSync(path)).toBe(true);
  });
});

describe("a commit that fails in the middle", () => {
  test("leaves nothing behind, in the file or in memory, and the store goes on", async () => {
    const path = databasePath();
    let store = await openSqliteStore(path);
    const session = await store.sessions.open("a worker", 60_000);
    const key = await store.runs.reserveKeys(2);
    const mail = { to: { key }, operation: "m", body: "1" };
    const impossible = { ...birth(key + 1, "b"), state: { ...waiting, wakeAt: {} as number } };
    const request = {
      session,
      operation: "1",
      runs: [birth(key, "a", { workflow: "new" }), impossible],
      messages: [mail],
    };
    await expect(store.commit(request)).rejects.toThrow(TypeError);
    expect(await idsIn(store)).toEqual([]);
    const second = {
      ...request,
      runs: [birth(key, "a", { workflow: "new" }), birth(key + 1, "b", { workflow: "newer" })],
    };
    expect((await store.commit(second)).receipts).toEqual([{ status: "kept", key }]);
    const row = await store.runs.byId("a");
    expect(row).toMatchObject({ head: 1 });
    if (row !== undefined) await store.commit({ session, operation: "2", runs: [step(row)], messages: [] });
    expect(await store.history.last(key)).toEqual({ seq: 2, events: '["step"]' });
    await store.close();
    store = await openSqliteStore(path);
    expect((await store.runs.list({ limit: 9 })).map(({ workflow }) => workflow)).toEqual(["newer", "new"]);
    await store.close();
  });
});
