import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { operations } from "../../../src/server/step-functions/operations.ts";
import { shapes } from "../../../src/server/step-functions/shapes.ts";
import { machine, openApi, pass, raw, role, type World } from "./world.ts";

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

test("whatever is asked, the answer is 200 or 4xx", async () => {
  const world = await openApi();
  await world.ok("CreateStateMachine", {
    name: "m",
    roleArn: role,
    definition: machine(pass),
    publish: true,
  });
  const arn = "arn:aws:states:us-east-1:123456789012";
  const texts = fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.constantFrom(
      `${arn}:stateMachine:m`,
      `${arn}:stateMachine:m:1`,
      `${arn}:execution:m:e`,
      `${arn}:activity:a`,
      `${arn}:mapRun:m/l:i`,
    ),
    fc.constantFrom("m", "e", "a", role, machine(pass), "{}", "\uD800", "a".repeat(3000)),
  );
  const values = fc.oneof(texts, fc.jsonValue({ maxDepth: 2 }));
  const fields = [
    ...new Set(
      Object.values(shapes).flatMap((shape) => Object.keys(shape).map((name) => name.replace("!", ""))),
    ),
  ];
  const params = fc.dictionary(fc.constantFrom(...fields), values, { maxKeys: 6 });
  // GetActivityTask waits for a task.
  const names = fc.constantFrom(...Object.keys(operations).filter((name) => name !== "GetActivityTask"));
  await fc.assert(
    fc.asyncProperty(names, params, async (name, given) => {
      const { status } = await world.call(name, given);
      expect(
        status === 200 || (status >= 400 && status < 500),
        `${name} ${JSON.stringify(given)}: ${status}`,
      ).toBe(true);
    }),
    { numRuns: 600 },
  );
});
