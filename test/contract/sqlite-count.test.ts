// Each write of the store raises the count in the mark by at least one, whatever it was, so that a lost one is noticed: see src/stores/sqlite/mark.ts.
import { readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { openSqliteStore } from "../../src/stores/sqlite/open.ts";
import { birth, completed, message, step, waiting } from "../../src/testing/store-contract-world.ts";
import { copyDatabase, databasePath } from "./sqlite-files.ts";

function marked(path: string): number {
  return Number(readFileSync(`${path}-mark`, "latin1").trim().split(" ").at(-1));
}

test("every kind of write counts, and the file agrees with its mark when it is opened again", async () => {
  const path = databasePath();
  const counts: number[] = [];
  const opened = async (work: (store: Awaited<ReturnType<typeof openSqliteStore>>) => Promise<void>) => {
    const store = await openSqliteStore(path);
    counts.push(marked(path));
    await work(store);
    await store.close();
    const again = await openSqliteStore(copyDatabase(path));
    await again.close();
  };
  await opened(async (store) => {
    const session = await store.sessions.open("a worker", 60_000);
    const key = await store.runs.reserveKeys(2);
    let operation = 0;
    const commit = async (runs: ReturnType<typeof step>[], messages: ReturnType<typeof message>[] = []) => {
      await store.commit({ session, operation: `${++operation}`, runs, messages });
      counts.push(marked(path));
    };
    await commit([birth(key, "a"), birth(key + 1, "b")]);
    await commit([], [message({ id: "a" }, "m")]);
    const row = async () => {
      const found = await store.runs.byId("b");
      if (found === undefined) throw new Error("The run is not there.");
      return found;
    };
    const stale = step(await row());
    await commit([stale]);
    // Refused: nothing is appended, and the transaction counts all the same.
    await commit([stale]);
    await commit([step(await row(), { count: 0, events: "", state: { ...waiting, wakeAt: 5 } })]);
    await store.records.put("c", "k", { text: "1" });
    counts.push(marked(path));
    // The last chunk of all belongs to the run that is removed.
    await commit([step(await row(), { state: completed(5) })]);
    expect(await store.runs.removeClosed(6, 10)).toBe(1);
    counts.push(marked(path));
  });
  await opened(async (store) => {
    const session = await store.sessions.open("a worker", 60_000);
    const [row] = await store.runs.claim(session, [1]);
    counts.push(marked(path));
    if (row === undefined) throw new Error("The run is not there.");
    await store.commit({ session, operation: "1", runs: [step(row)], messages: [] });
    counts.push(marked(path));
    expect(await store.records.put("c", "k", { text: "2" })).toBe(marked(path));
  });
  // Two chunks in the first commit; opening is no write.
  expect(counts).toEqual([0, 2, 3, 4, 5, 6, 7, 8, 9, 9, 10, 11]);
});

test("a file of version 3 has the count that its mark says, no more and no less", async () => {
  const path = databasePath();
  const store = await openSqliteStore(path);
  const session = await store.sessions.open("a worker", 60_000);
  const key = await store.runs.reserveKeys(3);
  const runs = [birth(key, "a"), birth(key + 1, "b"), birth(key + 2, "c")];
  await store.commit({ session, operation: "1", runs, messages: [] });
  await store.close();
  // As version 3 counted: seven transactions, three chunks.
  const db = new DatabaseSync(path);
  db.exec("UPDATE meta SET commits = 7; PRAGMA user_version = 3");
  db.close();
  const head = readFileSync(`${path}-mark`, "latin1").split(" ").slice(0, 2).join(" ");
  const openMarked = async (mark: number) => {
    const copy = copyDatabase(path);
    writeFileSync(`${copy}-mark`, `${head} ${String(mark).padStart(20, "0")}\n`);
    const opened = await openSqliteStore(copy);
    await opened.close();
  };
  await openMarked(7);
  await expect(openMarked(8)).rejects.toMatchObject({ code: "DRM-STORE-LOST-COMMITS", found: "7 commits" });
});
