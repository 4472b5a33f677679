/** The contract of waking: which runs want a holder now, and when the next one will. */
import assert from "node:assert/strict";
import type { RunState } from "../store/commit.ts";
import type { DueQuery, DueRuns } from "../store/runs.ts";
import {
  type Beginning,
  completed,
  type ContractCase,
  type ContractWorld,
  message,
  minute,
  waiting,
} from "./store-contract-world.ts";

/** Starts a run that nobody holds, with this state. */
async function sleeper(
  world: ContractWorld,
  state: Partial<RunState>,
  beginning: Beginning = {},
): Promise<number> {
  const session = await world.session();
  const id = `run ${await world.store.runs.reserveKeys(1)}`;
  const { key } = await world.start(session, id, { epoch: 0, state: { ...waiting, ...state }, ...beginning });
  return key;
}

async function due(world: ContractWorld, query: Partial<DueQuery> = {}): Promise<DueRuns> {
  const session = query.session ?? (await world.session());
  const usual = { workflows: ["orders"], now: 10_000, afterMessage: 0, parked: false, limit: 100 };
  return await world.store.runs.due({ ...usual, ...query, session });
}

const order: ContractCase = {
  name: "due runs come earliest first, up to the limit, those of later times not at all",
  run: async (world) => {
    const late = await sleeper(world, { wakeAt: 10_000 });
    const early = await sleeper(world, { wakeAt: 2_000 });
    const atOnce = await sleeper(world, { wakeAt: 0 });
    await sleeper(world, { wakeAt: 10_001 });
    await sleeper(world, {});
    assert.deepEqual(await due(world), { keys: [atOnce, early, late], lastMessage: 0 });
    assert.deepEqual((await due(world, { limit: 2 })).keys, [atOnce, early]);
    assert.deepEqual((await due(world, { now: 1_999 })).keys, [atOnce]);
    assert.deepEqual((await due(world, { limit: 0 })).keys, []);
  },
};

const workflows: ContractCase = {
  name: "only runs of the given workflows are due",
  run: async (world) => {
    const a = await sleeper(world, { wakeAt: 1 }, { workflow: "a" });
    const b = await sleeper(world, { wakeAt: 2 }, { workflow: "b" });
    await sleeper(world, { wakeAt: 3 }, { workflow: "c" });
    assert.deepEqual((await due(world, { workflows: ["b", "a", "unheard of"] })).keys, [a, b]);
    assert.deepEqual((await due(world, { workflows: [] })).keys, []);
  },
};

const flags: ContractCase = {
  name: "paused runs are not due; parked runs are if the query says so, in their place",
  run: async (world) => {
    await sleeper(world, { wakeAt: 0, paused: true });
    await sleeper(world, { wakeAt: 0, paused: true, parked: '"why"' });
    const first = await sleeper(world, { wakeAt: 1 });
    const parked = await sleeper(world, { wakeAt: 2, parked: '"why"' });
    const last = await sleeper(world, { wakeAt: 3 });
    assert.deepEqual((await due(world)).keys, [first, last]);
    assert.deepEqual((await due(world, { parked: true })).keys, [first, parked, last]);
    assert.deepEqual((await due(world, { parked: true, limit: 2 })).keys, [first, parked]);
  },
};

const holders: ContractCase = {
  name: "runs that another session holds are not due until its lease is over; the session's own are",
  run: async (world) => {
    const [one, two] = [await world.session(), await world.session(5 * minute)];
    const { key } = await world.start(one, "a", { state: { ...waiting, wakeAt: 0 } });
    assert.deepEqual((await due(world, { session: two })).keys, []);
    assert.deepEqual((await due(world, { session: one })).keys, [key]);
    world.pass(minute);
    assert.deepEqual((await due(world, { session: two })).keys, [key]);
  },
};

const closed: ContractCase = {
  name: "a closed run is never due, not even for a message that it did not take up",
  run: async (world) => {
    const session = await world.session();
    const { key } = await world.start(session, "a", { state: { ...waiting, wakeAt: 0 } });
    await world.commit(session, [], [message({ key }, "unread")]);
    await world.advance(session, key, { state: { ...completed(2_000), wakeAt: 0 } });
    assert.deepEqual((await due(world, { session })).keys, []);
    assert.equal(await world.store.runs.nextWake(-1), undefined);
  },
};

