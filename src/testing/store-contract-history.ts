/** The contract of histories, heartbeats and retention. */
import assert from "node:assert/strict";
import { birth, completed, type ContractCase, type ContractWorld, message } from "./store-contract-world.ts";

/** A run with the chunks 1, 2–4, 5, 6–7. */
async function longRun(world: ContractWorld): Promise<number> {
  const session = await world.session();
  const { key } = await world.start(session, "a");
  await world.advance(session, key, { events: "[2,3,4]", count: 3 });
  await world.advance(session, key, { events: "[5]", count: 1 });
  await world.advance(session, key, { events: "[6,7]", count: 2 });
  return key;
}

const reads: ContractCase = {
  name: "H1: a history is read in chunks, from the chunk that holds the asked event",
  run: async (world) => {
    const key = await longRun(world);
    const all = [
      { seq: 1, events: '["born"]' },
      { seq: 2, events: "[2,3,4]" },
      { seq: 5, events: "[5]" },
      { seq: 6, events: "[6,7]" },
    ];
    const { history } = world.store;
    assert.deepEqual(await history.read(key, 1, 100), all);
    assert.deepEqual(await history.read(key, 2, 100), all.slice(1));
    assert.deepEqual(await history.read(key, 4, 100), all.slice(1));
    assert.deepEqual(await history.read(key, 5, 1), all.slice(2, 3));
    assert.deepEqual(await history.read(key, 7, 100), all.slice(3));
    assert.deepEqual(await history.read(key, 1, 2), all.slice(0, 2));
    assert.deepEqual(await history.read(key, 8, 100), []);
    assert.deepEqual(await history.last(key), all[3]);
  },
};

/** Sizes of chunks: many small ones, some that are long. */
const sizes = [...Array.from({ length: 150 }, (_, i) => 1 + (i % 4)), 300, 1, 127, 128, 2, 129, 1, 1];

/** A run of many chunks, with another that grows beside it. */
async function veryLongRun(world: ContractWorld): Promise<number> {
  const session = await world.session();
  const { key } = await world.start(session, "a");
  const other = await world.start(session, "b");
  for (const [index, count] of sizes.entries()) {
    const events = JSON.stringify(Array.from({ length: count }, () => index));
    await world.advance(session, key, { events, count });
    await world.advance(session, other.key);
  }
  return key;
}

const longReads: ContractCase = {
  name: "H1: a long history is read from anywhere, also when its store was opened again",
  run: async (world) => {
    const key = await veryLongRun(world);
    await world.reopen();
    const { history } = world.store;
    const all = await history.read(key, 1, 1_000_000);
    assert.equal(all.length, 1 + sizes.length);
    assert.equal((await world.events(key)).length, 1 + sizes.reduce((sum, count) => sum + count, 0));
    const { head } = await world.row(key);
    for (let from = 1; from <= head; from += from < 300 ? 1 : 7) {
      const first = all.findLastIndex(({ seq }) => seq <= from);
      for (const limit of [1, 3, 200])
        assert.deepEqual(
          await history.read(key, from, limit),
          all.slice(first, first + limit),
          `from ${from}`,
        );
    }
    assert.deepEqual(await history.read(key, head + 1, 10), []);
    assert.deepEqual(await history.last(key), all.at(-1));
  },
};

const unknown: ContractCase = {
  name: "a run that does not exist has no history, messages or heartbeats",
  run: async (world) => {
    assert.deepEqual(await world.store.history.read(404, 1, 10), []);
    assert.equal(await world.store.history.last(404), undefined);
    assert.deepEqual(await world.store.history.heartbeats(404), []);
    assert.deepEqual(await world.store.inbox.read(404), []);
  },
};

const apart: ContractCase = {
  name: "histories of several runs do not mix",
  run: async (world) => {
    const key = await longRun(world);
    const session = await world.session();
    const other = await world.start(session, "b");
    await world.advance(session, other.key, { events: '["mine"]' });
    assert.deepEqual(await world.events(key), ["born", 2, 3, 4, 5, 6, 7]);
    assert.deepEqual(await world.events(other.key), ["born", "mine"]);
  },
};

