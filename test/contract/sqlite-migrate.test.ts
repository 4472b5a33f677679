// Files that were written by older versions, made by hand as those versions made them.
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { checksumOf } from "../../src/stores/sqlite/history.ts";
import { openSqliteStore } from "../../src/stores/sqlite/open.ts";
import { step } from "../../src/testing/store-contract-world.ts";
import { databasePath } from "./sqlite-files.ts";

const version1 = `
CREATE TABLE meta (one INTEGER PRIMARY KEY CHECK (one = 1), identity TEXT NOT NULL, commits INTEGER NOT NULL,
  next_key INTEGER NOT NULL, next_message INTEGER NOT NULL, next_session INTEGER NOT NULL) STRICT;
INSERT INTO meta VALUES (1, '0123456789abcdef0123456789abcdef', 7, 5, 1, 3);
CREATE TABLE workflows (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
INSERT INTO workflows VALUES (1, 'orders');
CREATE TABLE runs (key INTEGER PRIMARY KEY, id TEXT NOT NULL, generation INTEGER NOT NULL, workflow INTEGER NOT NULL,
  status INTEGER NOT NULL, paused INTEGER NOT NULL, parked TEXT, created_at INTEGER NOT NULL, closed_at INTEGER, wake_at INTEGER,
  head INTEGER NOT NULL, epoch INTEGER NOT NULL, owner INTEGER, operation TEXT NOT NULL, parent_key INTEGER, UNIQUE (id, generation)) STRICT;
CREATE INDEX runs_to_wake ON runs (wake_at, workflow) WHERE wake_at IS NOT NULL AND paused = 0 AND parked IS NULL;
CREATE INDEX runs_parked ON runs (wake_at, workflow) WHERE wake_at IS NOT NULL AND paused = 0 AND parked IS NOT NULL;
CREATE INDEX runs_not_completed ON runs (status) WHERE status <> 1;
CREATE INDEX runs_closed ON runs (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX runs_of_parent ON runs (parent_key) WHERE parent_key IS NOT NULL;
INSERT INTO runs VALUES (4, 'a', 1, 1, 0, 0, NULL, 1000, NULL, NULL, 1, 1, 2, 'start a', NULL);
CREATE TABLE history (number INTEGER PRIMARY KEY, run INTEGER NOT NULL, seq INTEGER NOT NULL, events TEXT NOT NULL, checksum INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX history_of_run ON history (run, seq);
INSERT INTO history VALUES (1, 4, 1, '["born"]', ${checksumOf(4, 1, '["born"]')});
CREATE TABLE inbox (id INTEGER PRIMARY KEY, run INTEGER NOT NULL, operation TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (run, operation)) STRICT;
CREATE TABLE heartbeats (run INTEGER NOT NULL, ref INTEGER NOT NULL, details TEXT NOT NULL, PRIMARY KEY (run, ref)) STRICT, WITHOUT ROWID;
PRAGMA application_id = 1147236981;
PRAGMA user_version = 1;
`;

test("a file of version 1 keeps its runs and takes records", async () => {
  const path = databasePath();
  const db = new DatabaseSync(path);
  db.exec(version1);
  db.close();
  for (const round of [1, 2]) {
    const store = await openSqliteStore(path);
    expect(await store.runs.byId("a")).toMatchObject({ key: 4, workflow: "orders", head: 1, epoch: 1 });
    expect(await store.history.read(4, 1, 9)).toEqual([{ seq: 1, events: '["born"]' }]);
    expect(await store.runs.reserveKeys(1)).toBeGreaterThanOrEqual(5);
    expect(await store.records.list("c", { limit: 9 })).toHaveLength(round - 1);
    expect(await store.records.put("c", `key ${round}`, { text: "1" })).toBeGreaterThan(7);
    await store.close();
  }
});

const version2 = `
CREATE TABLE records (collection TEXT NOT NULL, key TEXT NOT NULL, text TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (collection, key)) STRICT;
PRAGMA user_version = 2;
`;

/** Chunks of run 4 as version 2 kept them, with those of a run beside it, after the first event that is there. */
function oldHistory(sizes: readonly number[]): { sql: string; chunks: { seq: number; events: string }[] } {
  const chunks = [{ seq: 1, events: '["born"]' }];
  const rows: string[] = [];
  let head = 1;
  for (const size of sizes) {
    const events = JSON.stringify(Array.from({ length: size }, () => size));
    for (const run of [4, 3])
      rows.push(
        `INSERT INTO history (run, seq, events, checksum) VALUES (${run}, ${head + 1}, '${events}', ${checksumOf(run, head + 1, events)})`,
      );
    chunks.push({ seq: head + 1, events });
    head += size;
  }
  return { sql: `${rows.join(";")}; UPDATE runs SET head = ${head}`, chunks };
}

test("a file of version 2 keeps its histories, and they go on", async () => {
  const path = databasePath();
  const db = new DatabaseSync(path);
  const { sql, chunks } = oldHistory(Array.from({ length: 400 }, (_, i) => 1 + (i % 5)));
  db.exec(`BEGIN; ${version1} ${version2} ${sql}; COMMIT`);
  db.close();
  const store = await openSqliteStore(path);
  expect(await store.history.read(4, 1, 1000)).toEqual(chunks);
  for (const from of [1, 2, 127, 128, 129, 500, 1100]) {
    const first = chunks.findLastIndex(({ seq }) => seq <= from);
    expect(await store.history.read(4, from, 3), `from ${from}`).toEqual(chunks.slice(first, first + 3));
  }
  const session = await store.sessions.open("a worker", 60_000);
  const [row] = await store.runs.claim(session, [4]);
  if (row === undefined) throw new Error("The run is not there.");
  await store.commit({ session, operation: "1", runs: [step(row)], messages: [] });
  expect(await store.history.read(4, row.head, 9)).toEqual([
    chunks.at(-1),
    { seq: row.head + 1, events: '["step"]' },
  ]);
  await store.close();
});

test("a record that was lost is noticed like a commit", async () => {
  const path = databasePath();
  const store = await openSqliteStore(path);
  await store.records.put("c", "k", { text: "1" });
  await store.close();
  const db = new DatabaseSync(path);
  db.exec("DELETE FROM records; UPDATE meta SET commits = commits - 1");
  db.close();
  await expect(openSqliteStore(path)).rejects.toMatchObject({ code: "DRM-STORE-LOST-COMMITS" });
});
