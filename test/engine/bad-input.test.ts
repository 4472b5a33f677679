import { activity, Daruma, query, signal, sleep, workflow } from "daruma";
import type { StandardSchema } from "daruma";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { shownSafely } from "../support/shown.ts";
import { typesOf, World } from "../support/world.ts";

const opened: Daruma[] = [];
const note = signal<string>("note");

async function open(...args: Parameters<typeof Daruma.open>): Promise<Daruma> {
  const daruma = await Daruma.open(...args);
  opened.push(daruma);
  return daruma;
}

afterEach(async () => {
  for (const daruma of opened.splice(0)) await daruma.close();
});

describe("a start", () => {
  const flow = workflow("flow", async (n: number) => n, { input: z.number().int().default(7) });

  it("of a workflow that nobody knows is refused with the names that exist", async () => {
    const daruma = await open("memory:", { workflows: [flow] });
    await expect(daruma.start("flwo")).rejects.toMatchObject({
      code: "DRM-UNKNOWN-WORKFLOW",
      workflow: "flwo",
      expected: 'one of "flow"',
    });
  });

  it("with an input that fails the schema is refused with what is wrong where", async () => {
    const order = workflow("order", async (input: { eggs: number; to: { name: string }[] }) => input.eggs, {
      input: z.object({ eggs: z.number().min(1), to: z.array(z.object({ name: z.string() })) }),
    });
    const daruma = await open("memory:", { workflows: [order] });
    for (const by of [order, "order" as const]) {
      const input = { eggs: 0, to: [{ name: "a" }, { name: 7 }] };
      const start = daruma.start(by as string, { input, id: "never" });
      await expect(start).rejects.toMatchObject({
        code: "DRM-INVALID-INPUT",
        issues: [{ path: "$.eggs" }, { path: "$.to[1].name" }],
      });
    }
    await expect(daruma.get("never").describe()).rejects.toMatchObject({ code: "DRM-RUN-NOT-FOUND" });
  });

  it("gets what the schema makes of the input, once", async () => {
    const parsed = workflow("parsed", async (when: Date) => when.toISOString(), {
      input: z.string().transform((text) => new Date(text)) as unknown as StandardSchema<Date>,
    });
    const daruma = await open("memory:", { workflows: [flow, parsed] });
    expect(await (await daruma.start(flow)).result()).toBe(7);
    const run = await daruma.start("parsed", { input: "2026-01-02T00:00:00Z" });
    expect(await run.result()).toBe("2026-01-02T00:00:00.000Z");
  });

  it("takes an asynchronous schema; one that breaks is an error of the start", async () => {
    const slow: StandardSchema<number> = {
      "~standard": { version: 1, vendor: "test", validate: async (value) => ({ value: Number(value) + 1 }) },
    };
    const broken: StandardSchema<number> = {
      "~standard": {
        version: 1,
        vendor: "test",
        validate: () => {
          throw new RangeError("schema");
        },
      },
    };
    const one = workflow("one", async (n: number) => n, { input: slow });
    const two = workflow("two", async (n: number) => n, { input: broken });
    const daruma = await open("memory:", { workflows: [one, two] });
    expect(await (await daruma.start(one, { input: 1 })).result()).toBe(2);
    await expect(daruma.start(two, { input: 1 })).rejects.toThrow("schema");
  });

  it("with an id that is taken is refused, whether that run is open or closed; a repeat of the same start is not", async () => {
    const world = new World();
    const wait = workflow("wait", async () => note.receive());
    for (const cacheSize of [0, 1000]) {
      const daruma = await world.open([wait], { cacheSize, checkDeterminism: false });
      const id = `r${cacheSize}`;
      const run = await daruma.start(wait, { id, operation: "op" });
      expect((await daruma.start(wait, { id, operation: "op" })).id).toBe(id);
      await expect(daruma.start(wait, { id })).rejects.toMatchObject({
        code: "DRM-DUPLICATE-RUN",
        status: "running",
      });
      await run.signal(note, "go");
      expect(await world.until(run.result())).toBe("go");
      await expect(daruma.start(wait, { id })).rejects.toMatchObject({
        code: "DRM-DUPLICATE-RUN",
        status: "completed",
      });
      expect((await daruma.start(wait, { id, operation: "op" })).id).toBe(id);
      expect(await world.until(daruma.get(id).result())).toBe("go");
      await daruma.crash();
    }
  });

  it("many at once with one id: one is started, and only one", async () => {
    const world = new World();
    const called: string[] = [];
    const act = activity("act", async (name: string) => void called.push(name));
    const race = workflow("race", async (name: string) => act(name));
    const daruma = await world.open([race]);
    const starts = ["a", "b", "c"].map((input) => daruma.start(race, { id: "r", input }));
    const settled = await world.until(Promise.allSettled(starts));
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
    const twice = ["op", "op"].map((operation) => daruma.start(race, { id: "s", operation, input: "d" }));
    expect((await world.until(Promise.allSettled(twice))).map(({ status }) => status)).toEqual([
      "fulfilled",
      "fulfilled",
    ]);
    await world.until(daruma.get("r").result());
    await world.until(daruma.get("s").result());
    expect(called.toSorted()).toEqual(["a", "d"]);
  });

  it.each([
    ["empty", ""],
    ["NUL", "a\u0000b"],
    ["ANSI", "\u001b[2J"],
    ["too long", "x".repeat(257)],
    ["half a character", "\uDFFF"],
  ])("with an id that is %s is refused; the error can be shown on a terminal", async (_name, id) => {
    const daruma = await open("memory:", { workflows: [flow] });
    await expect(daruma.start(flow, { id })).rejects.toMatchObject({
      code: "DRM-INVALID-NAME",
      message: shownSafely,
    });
  });

  it.each(["__proto__", "constructor", "toString", "日本語 🪆", "a/b?c#d"])(
    "with the id %s is a start like others",
    async (id) => {
      const daruma = await open("memory:", { workflows: [flow] });
      const run = await daruma.start(flow, { id, input: 3 });
      expect(await run.result()).toBe(3);
      expect((await daruma.get(id).describe()).id).toBe(id);
    },
  );

  it.each([["soon"], [-1], [Number.NaN]])("with the time limit %s is refused", async (timeout) => {
    const daruma = await open("memory:", { workflows: [flow] });
    await expect(daruma.start(flow, { timeout })).rejects.toMatchObject({ code: "DRM-INVALID-DURATION" });
  });

  it("keys of the input that would change a prototype are data", async () => {
    const keys = workflow("keys", async (input: object) => [Object.keys(input), "polluted" in {}]);
    const daruma = await open("memory:", { workflows: [keys] });
    const input = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    ) as object;
    const run = await daruma.start(keys, { input });
    expect(await run.result()).toEqual([["__proto__", "constructor"], false]);
  });
});

