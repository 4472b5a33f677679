// Where a Distributed Map has its items from, and how it puts them together.
import { describe, expect, test } from "vitest";
import { reader, withFiles } from "./files.ts";
import { chain, distributed, openReal } from "./real.ts";

describe("ItemReader", () => {
  test.each([
    ["a.json", "JSON", "[1,2,3]", "[1,2,3]"],
    ["a.jsonl", "JSONL", '{"a":1}\n{"a":2}\n', '[{"a":1},{"a":2}]'],
  ])("reads %s from a folder", async (name, type, text, output) => {
    const { api } = await withFiles({ [name]: text });
    expect(
      await api.run(chain({ Each: distributed({ P: { Type: "Pass" } }, reader(name, type)) })),
    ).toMatchObject({ status: "SUCCEEDED", output });
  });

  test("reads CSV with ItemSelector, at most MaxItems", async () => {
    const { api } = await withFiles({ "a.csv": "n,name\n1,one\n2,two\n3,three\n" });
    const state = distributed(
      { P: { Type: "Pass" } },
      {
        ...reader("a.csv", "CSV", { CSVHeaderLocation: "FIRST_ROW", MaxItems: 2 }),
        ItemSelector: {
          "index.$": "$$.Map.Item.Index",
          "name.$": "$$.Map.Item.Value.name",
          "from.$": "$.from",
        },
      },
    );
    const { output } = await api.run(chain({ Each: state }), { input: { from: "input" } });
    expect(JSON.parse(output)).toEqual([
      { index: 0, name: "one", from: "input" },
      { index: 1, name: "two", from: "input" },
    ]);
  });

  test("that finds nothing fails with States.ItemReaderFailed", async () => {
    const { api } = await withFiles({});
    const ended = await api.run(
      chain({ Each: distributed({ P: { Type: "Pass" } }, reader("none.json", "JSON")) }),
    );
    expect(ended).toMatchObject({ status: "FAILED", error: "States.ItemReaderFailed" });
    expect(await api.mapRun(ended.executionArn)).toMatchObject({ status: "FAILED" });
  });
});

describe("ItemBatcher", () => {
  const batched = (ItemBatcher: object, more: object = {}): object =>
    chain({ Each: distributed({ P: { Type: "Pass" } }, { ItemBatcher, ...more }) });

  test("by number, with input of its own, from paths", async () => {
    const api = await openReal();
    const definition = batched(
      { MaxItemsPerBatchPath: "$.most", BatchInput: { "from.$": "$.from" } },
      { ItemsPath: "$.items", ItemSelector: { "n.$": "$$.Map.Item.Value" } },
    );
    const { output, executionArn } = await api.run(definition, {
      input: { most: 2, from: "x", items: [1, 2, 3] },
    });
    expect(JSON.parse(output)).toEqual([
      { BatchInput: { from: "x" }, Items: [{ n: 1 }, { n: 2 }] },
      { BatchInput: { from: "x" }, Items: [{ n: 3 }] },
    ]);
    expect(await api.mapRun(executionArn)).toMatchObject({
      itemCounts: { succeeded: 3, total: 3 },
      executionCounts: { succeeded: 2, total: 2 },
    });
  });

  test("by bytes, which are counted with the input that goes along", async () => {
    const api = await openReal();
    const items = ["ä".repeat(20), "b".repeat(40), "c".repeat(40)];
    const bytes = async (MaxInputBytesPerBatch: number, more: object = {}): Promise<number[]> => {
      const { output } = await api.run(batched({ MaxInputBytesPerBatch, ...more }), { input: items });
      const batches = JSON.parse(output) as { Items: unknown[] }[];
      for (const batch of batches)
        expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThanOrEqual(MaxInputBytesPerBatch);
      return batches.map(({ Items }) => Items.length);
    };
    const two = Buffer.byteLength(JSON.stringify({ Items: items.slice(0, 2) }));
    expect(await bytes(two)).toEqual([2, 1]);
    expect(await bytes(two - 1)).toEqual([1, 1, 1]);
    expect(await bytes(two, { BatchInput: { more: 1 } })).toEqual([1, 1, 1]);
  });

  test("in JSONata", async () => {
    const api = await openReal();
    const state = distributed(
      { P: { Type: "Pass" } },
      {
        QueryLanguage: "JSONata",
        Items: "{% $states.input.items %}",
        ItemSelector: {
          n: "{% $states.context.Map.Item.Value * 10 %}",
          i: "{% $states.context.Map.Item.Index %}",
        },
        ItemBatcher: {
          MaxItemsPerBatch: "{% $states.input.most %}",
          BatchInput: { all: "{% $count($states.input.items) %}" },
        },
      },
    );
    const { output } = await api.run(chain({ Each: state }), { input: { most: 2, items: [1, 2, 3] } });
    expect(JSON.parse(output)).toEqual([
      {
        BatchInput: { all: 3 },
        Items: [
          { n: 10, i: 0 },
          { n: 20, i: 1 },
        ],
      },
      { BatchInput: { all: 3 }, Items: [{ n: 30, i: 2 }] },
    ]);
  });
});
