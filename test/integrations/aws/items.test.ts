// The items of a Distributed Map: formats, pages, memory, and what fails.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fieldsOf } from "../../../src/integrations/aws/items/csv.ts";
import type { Json, JsonObject } from "../../../src/notations/asl/json.ts";
import {
  callOptions,
  closing,
  context,
  failureOf,
  host,
  readAllItems,
  type Reading,
} from "./support/calls.ts";
import { serveObjects, type ObjectServer } from "./support/servers.ts";
import { runs } from "../../support/properties.ts";

const CSV: JsonObject = { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" };
const JSON_ARRAY: JsonObject = { InputType: "JSON" };
const LIST = "arn:aws:states:::s3:listObjectsV2";
const AT = { Bucket: "bucket", Key: "items" };

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "daruma-items-test-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** The items of one local file. */
async function itemsOf(
  text: string | Buffer,
  config: JsonObject,
  rest: Partial<Reading> = {},
): Promise<Json[]> {
  await writeFile(join(root, "items"), text);
  const services = host({ files: { root } });
  return (await readAllItems(services, { config, parameters: { ...AT, Bucket: "file:." }, ...rest })).items;
}

describe("CSV", () => {
  it("has headers in its first row, or is given them", async () => {
    expect(await itemsOf("a,b\n1,2\n3,4\n", CSV)).toEqual([
      { a: "1", b: "2" },
      { a: "3", b: "4" },
    ]);
    const given = { InputType: "CSV", CSVHeaderLocation: "GIVEN", CSVHeaders: ["x", "y"] };
    expect(await itemsOf("1,2\n3,4", given)).toEqual([
      { x: "1", y: "2" },
      { x: "3", y: "4" },
    ]);
  });

  it("fills what is missing, drops what is more, and passes over empty lines", async () => {
    expect(await itemsOf("a,b\n1\n1,2,3\n\n   \n,,,\n", CSV)).toEqual([
      { a: "1", b: "" },
      { a: "1", b: "2" },
      { a: "   ", b: "" },
      { a: "", b: "" },
    ]);
  });

  it("knows quotation marks, line ends in them, backslashes, and a byte order mark", async () => {
    expect(await itemsOf('\uFEFF"a b",b\r\n"x, ""y""\nz",2\r\n', CSV)).toEqual([
      { "a b": 'x, "y"\nz', b: "2" },
    ]);
    expect(await itemsOf('p,n\nC:\\\\Files\\\\a.exe,1\na\\,b\\",2\nend\\\n3,4\n', CSV)).toEqual([
      { p: "C:\\Files\\a.exe", n: "1" },
      { p: 'a,b"', n: "2" },
      { p: "end", n: "" },
      { p: "3", n: "4" },
    ]);
    expect(fieldsOf('"","a"b,"""",c"d', ",")).toEqual(["", "ab", '"', 'c"d']);
    expect(fieldsOf('a,"', ",")).toEqual(["a", ""]);
  });

  it("has other delimiters", async () => {
    for (const [CSVDelimiter, char] of Object.entries({
      PIPE: "|",
      SEMICOLON: ";",
      SPACE: " ",
      TAB: "\t",
      COMMA: ",",
    })) {
      expect(await itemsOf(`a${char}b\n1${char}"${char}"`, { ...CSV, CSVDelimiter })).toEqual([
        { a: "1", b: char },
      ]);
    }
  });

  it("refuses headers that are not distinct", async () => {
    expect(await failureOf(itemsOf("a,a\n1,2", CSV))).toEqual({
      error: "States.ItemReaderFailed",
      cause: "CSV headers cannot contain duplicates.",
    });
  });

  it("may have any names, and none at all", async () => {
    const [item] = await itemsOf("__proto__,constructor\n1,2\n", CSV);
    expect(Object.entries(item as JsonObject)).toEqual([
      ["__proto__", "1"],
      ["constructor", "2"],
    ]);
    expect(await itemsOf("", CSV)).toEqual([]);
    expect(await itemsOf("a,b", CSV)).toEqual([]);
  });

  it("comes back as it was written, whatever is in it", async () => {
    const field = fc.string({
      unit: fc.constantFrom("a", '"', ",", "\n", "\\", " ", "é", "😀"),
      maxLength: 8,
    });
    const quoted = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(field, field), { maxLength: 5 }), async (rows) => {
        const text = ["x,y", ...rows.map((row) => row.map(quoted).join(","))].join("\n");
        expect(await itemsOf(text, CSV)).toEqual(rows.map(([x, y]) => ({ x, y })));
      }),
      { numRuns: runs(50) },
    );
  });
});