describe("messages with names that cannot be", () => {
  it.each([
    ["NUL", "a\u0000b"],
    ["ANSI", "\u001b[31m"],
    ["empty", ""],
  ])("%s", async (_name, name) => {
    const world = new World();
    const flow = workflow("flow", async () => {
      query<number>("fine").handle(() => 1);
      await sleep("1h");
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await world.quiet();
    const before = await typesOf(daruma, "r");
    await expect(run.signal(name, 1)).rejects.toMatchObject({ code: "DRM-INVALID-NAME" });
    expect(await world.failure(run.update(name, 1))).toMatchObject({ code: "DRM-INVALID-NAME" });
    await expect(run.query(name)).rejects.toMatchObject({
      code: "DRM-UNKNOWN-QUERY",
      message: shownSafely,
    });
    expect(await typesOf(daruma, "r")).toEqual(before);
  });
});

describe("an opening", () => {
  const one = workflow("one", async () => 1);

  it("with two workflows of one name is refused; the same one twice is not", async () => {
    const other = workflow("one", async () => 2);
    await expect(open("memory:", { workflows: [one, other] })).rejects.toMatchObject({
      code: "DRM-DUPLICATE-WORKFLOW",
      subject: "one",
    });
    const daruma = await open("memory:", { workflows: [one, one] });
    expect(await (await daruma.start(one)).result()).toBe(1);
  });

  const bad: readonly [string, object, string][] = [
    ["no slots", { slots: 0 }, "slots"],
    ["half a slot", { slots: 1.5 }, "slots"],
    ["a negative cache", { cacheSize: -1 }, "cacheSize"],
    ["a queue without slots", { taskQueues: { narrow: 0 } }, "taskQueues.narrow"],
    ["an unknown limit", { limits: { payloadByte: 1 } }, "limits.payloadByte"],
    ["a limit of nothing", { limits: { payloadBytes: 0 } }, "limits.payloadBytes"],
    ["what is no workflow", { workflows: [{ name: "one" }] }, "workflows[0]"],
    ["a retention that is none", { retention: "for ever" }, "retention"],
  ];

  it.each(bad)("with %s is refused", async (_name, options, subject) => {
    await expect(open("memory:", options)).rejects.toMatchObject({ subject });
  });

  it.each(["", "sqlite:", "postgres://x", "memory", "file:x.db"])(
    "of the store %j is refused",
    async (url) => {
      await expect(open(url)).rejects.toMatchObject({ code: "DRM-STORE-URL" });
    },
  );

  it("after closing, calls are refused", async () => {
    const daruma = await open("memory:", { workflows: [one] });
    await daruma.close();
    await expect(daruma.start(one)).rejects.toMatchObject({ code: "DRM-CLOSED" });
    await expect(daruma.get("r").signal(note, "x")).rejects.toMatchObject({ code: "DRM-CLOSED" });
    await daruma.close();
  });
});

describe("durable calls outside of a workflow", () => {
  it("are refused", async () => {
    await expect(sleep("1s")).rejects.toMatchObject({ code: "DRM-NOT-IN-WORKFLOW" });
    await expect(note.receive()).rejects.toMatchObject({ code: "DRM-NOT-IN-WORKFLOW" });
    expect(() => note.handle(() => {})).toThrow(expect.objectContaining({ code: "DRM-NOT-IN-WORKFLOW" }));
  });

  it("are refused in an activity too", async () => {
    const world = new World();
    const act = activity("act", async () => sleep("1s"), { retry: { maximumAttempts: 1 } });
    const flow = workflow("flow", async () => act());
    const daruma = await world.open([flow]);
    expect((await world.failure((await daruma.start(flow)).result()))["cause"]).toMatchObject({
      code: "DRM-NOT-IN-WORKFLOW",
    });
  });
});
