import { connect } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { operations } from "../../../src/server/step-functions/operations.ts";
import { shapes } from "../../../src/server/step-functions/shapes.ts";
import { openApi, raw, role, type World } from "./world.ts";
import { runs } from "../../support/properties.ts";

const target = { "x-amz-target": "AWSStepFunctions.ListStateMachines" };
const json = { "content-type": "application/x-amz-json-1.0", ...target };

/** The server still answers. */
async function alive(world: World): Promise<void> {
  expect((await world.call("ListActivities")).status).toBe(200);
}

test("all 37 operations are there, each with the shape of its parameters", () => {
  expect(Object.keys(operations).toSorted()).toEqual(Object.keys(shapes).toSorted());
  expect(Object.keys(operations)).toHaveLength(37);
});

describe("hosts", () => {
  test.each(["localhost", "LOCALHOST", "127.0.0.1", "[::1]", "sync-localhost", "sync-127.0.0.1"])(
    "%s is answered, with any port",
    async (host) => {
      const world = await openApi();
      for (const port of ["", `:${world.port}`, ":80"])
        expect((await raw(world.port, { headers: { ...json, host: host + port }, body: "{}" })).status).toBe(
          200,
        );
    },
  );

  test.each([
    "evil.example",
    "localhost.evil.example",
    "evil-localhost",
    "127.0.0.1.evil.example",
    "@localhost",
  ])("%j is refused", async (host) => {
    const world = await openApi();
    const { status, text } = await raw(world.port, { headers: { ...json, host }, body: "{}" });
    expect([status, text]).toEqual([403, expect.stringContaining("This server is not")]);
  });

  test("can be added", async () => {
    const world = await openApi({ hosts: ["machines"] });
    for (const host of ["machines:1", "sync-machines"])
      expect((await raw(world.port, { headers: { ...json, host }, body: "{}" })).status).toBe(200);
  });

  test("pages of other origins are refused", async () => {
    const world = await openApi();
    const host = `localhost:${world.port}`;
    const ask = async (origin: string): Promise<number> =>
      (await raw(world.port, { headers: { ...json, host, origin }, body: "{}" })).status;
    expect(await ask(`http://${host}`)).toBe(200);
    for (const origin of ["http://evil.example", "null", `https://${host}`, "http://localhost:1"])
      expect(await ask(origin)).toBe(403);
  });
});

describe("requests that are none", () => {
  test("GET / says what this is", async () => {
    const world = await openApi();
    const { status, text } = await raw(world.port, { method: "GET" });
    expect([status, text]).toEqual([200, expect.stringContaining("AWS Step Functions API")]);
  });

  test.each([
    [{ method: "PUT" }, 405],
    [{ path: "/other", headers: json }, 404],
    [{ path: "//", headers: json }, 404],
    [{ path: "/%", headers: json }, 404],
  ])("%j is answered with %i", async (given, status) => {
    const world = await openApi();
    expect((await raw(world.port, given)).status).toBe(status);
  });

  test.each([
    undefined,
    "",
    "ListStateMachines",
    "AWSStepFunctions.",
    "AWSStepFunctions.Nothing",
    "DynamoDB_20120810.ListTables",
    "AWSStepFunctions.__proto__",
    "AWSStepFunctions.toString",
  ])("the target %j is refused", async (name) => {
    const world = await openApi();
    const headers = name === undefined ? {} : { "x-amz-target": name };
    const { status, text } = await raw(world.port, { headers, body: "{}" });
    expect([status, JSON.parse(text)]).toMatchObject([400, { __type: "UnknownOperationException" }]);
  });

  test.each([
    "",
    "{",
    "[]",
    "null",
    '"text"',
    "1",
    "\u0000",
    `{"a":${"[".repeat(100_000)}`,
    Buffer.of(0xff, 0xfe),
  ])("the body %s is refused", async (body) => {
    const world = await openApi();
    const { status, text } = await raw(world.port, { headers: json, body });
    expect([status, JSON.parse(text)]).toMatchObject([400, { __type: "SerializationException" }]);
    await alive(world);
  });

  test("bodies of more than 1 MB are refused", async () => {
    const world = await openApi();
    const body = JSON.stringify({ text: "x".repeat(1024 * 1024) });
    const { status, text } = await raw(world.port, { headers: json, body });
    expect([status, JSON.parse(text)]).toMatchObject([413, { message: "The request is larger than 1 MB." }]);
    await alive(world);
  });

  test.each(["[", '{"a":', '{"States":{"A":{"Branches":['])(
    "definitions that are nested in %s are refused",
    async (nest) => {
      const world = await openApi();
      for (const depth of [900, 5000, 30_000]) {
        const definition = nest.repeat(depth);
        expect(await world.refusal("CreateStateMachine", { name: "m", roleArn: role, definition })).toMatch(
          /^InvalidDefinition: /u,
        );
      }
      await alive(world);
    },
  );
});

test("a client that goes away while it sends is no mistake of the server's", async () => {
  const world = await openApi();
  const socket = connect(world.port, "127.0.0.1");
  socket.write(`POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: ${target["x-amz-target"]}\r\n`);
  await new Promise((resolve) => socket.write("Content-Length: 100\r\n\r\n{", resolve));
  await alive(world);
  await new Promise((resolve) => socket.once("close", resolve).destroy());
  await alive(world);
  expect(world.lines.filter((line) => line.includes("step_functions_failed"))).toEqual([]);
});

test("whatever is sent, the answer is 4xx or 200", async () => {
  const world = await openApi();
  const parts = fc.constantFrom(
    ...Array.from('{}[]:,"\\ \u0000'),
    '"name"',
    '"tags"',
    "null",
    "1e999",
    "-",
    '"\\uD800"',
    "[".repeat(5000),
    '{"a":'.repeat(5000),
  );
  const bodies = fc.oneof(
    fc.array(parts, { maxLength: 12 }).map((some) => Buffer.from(some.join(""))),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(text)),
  );
  const words = fc.constantFrom("ListStateMachines", "CreateActivity", "", "constructor", "a b");
  const prefixes = fc.constantFrom("AWSStepFunctions.", "awsstepfunctions.", ".", "");
  const headers = fc.record(
    {
      "x-amz-target": fc.tuple(prefixes, words).map((both) => both.join("")),
      "content-type": fc.constantFrom("", "text/plain", "application/json; charset=utf-16"),
      "content-encoding": fc.constantFrom("gzip", "x"),
      "transfer-encoding": fc.constant("chunked"),
      authorization: fc.string({ maxLength: 30 }).map((text) => encodeURIComponent(text)),
    },
    { requiredKeys: [] },
  );
  const paths = fc.constantFrom("/", "/", "/?", "/?a=%", "/%00", "/..", "/a/b");
  await fc.assert(
    fc.asyncProperty(bodies, headers, paths, async (body, given, path) => {
      const { status, text } = await raw(world.port, { headers: given, body, path });
      expect(status === 200 || (status >= 400 && status < 500), `${status}: ${text}`).toBe(true);
    }),
    { numRuns: runs(300) },
  );
  await alive(world);
});
