// The kit as a whole: the same seed gives the same histories, and no mistake goes unseen.
import { describe, expect, it } from "vitest";
import { activity, child, runInfo, sleep, workflow } from "daruma";
import { failing, formatHistory, stub, TestDaruma } from "daruma/testing";
import { beginLife } from "../../src/testing/life.ts";
import { Seat } from "../../src/testing/seat.ts";
import { World } from "../../src/testing/world.ts";
import { greet, month } from "./samples.ts";

const flaky = activity("flaky", async (name: string) => name, {
  retry: { backoff: { jitter: 0.5 } },
});
const busy = workflow("busy", async (depth: number): Promise<unknown> => {
  const parts = ["a", "b", "c"].map(async (name) => {
    const answer = await flaky(`${name}${depth}`);
    await sleep("1h");
    return answer;
  });
  const inner = depth === 0 ? runInfo().id : await child("busy", depth - 1);
  return [await Promise.all(parts), inner];
});

/** All histories of one test, as text. */
async function histories(seed: string): Promise<string> {
  await using test = await TestDaruma.open({
    workflows: [busy],
    seed,
    activities: [
      stub(
        flaky,
        failing({ times: 2 }, (name) => name.toUpperCase()),
      ),
    ],
  });
  await (await test.start(busy, { input: 2 })).result();
  await test.idle();
  const runs = await Array.fromAsync(test.list(), ({ id }) => id);
  const texts = await Promise.all(
    runs.map(async (id) => formatHistory(await Array.fromAsync(test.get(id).history()))),
  );
  return texts.join("\n");
}

describe("a seed", () => {
  it("decides the histories, byte for byte", async () => {
    const first = await histories("one");
    expect(first).toContain("activity_retrying");
    expect(await histories("one")).toBe(first);
    expect(await histories("two")).not.toBe(first);
  });
});

describe("the end of a test", () => {
  let calls = 0;
  const fickle = workflow("fickle", async () => (++calls % 2 === 1 ? greet("odd") : greet("even")));
  const stray = workflow("stray", async () => {
    await new Promise(() => {});
  });
  const parent = workflow("parent", async () => child(stray, undefined));

  it("is quiet if nothing is wrong, also with open runs, and comes once", async () => {
    const test = await TestDaruma.open({ workflows: [month] });
    await test.start(month, { input: "Ada" });
    await test.close();
    await test.close();
    await expect(test.start(month, { input: "Bob" })).rejects.toMatchObject({ code: "DRM-CLOSED" });
  });

  it("fails on a difference at replay that nobody has looked at", async () => {
    const test = await TestDaruma.open({ workflows: [fickle] });
    await test.start(fickle);
    await test.settle();
    await expect(test.close()).rejects.toMatchObject({
      code: "DRM-TEST-FAILED",
      subject: "fickle-1",
      expected: expect.stringContaining("greet"),
      message: expect.stringContaining("kit.test.ts:"),
    });
  });

  it("fails on a parked run that nobody has looked at", async () => {
    const test = await TestDaruma.open({ workflows: [parent, stray] });
    const run = await test.start(parent);
    await expect(run.result()).rejects.toThrow(/parent-1.1.1 is parked \(DRM-STRAY-AWAIT\)/);
    await expect(test.close()).rejects.toThrow(/Run parent-1.1.1 of workflow stray is parked/);
  });

  it("is quiet if somebody has looked", async () => {
    await using test = await TestDaruma.open({ workflows: [stray, fickle] });
    const run = await test.start(stray);
    await expect(run.result()).rejects.toMatchObject({ code: "DRM-STRAY-AWAIT" });
    const other = await test.start(stray);
    await test.settle();
    expect((await other.describe()).parked).toBe(true);
    await test.start(fickle);
    await test.settle();
    expect(test.violations).toMatchObject([
      { kind: "parked", code: "DRM-STRAY-AWAIT", runId: run.id },
      { kind: "parked", code: "DRM-STRAY-AWAIT", runId: other.id },
      { kind: "replay", code: "DRM-NONDETERMINISM", workflow: "fickle" },
    ]);
  });
});

describe("an engine that must stop", () => {
  it("ends what waits for it, and the test only if nobody was told", async () => {
    const world = new World({ workflows: [month] });
    const test = new TestDaruma(new Seat(world, await beginLife(world)));
    const run = await test.start(month, { input: "Ada" });
    await test.settle();
    Object.assign(world.database, { state: undefined });
    await expect(run.result()).rejects.toThrow(TypeError);
    await expect(test.start(month, { input: "Bob" })).rejects.toThrow(TypeError);
    await test.close();
    const silent = new World({ workflows: [month] });
    const other = new TestDaruma(new Seat(silent, await beginLife(silent)));
    silent.fatal = new RangeError("out of order");
    await expect(other.close()).rejects.toThrow("out of order");
  });
});

describe("the options", () => {
  it("are checked", async () => {
    await expect(TestDaruma.open({ workflows: [], startTime: "soon" })).rejects.toMatchObject({
      code: "DRM-INVALID-OPTION",
    });
  });

  it("can force every outcome through a replay", async () => {
    await using test = await TestDaruma.open({ workflows: [month], cacheSize: 0 });
    expect(await (await test.start(month, { input: "Ada" })).result()).toHaveLength(2);
  });

  it("hand telemetry on", async () => {
    const events: string[] = [];
    const stray = workflow("stray", async () => new Promise(() => {}));
    await using test = await TestDaruma.open({
      workflows: [stray],
      telemetry: ({ event }) => events.push(event),
    });
    await expect((await test.start(stray)).result()).rejects.toThrow("no durable call");
    expect(events).toContain("run_parked");
  });
});