describe("JSON", () => {
  it("is a list of anything", async () => {
    const items = [1, 'a,]"\\', [["x"], []], { a: [1, { b: "}" }] }, null, true, 1.5e3, {}];
    expect(await itemsOf(JSON.stringify(items), JSON_ARRAY)).toEqual(items);
    expect(await itemsOf(JSON.stringify(items, undefined, 2), JSON_ARRAY)).toEqual(items);
    expect(await itemsOf("\uFEFF [ ] ", JSON_ARRAY)).toEqual([]);
  });

  it("may have its list deeper, where a pointer shows", async () => {
    const text = JSON.stringify({
      x: [{ items: [0] }, { items: [1] }],
      items: [9],
      "a/b~": { "": [2, 3] },
      q: '"items":[',
    });
    const at = (ItemsPointer: string): Promise<Json[]> => itemsOf(text, { ...JSON_ARRAY, ItemsPointer });
    expect(await at("/items")).toEqual([9]);
    expect(await at("/x/1/items")).toEqual([1]);
    expect(await at("/a~1b~0/")).toEqual([2, 3]);
    expect((await failureOf(at("/q"))).cause).toBe("Attempting to map over non-iterable node.");
    expect((await failureOf(at("/none"))).cause).toBe("Attempting to map over non-iterable node.");
    expect((await failureOf(at("items"))).cause).toContain("not a JSON pointer");
  });

  it("must be a list, and JSON", async () => {
    for (const text of ['{"Hello":"world"}', "5", '"text"', ""]) {
      expect(await failureOf(itemsOf(text, JSON_ARRAY))).toEqual({
        error: "States.ItemReaderFailed",
        cause: "Attempting to map over non-iterable node.",
      });
    }
    for (const text of ["[1,]", "[1,,2]", "[1 2]", "[1", '["a', "[1,", "[x]", "[,]"]) {
      expect((await failureOf(itemsOf(text, JSON_ARRAY))).cause).toContain("not valid JSON");
    }
  });

  it("comes back as it was written", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 8 }), fc.nat(3), async (value, indent) => {
        const text = JSON.stringify({ skip: value, list: value }, undefined, indent);
        expect(await itemsOf(text, { ...JSON_ARRAY, ItemsPointer: "/list" })).toEqual(
          JSON.parse(JSON.stringify(value)),
        );
      }),
      { numRuns: runs(50) },
    );
  });

  it("may be one value per line", async () => {
    const JSONL = { InputType: "JSONL" };
    expect(await itemsOf('{"a":1}\r\n\n[2]\n"x"', JSONL)).toEqual([{ a: 1 }, [2], "x"]);
    expect((await failureOf(itemsOf("{", JSONL))).error).toBe("States.ItemReaderFailed");
  });
});

describe("compressed data", () => {
  it("is decompressed, over many pages too", async () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `${index},${"x".repeat(50)}`);
    const items = await itemsOf(gzipSync(`n,text\n${lines.join("\n")}`), CSV);
    expect(items).toHaveLength(5000);
    expect(items.at(-1)).toEqual({ n: "4999", text: "x".repeat(50) });
  });
});

