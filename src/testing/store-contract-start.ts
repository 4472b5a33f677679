/** The contract of births: new runs, taken ids, children, generations. */
import assert from "node:assert/strict";
import {
  birth,
  completed,
  type ContractCase,
  message,
  present,
  step,
  waiting,
} from "./store-contract-world.ts";

const creates: ContractCase = {
  name: "a new run is as it was written, and held by the session that wrote it",
  run: async (world) => {
    const session = await world.session();
    const key = await world.store.runs.reserveKeys(1);
    const state = { ...waiting, paused: true, parked: '{"why":"code"}', wakeAt: 7_000 };
    const write = {
      ...birth(key, "a", { parentKey: 77, createdAt: 5, epoch: 3, state }),
      events: '["x","y"]',
      count: 2,
    };
    assert.deepEqual(await world.commit(session, [write]), {
      fenced: [],
      duplicates: [],
      receipts: [],
      notified: [],
    });
    const expected = {
      key,
      id: "a",
      generation: 1,
      workflow: "orders",
      status: "running",
      paused: true,
      parked: '{"why":"code"}',
      createdAt: 5,
      wakeAt: 7_000,
      head: 2,
      epoch: 3,
      owner: session,
      operation: "start a",
      parentKey: 77,
    };
    assert.deepEqual(present(await world.row(key)), expected);
    assert.deepEqual(present((await world.store.runs.byId("a")) ?? {}), expected);
    assert.deepEqual(await world.events(key), ["x", "y"]);
  },
};

const unheld: ContractCase = {
  name: "a new run with epoch 0 is held by nobody",
  run: async (world) => {
    const row = await world.start(await world.session(), "a", { epoch: 0 });
    assert.equal(row.owner, undefined);
    const [claimed] = await world.store.runs.claim(await world.session(), [row.key]);
    assert.equal(claimed?.epoch, 1);
  },
};

const unknown: ContractCase = {
  name: "a run that does not exist is absent",
  run: async (world) => {
    assert.equal(await world.store.runs.byId("nobody"), undefined);
    assert.equal(await world.store.runs.byKey(404), undefined);
  },
};

const taken: ContractCase = {
  name: "a taken id leaves out that run alone, and its row stays as it was",
  run: async (world) => {
    const session = await world.session();
    const first = await world.start(session, "a");
    const keys = await world.store.runs.reserveKeys(2);
    const late = birth(keys, "a", { operation: "another", workflow: "other" });
    const child = birth(keys + 1, "child of the late one");
    const good = step(first);
    const sent = { to: { key: first.key }, body: "1", operation: "of the late one" };
    const result = await world.commit(session, [{ ...late, children: [child], messages: [sent] }, good]);
    assert.deepEqual(result, { fenced: [], duplicates: [keys], receipts: [], notified: [] });
    const row = await world.row(first.key);
    assert.equal(row.operation, "start a");
    assert.equal(row.workflow, "orders");
    assert.equal(row.head, 2);
    assert.equal(await world.store.runs.byKey(keys), undefined);
    assert.equal(await world.store.runs.byId("child of the late one"), undefined);
    assert.deepEqual(await world.inbox(first.key), []);
  },
};

const takenTwice: ContractCase = {
  name: "of two new runs with one id in one commit the second is the duplicate",
  run: async (world) => {
    const session = await world.session();
    const key = await world.store.runs.reserveKeys(2);
    const result = await world.commit(session, [birth(key, "a"), birth(key + 1, "a")]);
    assert.deepEqual(result.duplicates, [key + 1]);
    assert.equal((await world.store.runs.byId("a"))?.key, key);
  },
};

const takenByClosed: ContractCase = {
  name: "a closed run's id is taken",
  run: async (world) => {
    const session = await world.session();
    const { key } = await world.start(session, "a");
    await world.advance(session, key, { state: completed(2_000) });
    const next = await world.store.runs.reserveKeys(1);
    assert.deepEqual((await world.commit(session, [birth(next, "a")])).duplicates, [next]);
  },
};

