/** The contract of the store as a whole: durability, listening, closing. */
import assert from "node:assert/strict";
import type { Store } from "../store/store.ts";
import {
  completed,
  type ContractCase,
  type ContractWorld,
  present,
  hasCode,
  message,
  step,
  waiting,
} from "./store-contract-world.ts";

/** Everything that a run has, save its holder: a process that is gone may hold nothing any more. */
async function everything(world: ContractWorld, key: number): Promise<unknown> {
  const { store } = world;
  const { owner: _, ...row } = present(await world.row(key));
  const chunks = await store.history.read(key, 1, 100);
  return { row, chunks, inbox: await store.inbox.read(key), beats: await store.history.heartbeats(key) };
}

const durable: ContractCase = {
  name: "D1, D2: what a commit did is there when the data is opened again",
  run: async (world) => {
    const session = await world.session();
    const open = await world.start(session, "open", {
      parentKey: 4,
      state: { ...waiting, parked: '"why"', wakeAt: 5_000 },
    });
    const { key } = await world.start(session, "closed");
    await world.advance(session, key, { state: completed(2_000) });
    const write = step(open, {
      heartbeats: [{ ref: 2, details: "2" }],
      messages: [message({ id: "open" }, "self")],
    });
    await world.commit(session, [write], [message({ id: "open" }, "outside")]);
    const before = [await everything(world, open.key), await everything(world, key)];
    await world.reopen();
    assert.deepEqual([await everything(world, open.key), await everything(world, key)], before);
    assert.equal(
      (
        await world.store.runs.due({
          session: await world.session(),
          workflows: [],
          now: 0,
          afterMessage: 0,
          parked: false,
          limit: 5,
        })
      ).lastMessage > 0,
      true,
    );
  },
};

const epochs: ContractCase = {
  name: "L1: claims are durable: the epoch does not fall back when the data is opened again",
  run: async (world) => {
    const session = await world.session();
    const row = await world.start(session, "a", { epoch: 0 });
    const [claimed] = await world.store.runs.claim(session, [row.key]);
    await world.reopen();
    assert.equal((await world.row(row.key)).epoch, claimed?.epoch);
    assert.deepEqual((await world.commit(await world.session(), [step(row)])).fenced, [row.key]);
  },
};

/** Lets everything that is waiting in this process happen. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

const listening: ContractCase = {
  name: "P1: a listener is told of messages from other processes, never of its own, and not after it stopped",
  run: async (world) => {
    const other = await world.another();
    const session = await world.session();
    const { key } = await world.start(session, "a");
    const heard: number[][] = [];
    const stop = world.store.listen((keys) => heard.push([...keys]));
    await world.commit(session, [], [message({ key }, "own")]);
    await settle();
    assert.deepEqual(heard, []);
    await other.commit({ session, operation: "o1", runs: [], messages: [message({ key }, "of another")] });
    await other.commit({ session, operation: "o2", runs: [], messages: [message({ key }, "of another")] });
    await settle();
    assert.deepEqual(heard, world.shared ? [[key]] : []);
    stop();
    await other.commit({ session, operation: "o3", runs: [], messages: [message({ key }, "unheard")] });
    await settle();
    assert.deepEqual(heard, world.shared ? [[key]] : []);
  },
};

const sharing: ContractCase = {
  name: "stores on one database see each other's commits",
  run: async (world) => {
    const other = await world.another();
    const session = await world.session();
    const { key } = await world.start(session, "a");
    assert.equal((await other.runs.byId("a"))?.owner, session);
    assert.deepEqual(await other.history.last(key), { seq: 1, events: '["born"]' });
  },
};

/** One call of every operation. */
function operations(store: Store, session: string): Record<string, () => Promise<unknown>> {
  const query = { session, workflows: [], now: 0, afterMessage: 0, parked: false, limit: 1 };
  return {
    byId: async () => await store.runs.byId("a"),
    byKey: async () => await store.runs.byKey(1),
    list: async () => await store.runs.list({ limit: 1 }),
    reserveKeys: async () => await store.runs.reserveKeys(1),
    due: async () => await store.runs.due(query),
    nextWake: async () => await store.runs.nextWake(0),
    claim: async () => await store.runs.claim(session, []),
    removeClosed: async () => await store.runs.removeClosed(0, 1),
    read: async () => await store.history.read(1, 1, 1),
    last: async () => await store.history.last(1),
    heartbeats: async () => await store.history.heartbeats(1),
    inbox: async () => await store.inbox.read(1),
    open: async () => await store.sessions.open("late", 1),
    renew: async () => await store.sessions.renew(session, 1),
    close: async () => await store.sessions.close(session),
    getRecord: async () => await store.records.get("c", "k"),
    listRecords: async () => await store.records.list("c", { limit: 1 }),
    putRecord: async () => await store.records.put("c", "k", { text: "1" }),
    removeRecord: async () => await store.records.remove("c", "k"),
    commit: async () => await store.commit({ session, operation: "late", runs: [], messages: [] }),
  };
}

const closing: ContractCase = {
  name: "after close every operation rejects with DRM-CLOSED, and closing again does nothing",
  run: async (world) => {
    const session = await world.session();
    await world.start(session, "a");
    await world.store.close();
    for (const [name, operation] of Object.entries(operations(world.store, session))) {
      await assert.rejects(operation(), hasCode("DRM-CLOSED"), name);
    }
    await world.store.close();
  },
};

export const storeCases: readonly ContractCase[] = [durable, epochs, listening, sharing, closing];