const messages: ContractCase = {
  name: "a run with a new message is due whatever its workflow and its flags",
  run: async (world) => {
    const session = await world.session();
    const keys = [
      await sleeper(world, { paused: true }),
      await sleeper(world, { parked: '"why"' }),
      await sleeper(world, {}, { workflow: "unheard of" }),
      await sleeper(world, { wakeAt: 99_000 }),
    ];
    await sleeper(world, {});
    await world.commit(
      session,
      [],
      keys.map((key) => message({ key }, "hello")),
    );
    const found = await due(world);
    assert.deepEqual(found.keys, keys);
    assert.deepEqual(await due(world, { afterMessage: found.lastMessage }), {
      keys: [],
      lastMessage: found.lastMessage,
    });
  },
};

const once: ContractCase = {
  name: "each run is due once, whatever its reasons",
  run: async (world) => {
    const session = await world.session();
    const key = await sleeper(world, { wakeAt: 0 });
    await world.commit(session, [], [message({ key }, "one"), message({ key }, "two")]);
    assert.deepEqual((await due(world)).keys, [key]);
  },
};

const pages: ContractCase = {
  name: "messages beyond the limit are found by asking again after the last one",
  run: async (world) => {
    const session = await world.session();
    const keys = [await sleeper(world, {}), await sleeper(world, {}), await sleeper(world, {})];
    await world.commit(
      session,
      [],
      keys.map((key) => message({ key }, "hello")),
    );
    const found: number[] = [];
    let afterMessage = 0;
    for (let page = 0; page < 3; page += 1) {
      const next = await due(world, { afterMessage, limit: 1 });
      assert.ok(next.lastMessage > afterMessage);
      found.push(...next.keys);
      afterMessage = next.lastMessage;
    }
    assert.deepEqual(found, keys);
    assert.deepEqual(await due(world, { afterMessage }), { keys: [], lastMessage: afterMessage });
  },
};

const heldMessages: ContractCase = {
  name: "messages for runs that others hold are passed over, and found from the beginning when the lease is over",
  run: async (world) => {
    const [one, two] = [await world.session(), await world.session(5 * minute)];
    const { key } = await world.start(one, "a");
    await world.commit(one, [], [message({ key }, "hello")]);
    const passed = await due(world, { session: two });
    assert.deepEqual(passed.keys, []);
    assert.ok(passed.lastMessage > 0);
    world.pass(minute);
    assert.deepEqual((await due(world, { session: two })).keys, [key]);
  },
};

const next: ContractCase = {
  name: "the next wake is the earliest after a time, of runs that are neither paused nor parked",
  run: async (world) => {
    assert.equal(await world.store.runs.nextWake(0), undefined);
    await sleeper(world, { wakeAt: 3_000 });
    await sleeper(world, { wakeAt: 2_000 }, { workflow: "any" });
    await sleeper(world, { wakeAt: 1_500, paused: true });
    await sleeper(world, { wakeAt: 1_600, parked: '"why"' });
    await sleeper(world, {});
    assert.equal(await world.store.runs.nextWake(0), 2_000);
    assert.equal(await world.store.runs.nextWake(1_999), 2_000);
    assert.equal(await world.store.runs.nextWake(2_000), 3_000);
    assert.equal(await world.store.runs.nextWake(3_000), undefined);
  },
};

const far: ContractCase = {
  name: "T1: a time of any distance is kept exactly",
  run: async (world) => {
    const year9999 = 253_370_764_800_000;
    await sleeper(world, { wakeAt: year9999 });
    assert.equal(await world.store.runs.nextWake(2 ** 31), year9999);
    assert.deepEqual((await due(world, { now: year9999 - 1 })).keys, []);
    assert.equal((await due(world, { now: year9999 })).keys.length, 1);
  },
};

export const dueCases: readonly ContractCase[] = [
  order,
  workflows,
  flags,
  holders,
  closed,
  messages,
  once,
  pages,
  heldMessages,
  next,
  far,
];
