/** The contract of commits: fences, dense numbers, what a closed run holds, repeats. */
import assert from "node:assert/strict";
import type { RunWrite } from "../store/commit.ts";
import { runStatuses } from "../core/status.ts";
import {
  birth,
  completed,
  type ContractCase,
  type ContractWorld,
  present,
  hasCode,
  message,
  step,
  waiting,
} from "./store-contract-world.ts";

const dense: ContractCase = {
  name: "events are appended with dense numbers, and a write without events adds none",
  run: async (world) => {
    const session = await world.session();
    const { key } = await world.start(session, "a");
    await world.advance(session, key, { events: "[2,3,4]", count: 3 });
    const same = await world.advance(session, key, {
      events: "ignored",
      count: 0,
      state: { ...waiting, wakeAt: 9_000 },
    });
    assert.equal(same.head, 4);
    assert.equal(same.wakeAt, 9_000);
    await world.advance(session, key, { events: "[5]" });
    assert.deepEqual(await world.events(key), ["born", 2, 3, 4, 5]);
  },
};

const states: ContractCase = {
  name: "the row says what the last write said",
  run: async (world) => {
    const session = await world.session();
    const { key } = await world.start(session, "a");
    const busy = { status: "running", paused: true, parked: '"why"', wakeAt: 0 } as const;
    const { paused, parked, wakeAt } = await world.advance(session, key, { state: busy });
    assert.deepEqual({ paused, parked, wakeAt }, { paused: true, parked: '"why"', wakeAt: 0 });
    const after = present(await world.advance(session, key, { state: waiting }));
    assert.equal(after["paused"], false);
    assert.ok(!("parked" in after) && !("wakeAt" in after) && !("closedAt" in after));
  },
};

const twice: ContractCase = {
  name: "two writes to one run in one commit follow each other",
  run: async (world) => {
    const session = await world.session();
    const row = await world.start(session, "a");
    const second = step({ ...row, head: 2 }, { events: '["second"]' });
    const result = await world.commit(session, [step(row, { events: '["first"]' }), second]);
    assert.deepEqual(result.fenced, []);
    assert.deepEqual(await world.events(row.key), ["born", "first", "second"]);
  },
};

/** Writes what must be fenced and checks that nothing of the run changed. */
async function expectFenced(world: ContractWorld, session: string, write: RunWrite): Promise<void> {
  const before = await world.row(write.key);
  const events = await world.events(write.key);
  assert.deepEqual((await world.commit(session, [write])).fenced, [write.key]);
  assert.deepEqual(await world.row(write.key), before);
  assert.deepEqual(await world.events(write.key), events);
}

const fences: ContractCase = {
  name: "a write with another epoch or another head than the run's is fenced",
  run: async (world) => {
    const session = await world.session();
    const row = await world.start(session, "a", { epoch: 5 });
    const next = await world.advance(session, row.key);
    await expectFenced(world, session, step(next, { epoch: 4 }));
    await expectFenced(world, session, step(next, { epoch: 6 }));
    await expectFenced(world, session, step(next, { head: 1 }));
    await expectFenced(world, session, step(next, { head: 3 }));
    await expectFenced(world, session, step(next, { head: 3, count: 0 }));
  },
};

const fencedUnknown: ContractCase = {
  name: "a write to a run that does not exist is fenced",
  run: async (world) => {
    const session = await world.session();
    const { key } = await world.start(session, "a");
    const result = await world.commit(session, [
      { key: key + 1_000, epoch: 1, head: 1, events: "[]", count: 0, state: waiting },
    ]);
    assert.deepEqual(result.fenced, [key + 1_000]);
  },
};

const fencedClosed: ContractCase = {
  name: "a write to a closed run is fenced",
  run: async (world) => {
    const session = await world.session();
    const { key } = await world.start(session, "a");
    const closed = await world.advance(session, key, { state: completed(2_000) });
    await expectFenced(world, session, step(closed));
    await expectFenced(world, session, step(closed, { state: completed(3_000) }));
  },
};