describe("a limit", () => {
  it("ends reading; 0 is none", async () => {
    const text = JSON.stringify(Array.from({ length: 2500 }, (_, index) => index));
    expect(await itemsOf(text, JSON_ARRAY, { maxItems: 2 })).toEqual([0, 1]);
    expect(await itemsOf(text, JSON_ARRAY, { maxItems: 1500 })).toHaveLength(1500);
    expect(await itemsOf(text, JSON_ARRAY, { maxItems: 0 })).toHaveLength(2500);
    expect(await itemsOf(text, JSON_ARRAY, { maxItems: 100_000_001 })).toHaveLength(2500);
  });
});

describe("manifests", () => {
  it("of an inventory name compressed files and their columns", async () => {
    const server = closing(await serveObjects());
    const manifest = {
      destinationBucket: "arn:aws:s3:::inventories",
      fileFormat: "CSV",
      fileSchema: "Bucket, Key, Size",
      files: [{ key: "data/1.csv.gz" }, { key: "data/2.csv.gz" }],
    };
    server.objects.set("bucket/items", Buffer.from(JSON.stringify(manifest)));
    server.objects.set("inventories/data/1.csv.gz", gzipSync('"b","k1","1"\n"b","k2","2"\n'));
    server.objects.set("inventories/data/2.csv.gz", gzipSync('"b","k3","3"\n'));
    const config = { InputType: "MANIFEST" };
    const { items } = await readAllItems(host({ s3Endpoint: server.url }), { config, parameters: AT });
    expect(items).toEqual([
      { Bucket: "b", Key: "k1", Size: "1" },
      { Bucket: "b", Key: "k2", Size: "2" },
      { Bucket: "b", Key: "k3", Size: "3" },
    ]);
  });

  it("of Athena are lists of addresses, of files in any format", async () => {
    const server = closing(await serveObjects());
    server.objects.set("bucket/items", Buffer.from("s3://other/1\ns3://other/sub/2\n"));
    server.objects.set("other/1", Buffer.from('{"a":1}\n{"a":2}\n'));
    server.objects.set("other/sub/2", gzipSync('{"a":3}\n'));
    const config = { InputType: "JSONL", ManifestType: "ATHENA_DATA" };
    const { items } = await readAllItems(host({ s3Endpoint: server.url }), { config, parameters: AT });
    expect(items).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
  });
});

describe("a listing", () => {
  it("is of objects, over many pages", async () => {
    const server = closing(await serveObjects());
    for (let index = 0; index < 2500; index += 1) {
      server.objects.set(`bucket/in/${String(index).padStart(5, "0")}`, Buffer.from("x"));
    }
    server.objects.set("bucket/other", Buffer.from("x"));
    const parameters = { Bucket: "bucket", Prefix: "in/" };
    const { items, pages } = await readAllItems(host({ s3Endpoint: server.url }), {
      parameters,
      resource: LIST,
    });
    expect(items).toHaveLength(2500);
    expect(pages).toBe(3);
    expect(items[0]).toEqual({
      Etag: '"e"',
      Key: "in/00000",
      LastModified: 1_767_225_600,
      Size: 1,
      StorageClass: "STANDARD",
    });
  });

  it("may be loaded and flattened", async () => {
    const server = closing(await serveObjects());
    server.objects.set("bucket/in/", Buffer.from(""));
    server.objects.set(
      "bucket/in/1.json",
      Buffer.from(JSON.stringify(Array.from({ length: 1500 }, (_, i) => i))),
    );
    server.objects.set("bucket/in/2.json", Buffer.from("[]"));
    server.objects.set("bucket/in/3.json", Buffer.from('["last"]'));
    const config = { ...JSON_ARRAY, Transformation: "LOAD_AND_FLATTEN" };
    const parameters = { Bucket: "bucket", Prefix: "in/" };
    const { items } = await readAllItems(host({ s3Endpoint: server.url }), {
      config,
      parameters,
      resource: LIST,
    });
    expect(items).toHaveLength(1501);
    expect(items.at(-1)).toBe("last");
  });
});

/** 100,000 rows of CSV, about 6 MB. */
function manyRows(): Buffer {
  const rows = Array.from(
    { length: 100_000 },
    (_, index) => `${index},name-${index},"a quoted, text ${index}"`,
  );
  return Buffer.from(`id,name,text\n${rows.join("\n")}\n`);
}

