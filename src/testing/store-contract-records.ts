/** The contract of records. */
import assert from "node:assert/strict";
import type { StoredRecord } from "../store/records.ts";
import { type ContractCase, type ContractWorld, hasCode } from "./store-contract-world.ts";

/** Writes a record that nothing stands in the way of; returns its version. */
async function put(world: ContractWorld, key: string, text = "1", collection = "c"): Promise<number> {
  const version = await world.store.records.put(collection, key, { text });
  assert.ok(version !== "conflict", "nothing was expected");
  return version;
}

async function keys(
  world: ContractWorld,
  filter: { prefix?: string; after?: string; limit?: number } = {},
): Promise<string[]> {
  return (await world.store.records.list("c", { limit: 100, ...filter })).map(({ key }) => key);
}

const plain: ContractCase = {
  name: "a record is what was written last, and gone when it was removed",
  run: async (world) => {
    const { records } = world.store;
    assert.equal(await records.get("c", "k"), undefined);
    const first = await put(world, "k", '{"a":1}');
    assert.deepEqual(await records.get("c", "k"), { key: "k", text: '{"a":1}', version: first });
    const second = await put(world, "k", '{"a":2}');
    assert.ok(second > first, "versions ascend");
    assert.deepEqual(await records.get("c", "k"), { key: "k", text: '{"a":2}', version: second });
    assert.equal(await records.remove("c", "k"), "removed");
    assert.equal(await records.get("c", "k"), undefined);
    assert.equal(await records.remove("c", "k"), "removed");
    assert.ok((await put(world, "k")) > second, "a version is never given twice");
  },
};

const conditions: ContractCase = {
  name: "a write that expects another record than is there changes nothing",
  run: async (world) => {
    const { records } = world.store;
    const first = await records.put("c", "k", { text: "1", expected: "absent" });
    assert.ok(first !== "conflict");
    assert.equal(await records.put("c", "k", { text: "2", expected: "absent" }), "conflict");
    const second = await records.put("c", "k", { text: "3", expected: first });
    assert.ok(second !== "conflict");
    assert.equal(await records.put("c", "k", { text: "4", expected: first }), "conflict");
    assert.equal(await records.remove("c", "k", { expected: first }), "conflict");
    assert.equal(await records.remove("c", "k", { expected: "absent" }), "conflict");
    assert.equal((await records.get("c", "k"))?.text, "3");
    assert.equal(await records.remove("c", "k", { expected: second }), "removed");
    assert.equal(await records.put("c", "k", { text: "5", expected: second }), "conflict");
    assert.equal(await records.remove("c", "k", { expected: second }), "conflict");
    assert.equal(await records.get("c", "k"), undefined);
  },
};

const oneWinner: ContractCase = {
  name: "of writes that expect the same version one is applied",
  run: async (world) => {
    const expected = await put(world, "k", "0");
    const other = await world.another();
    const writes = Array.from({ length: 8 }, (_, index) =>
      (index % 2 === 0 ? world.store : other).records.put("c", "k", { text: String(index), expected }),
    );
    const won = (await Promise.all(writes)).filter((version) => version !== "conflict");
    assert.equal(won.length, 1);
    assert.equal((await world.store.records.get("c", "k"))?.version, won[0]);
  },
};

const order: ContractCase = {
  name: "lists of records are in the order of code points, in pages that neither repeat nor skip",
  run: async (world) => {
    const wanted = ["", "A", "a", "a%", "a/1", "a/10", "a/2", "a_", "b", "\uFFFD", "\u{10FFFF}"];
    for (const key of wanted.toReversed()) await put(world, key);
    await put(world, "elsewhere", "1", "d");
    assert.deepEqual(await keys(world), wanted);
    const found: string[] = [];
    for (let after: string | undefined; ; after = found.at(-1)) {
      const page = await keys(world, { limit: 3, ...(after === undefined ? {} : { after }) });
      if (page.length === 0) break;
      found.push(...page);
    }
    assert.deepEqual(found, wanted);
  },
};

const prefixes: ContractCase = {
  name: "lists of records can be limited to keys that begin with a text, taken as it is",
  run: async (world) => {
    for (const key of ["a", "a%b", "axb", "a\u{10FFFF}z", "b", "B"]) await put(world, key);
    assert.deepEqual(await keys(world, { prefix: "a" }), ["a", "a%b", "axb", "a\u{10FFFF}z"]);
    assert.deepEqual(await keys(world, { prefix: "a%" }), ["a%b"]);
    assert.deepEqual(await keys(world, { prefix: "a", after: "a%b", limit: 1 }), ["axb"]);
    assert.deepEqual(await keys(world, { prefix: "b", after: "a" }), ["b"]);
    assert.deepEqual(await keys(world, { prefix: "" }), ["B", "a", "a%b", "axb", "a\u{10FFFF}z", "b"]);
    assert.deepEqual(await keys(world, { prefix: "zz" }), []);
    assert.deepEqual(await world.store.records.list("none", { limit: 9 }), []);
  },
};

const texts: ContractCase = {
  name: "records keep every character, and turn lone surrogates into U+FFFD",
  run: async (world) => {
    const odd = "a\u0000b\u{1F600}\uD800";
    await put(world, odd, JSON.stringify(odd), odd);
    const found = await world.store.records.get(odd, odd);
    assert.equal(found?.key, "a\u0000b\u{1F600}\uFFFD");
    assert.equal(found.text, JSON.stringify(odd).toWellFormed());
    const long = `"${"x".repeat(2_000_000)}"`;
    await put(world, "long", long);
    assert.equal((await world.store.records.get("c", "long"))?.text, long);
  },
};

async function all(world: ContractWorld): Promise<readonly StoredRecord[]> {
  return await world.store.records.list("c", { limit: 100 });
}

const durable: ContractCase = {
  name: "D1: records are there when the data is opened again, and versions go on ascending",
  run: async (world) => {
    await put(world, "a");
    const last = await put(world, "b", '{"b":true}');
    await put(world, "gone");
    await world.store.records.remove("c", "gone");
    const before = await all(world);
    assert.equal(before.length, 2);
    await world.reopen();
    assert.deepEqual(await all(world), before);
    assert.ok((await put(world, "c")) > last);
  },
};

const beside: ContractCase = {
  name: "records and runs do not disturb each other",
  run: async (world) => {
    const session = await world.session();
    await put(world, "a");
    const row = await world.start(session, "a");
    await put(world, "a", "2");
    await world.advance(session, row.key);
    assert.equal((await world.store.records.get("c", "a"))?.text, "2");
    assert.deepEqual(await world.events(row.key), ["born", "step"]);
    await assert.rejects(
      world.store.commit({ session: "unknown", operation: "1", runs: [], messages: [] }),
      hasCode("DRM-FENCED"),
    );
    assert.equal((await world.store.records.get("c", "a"))?.text, "2");
  },
};

export const recordCases: readonly ContractCase[] = [
  plain,
  conditions,
  oneWinner,
  order,
  prefixes,
  texts,
  durable,
  beside,
];
