/** The contract of lists: filters, order, pages. */
import assert from "node:assert/strict";
import { runStatuses } from "../core/status.ts";
import type { RunFilter } from "../store/runs.ts";
import { completed, type ContractCase, type ContractWorld, waiting } from "./store-contract-world.ts";

/** Ids of the runs that a filter lets through, in order. */
async function ids(world: ContractWorld, filter: Partial<RunFilter>): Promise<string[]> {
  return (await world.store.runs.list({ limit: 100, ...filter })).map(({ id }) => id);
}

const plain: ContractCase = {
  name: "lists are newest first, in pages that neither repeat nor skip",
  run: async (world) => {
    assert.deepEqual(await ids(world, {}), []);
    const session = await world.session();
    for (const id of ["a", "b", "c", "d", "e"]) await world.start(session, id);
    assert.deepEqual(await ids(world, {}), ["e", "d", "c", "b", "a"]);
    const found: string[] = [];
    let before: number | undefined;
    for (let page = 0; page < 4; page += 1) {
      const rows = await world.store.runs.list({ limit: 2, before });
      found.push(...rows.map(({ id }) => id));
      before = rows.at(-1)?.key ?? before;
    }
    assert.deepEqual(found, ["e", "d", "c", "b", "a"]);
  },
};

const sameRows: ContractCase = {
  name: "listed rows are the rows",
  run: async (world) => {
    const session = await world.session();
    const row = await world.start(session, "a", { parentKey: 5, state: { ...waiting, wakeAt: 3_000 } });
    assert.deepEqual(await world.store.runs.list({ limit: 1 }), [row]);
  },
};

const byStatus: ContractCase = {
  name: "lists can be limited to each status",
  run: async (world) => {
    const session = await world.session();
    for (const status of runStatuses) {
      const closedAt = status === "running" ? undefined : 2_000;
      await world.start(session, status, { state: { status, paused: false, closedAt } });
    }
    for (const status of runStatuses) assert.deepEqual(await ids(world, { status }), [status]);
  },
};

const byFlags: ContractCase = {
  name: "lists can be limited by the flags, either way",
  run: async (world) => {
    const session = await world.session();
    await world.start(session, "plain");
    await world.start(session, "paused", { state: { ...waiting, paused: true } });
    await world.start(session, "parked", { state: { ...waiting, parked: '"why"' } });
    await world.start(session, "done", { state: completed(2_000) });
    assert.deepEqual(await ids(world, { paused: true }), ["paused"]);
    assert.deepEqual(await ids(world, { parked: true }), ["parked"]);
    assert.deepEqual(await ids(world, { paused: false }), ["done", "parked", "plain"]);
    assert.deepEqual(await ids(world, { parked: false }), ["done", "paused", "plain"]);
    assert.deepEqual(await ids(world, { paused: false, parked: false, status: "running" }), ["plain"]);
    assert.deepEqual(await ids(world, { paused: true, status: "completed" }), []);
  },
};

const byWorkflow: ContractCase = {
  name: "lists can be limited to a workflow and to the children of a run",
  run: async (world) => {
    const session = await world.session();
    const { key } = await world.start(session, "a", { workflow: "one" });
    await world.start(session, "b", { workflow: "two", parentKey: key });
    await world.start(session, "c", { workflow: "one", parentKey: key });
    await world.start(session, "d", { workflow: "one", parentKey: key + 1_000 });
    assert.deepEqual(await ids(world, { workflow: "one" }), ["d", "c", "a"]);
    assert.deepEqual(await ids(world, { workflow: "unheard of" }), []);
    assert.deepEqual(await ids(world, { parentKey: key }), ["c", "b"]);
    assert.deepEqual(await ids(world, { parentKey: key, workflow: "one", limit: 1 }), ["c"]);
    assert.deepEqual(await ids(world, { parentKey: key, status: "completed" }), []);
  },
};

const byPrefix: ContractCase = {
  name: "lists can be limited to ids that begin with a text, taken as it is",
  run: async (world) => {
    const session = await world.session();
    const names = ["a", "ab", "a%b", "a_b", "axb", "A", "a\u{10FFFF}z", "a\u{1F600}", "b"];
    for (const id of names) await world.start(session, id);
    assert.deepEqual(await ids(world, { idPrefix: "a%" }), ["a%b"]);
    assert.deepEqual(await ids(world, { idPrefix: "a_" }), ["a_b"]);
    assert.deepEqual(await ids(world, { idPrefix: "a\u{1F600}" }), ["a\u{1F600}"]);
    assert.deepEqual(await ids(world, { idPrefix: "zz" }), []);
    assert.deepEqual(await ids(world, { idPrefix: "" }), names.toReversed());
    const begin = names.filter((id) => id.startsWith("a")).toReversed();
    assert.deepEqual(await ids(world, { idPrefix: "a" }), begin);
    assert.deepEqual(await ids(world, { idPrefix: "a", limit: 2 }), begin.slice(0, 2));
    const before = (await world.store.runs.byId("axb"))?.key;
    assert.deepEqual(await ids(world, { idPrefix: "a", before }), ["a_b", "a%b", "ab", "a"]);
  },
};

const together: ContractCase = {
  name: "all conditions of a list must hold",
  run: async (world) => {
    const session = await world.session();
    const wanted = { workflow: "one", parentKey: 9, state: { ...waiting, paused: true, parked: '"why"' } };
    await world.start(session, "r-1", wanted);
    await world.start(session, "r-2", { ...wanted, workflow: "two" });
    await world.start(session, "r-3", { ...wanted, parentKey: 8 });
    await world.start(session, "r-4", { ...wanted, state: { ...wanted.state, paused: false } });
    await world.start(session, "r-5", { ...wanted, state: { ...waiting, paused: true } });
    await world.start(session, "s-6", wanted);
    const filter = {
      workflow: "one",
      parentKey: 9,
      paused: true,
      parked: true,
      status: "running",
      idPrefix: "r-",
    } as const;
    assert.deepEqual(await ids(world, filter), ["r-1"]);
  },
};

export const listCases: readonly ContractCase[] = [
  plain,
  sameRows,
  byStatus,
  byFlags,
  byWorkflow,
  byPrefix,
  together,
];