const heartbeats: ContractCase = {
  name: "the last heartbeat of an activity is kept until the activity is settled",
  run: async (world) => {
    const session = await world.session();
    const { key } = await world.start(session, "a");
    const beats = [
      { ref: 7, details: '"seven"' },
      { ref: 3, details: '"three"' },
    ];
    await world.advance(session, key, { heartbeats: beats });
    await world.advance(session, key, { heartbeats: [{ ref: 3, details: '"three again"' }] });
    const { history } = world.store;
    const sorted = [...(await history.heartbeats(key))].toSorted((a, b) => a.ref - b.ref);
    assert.deepEqual(sorted, [
      { ref: 3, details: '"three again"' },
      { ref: 7, details: '"seven"' },
    ]);
    await world.advance(session, key, { settled: [3, 99] });
    assert.deepEqual(await history.heartbeats(key), [{ ref: 7, details: '"seven"' }]);
    await world.store.sessions.close(session);
    await world.store.runs.claim(await world.session(), [key]);
    assert.deepEqual(
      await history.heartbeats(key),
      [{ ref: 7, details: '"seven"' }],
      "the next holder reads them",
    );
  },
};

/** Closes a new run at the given time. */
async function closedRun(world: ContractWorld, id: string, closedAt: number): Promise<number> {
  const session = await world.session();
  const { key } = await world.start(session, id, { createdAt: 10 });
  await world.commit(session, [], [message({ key }, "unread")]);
  await world.advance(session, key, { state: completed(closedAt), heartbeats: [{ ref: 1, details: "1" }] });
  return key;
}

const retention: ContractCase = {
  name: "closed runs are removed by the time of their closing, oldest first, in batches (lessons 13)",
  run: async (world) => {
    await world.start(await world.session(), "open since long ago", { createdAt: 1 });
    const third = await closedRun(world, "third", 3_000);
    const first = await closedRun(world, "first", 1_000);
    const second = await closedRun(world, "second", 2_000);
    assert.equal(await world.store.runs.removeClosed(1_000, 10), 0);
    assert.equal(await world.store.runs.removeClosed(3_000, 1), 1);
    assert.equal(await world.store.runs.byKey(first), undefined);
    assert.equal((await world.row(second)).id, "second");
    assert.equal(await world.store.runs.removeClosed(3_000, 10), 1);
    assert.equal(await world.store.runs.removeClosed(3_000, 10), 0);
    const left = await world.store.runs.list({ limit: 10 });
    assert.deepEqual(
      left.map(({ key }) => key),
      [third, left[1]?.key],
    );
    assert.equal(left[1]?.id, "open since long ago");
  },
};

const removed: ContractCase = {
  name: "a removed run leaves nothing behind, and its id is free again",
  run: async (world) => {
    const key = await closedRun(world, "a", 1_000);
    await world.store.runs.removeClosed(2_000, 10);
    assert.equal(await world.store.runs.byId("a"), undefined);
    assert.deepEqual(await world.store.history.read(key, 1, 10), []);
    assert.equal(await world.store.history.last(key), undefined);
    assert.deepEqual(await world.store.history.heartbeats(key), []);
    assert.deepEqual(await world.store.inbox.read(key), []);
    const session = await world.session();
    const again = await world.start(session, "a");
    assert.notEqual(again.key, key);
    assert.deepEqual(await world.events(again.key), ["born"]);
    const result = await world.commit(session, [], [message({ key }, "late")]);
    assert.deepEqual(result.receipts, [{ status: "not_found" }]);
  },
};

const keys: ContractCase = {
  name: "reserved keys ascend, are nobody else's, and are not given out again when their run is gone",
  run: async (world) => {
    const other = await world.another();
    const blocks = [
      await world.store.runs.reserveKeys(3),
      await other.runs.reserveKeys(2),
      await world.store.runs.reserveKeys(1),
    ];
    assert.ok((blocks[1] ?? 0) >= (blocks[0] ?? 0) + 3);
    assert.ok((blocks[2] ?? 0) >= (blocks[1] ?? 0) + 2);
    const last = blocks[2] ?? 0;
    await world.commit(await world.session(), [birth(last, "a", { state: completed(1_000) })]);
    await world.store.runs.removeClosed(2_000, 10);
    await world.reopen();
    assert.ok((await world.store.runs.reserveKeys(1)) > last);
  },
};

export const historyCases: readonly ContractCase[] = [
  reads,
  longReads,
  unknown,
  apart,
  heartbeats,
  retention,
  removed,
  keys,
];