const children: ContractCase = {
  name: "children are born with their parent's write, to any depth",
  run: async (world) => {
    const session = await world.session();
    const parent = await world.start(session, "parent");
    const key = await world.store.runs.reserveKeys(2);
    const grandchild = birth(key + 1, "grandchild", { parentKey: key });
    const child = { ...birth(key, "child", { parentKey: parent.key }), children: [grandchild] };
    await world.advance(session, parent.key, { children: [child] });
    assert.equal((await world.row(key)).parentKey, parent.key);
    assert.equal((await world.row(key + 1)).parentKey, key);
    assert.deepEqual(await world.events(key + 1), ["born"]);
  },
};

const takenChild: ContractCase = {
  name: "a child with a taken id is left out alone; its parent's write and the other children are applied",
  run: async (world) => {
    const session = await world.session();
    await world.start(session, "taken");
    const parent = await world.start(session, "parent");
    const key = await world.store.runs.reserveKeys(2);
    const write = step(parent, { children: [birth(key, "taken"), birth(key + 1, "free")] });
    const result = await world.commit(session, [write]);
    assert.deepEqual(result, { fenced: [], duplicates: [key], receipts: [], notified: [] });
    assert.equal((await world.row(parent.key)).head, 2);
    assert.equal((await world.store.runs.byId("free"))?.key, key + 1);
  },
};

const generations: ContractCase = {
  name: "an id leads to its latest generation, and no earlier one can be born after it",
  run: async (world) => {
    const session = await world.session();
    const first = await world.start(session, "a");
    const key = await world.store.runs.reserveKeys(2);
    const next = birth(key, "a", { generation: 2 });
    const state = { ...waiting, status: "continued_as_new" as const, closedAt: 2_000 };
    await world.advance(session, first.key, { state, children: [next] });
    assert.equal((await world.store.runs.byId("a"))?.key, key);
    assert.equal((await world.row(first.key)).status, "continued_as_new");
    assert.equal(await world.store.runs.removeClosed(3_000, 10), 1);
    assert.deepEqual((await world.commit(session, [birth(key + 1, "a")])).duplicates, [key + 1]);
    assert.equal((await world.store.runs.byId("a"))?.key, key);
  },
};

const withPast: ContractCase = {
  name: "a run can be born with a history, with messages to itself, and with a child that is the next generation of a closed run",
  run: async (world) => {
    const session = await world.session();
    const source = await world.start(session, "a");
    const old = await world.start(session, "child");
    for (const { key } of [source, old]) await world.advance(session, key, { state: completed(2_000) });
    const key = await world.store.runs.reserveKeys(2);
    const write = {
      ...birth(key, "a", { generation: 2, epoch: 0 }),
      events: '["x","y","z"]',
      count: 3,
      messages: [message({ key }, "first"), message({ key }, "second")],
      children: [birth(key + 1, "child", { generation: 2, parentKey: key, epoch: 0 })],
    };
    const result = await world.commit(session, [write]);
    assert.deepEqual(result, { fenced: [], duplicates: [], receipts: [], notified: [key] });
    await world.reopen();
    assert.equal((await world.store.runs.byId("a"))?.key, key);
    assert.equal((await world.store.runs.byId("child"))?.key, key + 1);
    assert.deepEqual(await world.events(key), ["x", "y", "z"]);
    assert.deepEqual(await world.inbox(key), ["first", "second"]);
    assert.equal((await world.row(key)).owner, undefined);
    assert.deepEqual(await world.events(source.key), ["born", "step"]);
  },
};

export const startCases: readonly ContractCase[] = [
  creates,
  unheld,
  unknown,
  taken,
  takenTwice,
  takenByClosed,
  children,
  takenChild,
  generations,
  withPast,
];
