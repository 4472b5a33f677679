/** The contract of sessions and claims (L1): leases by the store's clock, epochs, fences. */
import assert from "node:assert/strict";
import { completed, type ContractCase, hasCode, minute, step } from "./store-contract-world.ts";

const takesOver: ContractCase = {
  name: "L1: a run whose holder's lease is over can be claimed; its epoch rises and fences the former holder",
  run: async (world) => {
    const [one, two] = [await world.session(), await world.session(2 * minute)];
    const row = await world.start(one, "a", { epoch: 4 });
    assert.deepEqual(await world.store.runs.claim(two, [row.key]), [], "the lease is not over");
    world.pass(minute - 1);
    assert.deepEqual(await world.store.runs.claim(two, [row.key]), []);
    world.pass(1);
    const [claimed] = await world.store.runs.claim(two, [row.key]);
    assert.equal(claimed?.epoch, 5);
    assert.equal(claimed.owner, two);
    assert.deepEqual(await world.row(row.key), claimed);
    assert.deepEqual((await world.commit(one, [step(row)])).fenced, [row.key]);
    assert.deepEqual((await world.commit(two, [step(claimed)])).fenced, []);
  },
};

const keeps: ContractCase = {
  name: "a run that the session holds already keeps its epoch",
  run: async (world) => {
    const session = await world.session();
    const row = await world.start(session, "a");
    world.pass(2 * minute);
    assert.deepEqual(await world.store.runs.claim(session, [row.key, row.key]), [row]);
    assert.deepEqual(await world.row(row.key), row);
  },
};

const late: ContractCase = {
  name: "a session that is late goes on as long as nobody has claimed its runs",
  run: async (world) => {
    const session = await world.session();
    const row = await world.start(session, "a");
    world.pass(10 * minute);
    assert.deepEqual((await world.commit(session, [step(row)])).fenced, []);
    assert.equal(await world.store.sessions.renew(session, minute), "late");
    const other = await world.session();
    assert.deepEqual(await world.store.runs.claim(other, [row.key]), []);
  },
};

const renewed: ContractCase = {
  name: "renewing counts from now",
  run: async (world) => {
    const [one, two] = [await world.session(), await world.session()];
    const { key } = await world.start(one, "a");
    world.pass(minute / 2);
    assert.equal(await world.store.sessions.renew(one, minute), "renewed");
    world.pass(minute - 1);
    assert.deepEqual(await world.store.runs.claim(two, [key]), []);
    world.pass(1);
    assert.equal((await world.store.runs.claim(two, [key])).length, 1);
  },
};

const ended: ContractCase = {
  name: "a closed session holds nothing at once, and cannot be renewed",
  run: async (world) => {
    const [one, two] = [await world.session(), await world.session()];
    const row = await world.start(one, "a");
    await world.store.sessions.close(one);
    assert.equal(await world.store.sessions.renew(one, minute), "unknown");
    assert.equal((await world.row(row.key)).owner, undefined);
    const [claimed] = await world.store.runs.claim(two, [row.key]);
    assert.equal(claimed?.epoch, row.epoch + 1);
    await world.store.sessions.close(one);
    assert.equal((await world.row(row.key)).owner, two, "closing again changes nothing");
  },
};

const strangers: ContractCase = {
  name: "an unknown session cannot be renewed and cannot claim",
  run: async (world) => {
    const { key } = await world.start(await world.session(), "a", { epoch: 0 });
    assert.equal(await world.store.sessions.renew("nobody", minute), "unknown");
    await assert.rejects(world.store.runs.claim("nobody", [key]), hasCode("DRM-FENCED"));
    assert.equal((await world.row(key)).epoch, 0);
  },
};

const skipped: ContractCase = {
  name: "closed and unknown runs are left out of a claim, and so are runs that others hold",
  run: async (world) => {
    const [one, two] = [await world.session(), await world.session()];
    const closed = await world.start(one, "closed", { state: completed(1_500) });
    const held = await world.start(one, "held");
    const free = await world.start(one, "free", { epoch: 0 });
    const claimed = await world.store.runs.claim(two, [404, closed.key, held.key, free.key]);
    assert.deepEqual(
      claimed.map(({ key }) => key),
      [free.key],
    );
    assert.equal((await world.row(closed.key)).epoch, closed.epoch);
  },
};

const distinct: ContractCase = {
  name: "every session has a name of its own, also after opening the data again",
  run: async (world) => {
    const names = new Set([await world.session(), await world.session()]);
    await world.start([...names][0] ?? "", "a");
    await world.reopen();
    names.add(await world.session());
    assert.equal(names.size, 3);
  },
};

const heir: ContractCase = {
  name: "after the holder's process is gone its runs can be claimed, at the latest when its lease is over",
  run: async (world) => {
    const row = await world.start(await world.session(), "a");
    await world.reopen();
    world.pass(minute);
    const [claimed] = await world.store.runs.claim(await world.session(), [row.key]);
    assert.equal(claimed?.epoch, row.epoch + 1);
    assert.equal(claimed.head, 1);
  },
};

export const claimCases: readonly ContractCase[] = [
  takesOver,
  keeps,
  late,
  renewed,
  ended,
  strangers,
  skipped,
  distinct,
  heir,
];