const partial: ContractCase = {
  name: "a fenced write is left out with all that it carries; the other writes and the messages from outside are applied",
  run: async (world) => {
    const session = await world.session();
    const good = await world.start(session, "good");
    const bad = await world.start(session, "bad");
    await world.commit(session, [], [message({ key: bad.key }, "waits")]);
    const [waits] = await world.store.inbox.read(bad.key);
    const child = await world.store.runs.reserveKeys(1);
    const stale = step(bad, {
      epoch: 9,
      consumed: [waits?.id ?? 0],
      messages: [message({ key: good.key }, "from the stale one")],
      children: [birth(child, "stale child")],
      heartbeats: [{ ref: 1, details: "1" }],
    });
    const outside = message({ key: good.key }, "from outside");
    const result = await world.commit(session, [stale, step(good)], [outside]);
    const kept = [{ status: "kept", key: good.key }];
    assert.deepEqual(result, { fenced: [bad.key], duplicates: [], receipts: kept, notified: [good.key] });
    assert.equal((await world.row(good.key)).head, 2);
    assert.deepEqual(await world.inbox(good.key), ["from outside"]);
    assert.deepEqual(await world.inbox(bad.key), ["waits"]);
    assert.equal(await world.store.runs.byKey(child), undefined);
    assert.deepEqual(await world.store.history.heartbeats(bad.key), []);
  },
};

const closing: ContractCase = {
  name: "C1: a closed run holds nothing: no holder, time to wake, flag, message or heartbeat",
  run: async (world) => {
    for (const status of runStatuses.filter((one) => one !== "running")) {
      const session = await world.session();
      const { key } = await world.start(session, status);
      await world.advance(session, key, { heartbeats: [{ ref: 1, details: "1" }] });
      await world.commit(session, [], [message({ key }, "unread")]);
      const state = { status, paused: true, parked: '"why"', wakeAt: 0, closedAt: 4_000 };
      const row = present(
        await world.advance(session, key, { state, heartbeats: [{ ref: 2, details: "2" }] }),
      );
      assert.equal(row["status"], status);
      assert.equal(row["closedAt"], 4_000);
      assert.equal(row["paused"], false);
      for (const held of ["owner", "wakeAt", "parked"]) assert.ok(!(held in row), held);
      assert.deepEqual(await world.inbox(key), []);
      assert.deepEqual(await world.store.history.heartbeats(key), []);
      assert.deepEqual(await world.events(key), ["born", "step", "step"]);
    }
  },
};

const repeats: ContractCase = {
  name: "D3: a repeat of the last commit changes nothing and gets the same answer",
  run: async (world) => {
    const session = await world.session();
    const row = await world.start(session, "a");
    const key = await world.store.runs.reserveKeys(1);
    const request = {
      session,
      operation: "once",
      runs: [step(row, { children: [birth(key, "child"), birth(key + 1, "a")] }), step(row, { epoch: 9 })],
      messages: [message({ id: "a" }, "hello"), message({ id: "nobody" }, "lost")],
    };
    const first = await world.store.commit(request);
    assert.deepEqual(first.receipts, [{ status: "kept", key: row.key }, { status: "not_found" }]);
    const before = await world.row(row.key);
    assert.deepEqual(await world.store.commit(request), first);
    assert.deepEqual(await world.row(row.key), before);
    assert.deepEqual(await world.events(row.key), ["born", "step"]);
    assert.deepEqual(await world.inbox(row.key), ["hello"]);
  },
};

const operations: ContractCase = {
  name: "one operation name in two sessions is two commits",
  run: async (world) => {
    const [one, two] = [await world.session(), await world.session()];
    const { key } = await world.start(one, "a");
    const shared = { operation: "same", runs: [] };
    await world.store.commit({ ...shared, session: one, messages: [message({ key }, "first")] });
    await world.store.commit({ ...shared, session: two, messages: [message({ key }, "second")] });
    assert.deepEqual(await world.inbox(key), ["first", "second"]);
  },
};

const strangers: ContractCase = {
  name: "a commit of an unknown session is rejected and changes nothing",
  run: async (world) => {
    const session = await world.session();
    const row = await world.start(session, "a");
    await world.store.sessions.close(session);
    for (const stranger of [session, "nobody"]) {
      const commit = world.commit(stranger, [step(row)], [message({ key: row.key }, "lost")]);
      await assert.rejects(commit, hasCode("DRM-FENCED"));
    }
    assert.equal((await world.row(row.key)).head, 1);
    assert.deepEqual(await world.inbox(row.key), []);
  },
};

export const commitCases: readonly ContractCase[] = [
  dense,
  states,
  twice,
  fences,
  fencedUnknown,
  fencedClosed,
  partial,
  closing,
  repeats,
  operations,
  strangers,
];