describe("a large object", () => {
  async function read(server: ObjectServer): Promise<{ count: number; pages: number; sum: number }> {
    const services = host({ s3Endpoint: server.url });
    let [count, pages, sum] = [0, 0, 0];
    for (let cursor: string | undefined; ;) {
      const call = {
        resource: "arn:aws:states:::s3:getObject",
        parameters: AT,
        config: CSV,
        cursor,
        context,
      };
      const page = await services.readItems(call, callOptions());
      expect(page.items.length).toBeLessThanOrEqual(1000);
      expect(JSON.stringify(page.items).length).toBeLessThan(300 * 1024);
      count += page.items.length;
      for (const item of page.items) sum += Number((item as { id: string }).id);
      pages += 1;
      ({ cursor } = page);
      if (cursor === undefined) return { count, pages, sum };
    }
  }

  it("is read in windows, about once", async () => {
    const server = closing(await serveObjects());
    const body = manyRows();
    server.objects.set("bucket/items", body);
    const before = process.memoryUsage().rss;
    const { count, sum } = await read(server);
    expect([count, sum]).toEqual([100_000, (100_000 * 99_999) / 2]);
    expect(server.sent).toBeLessThan(body.length * 1.5);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  });

  it("is copied once where there are no ranges", async () => {
    const server = closing(await serveObjects({ ranges: false }));
    const body = manyRows();
    server.objects.set("bucket/items", body);
    expect((await read(server)).count).toBe(100_000);
    expect(server.sent).toBe(body.length);
  });

  it("must not change while it is read, and may be asked for the same page again", async () => {
    const server = closing(await serveObjects());
    server.objects.set("bucket/items", manyRows());
    const services = host({ s3Endpoint: server.url });
    const call = { resource: "arn:aws:states:::s3:getObject", parameters: AT, config: CSV, context };
    const first = await services.readItems(call, callOptions());
    const next = { ...call, cursor: first.cursor };
    // A page is asked for again after a crash: by another process.
    const again = await host({ s3Endpoint: server.url }).readItems(next, callOptions());
    expect(again).toEqual(await services.readItems(next, callOptions()));
    server.objects.set("bucket/items", Buffer.from("id\n1\n"));
    const fresh = host({ s3Endpoint: server.url });
    expect((await failureOf(fresh.readItems(next, callOptions()))).cause).toContain("has changed");
  });
});

describe("what cannot be read", () => {
  it("fails the reader, and says why", async () => {
    const services = host({ s3Endpoint: closing(await serveObjects()).url });
    const read = (config: JsonObject): Promise<unknown> => readAllItems(services, { config, parameters: AT });
    const missing = await failureOf(read(CSV));
    expect(missing.error).toBe("States.ItemReaderFailed");
    expect(missing.cause).toContain(
      "The specified key does not exist. (Service: Amazon S3; Status Code: 404;",
    );
    const server = closing(await serveObjects());
    server.objects.set("bucket/items", Buffer.from("PAR1"));
    const parquet = readAllItems(host({ s3Endpoint: server.url }), {
      config: { InputType: "PARQUET" },
      parameters: AT,
    });
    expect((await failureOf(parquet)).cause).toContain("itemReader:PARQUET");
    const away = readAllItems(host({ s3Endpoint: "http://127.0.0.1:1" }), { config: CSV, parameters: AT });
    expect((await failureOf(away)).error).toBe("States.ItemReaderFailed");
  });

  it("may be read by a handler", async () => {
    const services = host({
      handlers: {
        "itemReader:PARQUET": (input) =>
          "Cursor" in (input as JsonObject) ? ["c"] : { Items: ["a", "b"], Cursor: "2" },
      },
    });
    const { items, pages } = await readAllItems(services, {
      config: { InputType: "PARQUET" },
      parameters: AT,
    });
    expect([items, pages]).toEqual([["a", "b", "c"], 2]);
  });
});
