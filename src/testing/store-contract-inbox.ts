/** The contract of messages: receipts, order, repeats, who is told. */
import assert from "node:assert/strict";
import { birth, completed, type ContractCase, message, step, waiting } from "./store-contract-world.ts";

const kept: ContractCase = {
  name: "S1: a message to an open run is kept, by key or by id, in the order of arrival",
  run: async (world) => {
    const session = await world.session();
    const { key } = await world.start(session, "a");
    const first = await world.commit(session, [], [message({ id: "a" }, "one"), message({ key }, "two")]);
    const receipt = { status: "kept", key };
    assert.deepEqual(first, { fenced: [], duplicates: [], receipts: [receipt, receipt], notified: [key] });
    await world.commit(session, [], [message({ key }, "three")]);
    const messages = await world.store.inbox.read(key);
    assert.deepEqual(
      messages.map(({ key: to, operation, body }) => ({ key: to, operation, body })),
      ["one", "two", "three"].map((operation) => ({ key, operation, body: `"${operation}"` })),
    );
    const ids = messages.map(({ id }) => id);
    assert.deepEqual(
      ids,
      [...new Set(ids)].toSorted((a, b) => a - b),
    );
  },
};

const missing: ContractCase = {
  name: "a message to a run that does not exist is answered with not_found",
  run: async (world) => {
    const session = await world.session();
    const result = await world.commit(
      session,
      [],
      [message({ id: "nobody" }, "one"), message({ key: 404 }, "two")],
    );
    assert.deepEqual(result.receipts, [{ status: "not_found" }, { status: "not_found" }]);
    assert.deepEqual(result.notified, []);
    assert.deepEqual(await world.inbox(404), []);
  },
};

const closed: ContractCase = {
  name: "a message to a closed run is answered with closed and is not kept",
  run: async (world) => {
    const session = await world.session();
    const { key } = await world.start(session, "a");
    await world.advance(session, key, { state: completed(2_000) });
    const result = await world.commit(session, [], [message({ id: "a" }, "one"), message({ key }, "two")]);
    assert.deepEqual(result.receipts, [
      { status: "closed", key },
      { status: "closed", key },
    ]);
    assert.deepEqual(result.notified, []);
    assert.deepEqual(await world.inbox(key), []);
  },
};

const latest: ContractCase = {
  name: "a message by id is for the latest generation, one by key for that generation",
  run: async (world) => {
    const session = await world.session();
    const first = await world.start(session, "a");
    const key = await world.store.runs.reserveKeys(1);
    const state = { ...waiting, status: "continued_as_new" as const, closedAt: 2_000 };
    await world.advance(session, first.key, { state, children: [birth(key, "a", { generation: 2 })] });
    const result = await world.commit(
      session,
      [],
      [message({ id: "a" }, "one"), message({ key: first.key }, "two")],
    );
    assert.deepEqual(result.receipts, [
      { status: "kept", key },
      { status: "closed", key: first.key },
    ]);
  },
};

const repeated: ContractCase = {
  name: "D3: a message whose operation waits for that run already is not kept twice",
  run: async (world) => {
    const session = await world.session();
    const { key } = await world.start(session, "a");
    const other = await world.start(session, "b");
    await world.commit(session, [], [message({ key }, "same")]);
    const again = [message({ id: "a" }, "same"), message({ id: "b" }, "same"), message({ id: "b" }, "same")];
    const result = await world.commit(session, [], again);
    assert.deepEqual(result.receipts, [
      { status: "repeated", key },
      { status: "kept", key: other.key },
      { status: "repeated", key: other.key },
    ]);
    assert.deepEqual(result.notified, [other.key]);
    assert.deepEqual(await world.inbox(key), ["same"]);
  },
};

const consumed: ContractCase = {
  name: "consumed messages go with the commit that took them up, and no others",
  run: async (world) => {
    const session = await world.session();
    const { key } = await world.start(session, "a");
    const other = await world.start(session, "b");
    await world.commit(
      session,
      [],
      ["one", "two", "three"].map((name) => message({ key }, name)),
    );
    await world.commit(session, [], [message({ key: other.key }, "of another run")]);
    const ids = (await world.store.inbox.read(key)).map(({ id }) => id);
    const foreign = (await world.store.inbox.read(other.key)).map(({ id }) => id);
    await world.advance(session, key, { consumed: [ids[0] ?? 0, ids[2] ?? 0, ...foreign, 999_999] });
    assert.deepEqual(await world.inbox(key), ["two"]);
    assert.deepEqual(await world.inbox(other.key), ["of another run"]);
  },
};

const ascending: ContractCase = {
  name: "the number of a message that is gone is not given out again",
  run: async (world) => {
    const session = await world.session();
    const { key } = await world.start(session, "a");
    await world.commit(session, [], [message({ key }, "one")]);
    const [one] = await world.store.inbox.read(key);
    await world.advance(session, key, { consumed: [one?.id ?? 0] });
    await world.reopen();
    await world.commit(await world.session(), [], [message({ key }, "two")]);
    const [two] = await world.store.inbox.read(key);
    assert.ok((two?.id ?? 0) > (one?.id ?? 0));
  },
};

const outgoing: ContractCase = {
  name: "messages of a run write arrive with it; each run that got one is told once",
  run: async (world) => {
    const session = await world.session();
    const sender = await world.start(session, "sender");
    const { key } = await world.start(session, "receiver");
    const messages = [
      message({ key }, "one"),
      message({ id: "receiver" }, "two"),
      message({ id: "nobody" }, "lost"),
    ];
    const result = await world.commit(session, [step(sender, { messages })], [message({ key }, "three")]);
    assert.deepEqual(result.notified, [key]);
    assert.equal(result.receipts.length, 1, "only messages from outside have receipts");
    assert.deepEqual(await world.inbox(key), ["one", "two", "three"]);
  },
};

const sameCommit: ContractCase = {
  name: "messages see the runs as the same commit leaves them: born runs get theirs, closed runs refuse",
  run: async (world) => {
    const session = await world.session();
    const ending = await world.start(session, "ending");
    const key = await world.store.runs.reserveKeys(2);
    const sender = {
      ...birth(key + 1, "sender"),
      messages: [message({ id: "born" }, "early"), message({ id: "ending" }, "late")],
    };
    const runs = [sender, birth(key, "born"), step(ending, { state: completed(2_000) })];
    const result = await world.commit(session, runs, [
      message({ id: "born" }, "hello"),
      message({ id: "ending" }, "bye"),
    ]);
    assert.deepEqual(result.receipts, [
      { status: "kept", key },
      { status: "closed", key: ending.key },
    ]);
    assert.deepEqual(result.notified, [key]);
    assert.deepEqual(await world.inbox(key), ["early", "hello"]);
    assert.deepEqual(await world.inbox(ending.key), []);
  },
};

export const inboxCases: readonly ContractCase[] = [
  kept,
  missing,
  closed,
  latest,
  repeated,
  consumed,
  ascending,
  outgoing,
  sameCommit,
];
