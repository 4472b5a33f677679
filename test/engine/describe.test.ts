// Every open run has a reason to move, and says which (L2); lists and histories say what there is.
import { activity, activityContext, child, condition, query, signal, sleep, workflow } from "daruma";
import type { ListFilter } from "daruma";
import { describe, expect, it } from "vitest";
import { World } from "../support/world.ts";
import type { Worker } from "../support/world.ts";

const note = signal<string>("note");
const slow = activity("slow", async () => activityContext().sleep("9h"));
const sick = activity(
  "sick",
  async () => {
    throw new Error("sick");
  },
  { retry: { maximumAttempts: 9, backoff: { type: "fixed", initialInterval: "1h" } } },
);
const kid = workflow("kid", async () => sleep("9h"));
const minute = 60_000;

describe("what a run waits for", () => {
  const table: readonly [string, () => Promise<unknown>, readonly object[]][] = [
    ["an activity", () => slow(), [{ what: "activity slow", since: 0 }]],
    ["a retry", () => sick(), [{ what: "activity sick (1 failed so far)", since: 0, until: 60 * minute }]],
    ["a timer", () => sleep("2h"), [{ what: "timer sleep", until: 120 * minute }]],
    ["a signal", () => note.receive(), [{ what: "signal note", since: 0 }]],
    [
      "a signal with a limit",
      () => note.receive({ timeout: "2h" }),
      [
        { what: "signal note", since: 0 },
        { what: "timer receive", until: 120 * minute },
      ],
    ],
    ["a condition", () => condition(() => false), [{ what: "a condition", since: 0 }]],
    ["a child", () => child(kid, undefined, { id: "the-kid" }), [{ what: "child the-kid", since: 0 }]],
  ];

  for (const cacheSize of [0, 1000]) {
    it.each(table)(`%s is said, with ${cacheSize} idle runs in memory`, async (_name, wait, waits) => {
      const world = new World();
      const start = world.clock.now();
      const flow = workflow("flow", async () => {
        await wait();
      });
      const daruma = await world.open([flow, kid], { cacheSize });
      const run = await daruma.start(flow, { id: "r" });
      await world.advance("10m");
      const described = await run.describe();
      const relative = described.waits.map(({ what, since, until }) => ({
        what,
        ...(since === undefined ? {} : { since: since - start }),
        ...(until === undefined ? {} : { until: until - start }),
      }));
      expect(relative).toEqual(waits);
      expect(described).toMatchObject({
        id: "r",
        generation: 1,
        workflow: "flow",
        status: "running",
        createdAt: start,
      });
    });
  }

  it("its time limit and its parent are said too", async () => {
    const world = new World();
    const top = workflow("top", async () => child(kid, undefined, { id: "kid", timeout: "8h" }));
    const daruma = await world.open([top, kid]);
    await daruma.start(top, { id: "top" });
    await world.quiet();
    expect(await daruma.get("kid").describe()).toMatchObject({
      parentId: "top",
      deadline: world.clock.now() + 8 * 60 * minute,
    });
  });

  it("of an unknown run nothing is said", async () => {
    const daruma = await new World().open([]);
    await expect(daruma.get("nobody").describe()).rejects.toMatchObject({ code: "DRM-RUN-NOT-FOUND" });
    await expect(daruma.get("nobody").result()).rejects.toMatchObject({ code: "DRM-RUN-NOT-FOUND" });
  });
});

describe("lists", () => {
  async function ids(daruma: Worker, filter: ListFilter): Promise<string[]> {
    const all: string[] = [];
    for await (const { id } of daruma.list(filter)) all.push(id);
    return all;
  }

  it("are newest first, in pages that nobody notices, by workflow, status, flags and beginning of the id", async () => {
    const world = new World();
    const quick = workflow("quick", async () => 1);
    const bad = workflow("bad", async () => {
      throw new Error("bad");
    });
    const daruma = await world.open([kid, quick, bad], { checkDeterminism: false });
    for (let number = 0; number < 450; number++) await daruma.start(quick, { id: `q-${number}` });
    await daruma.start(kid, { id: "open" });
    const paused = await daruma.start(kid, { id: "paused" });
    await paused.pause();
    await world.failure((await daruma.start(bad, { id: "failed" })).result());
    await world.quiet();
    const all = await ids(daruma, {});
    expect(all).toHaveLength(453);
    expect(all.slice(0, 4)).toEqual(["failed", "paused", "open", "q-449"]);
    expect(await ids(daruma, { status: "running" })).toEqual(["paused", "open"]);
    expect(await ids(daruma, { paused: true })).toEqual(["paused"]);
    expect(await ids(daruma, { workflow: "bad", status: "failed" })).toEqual(["failed"]);
    expect(await ids(daruma, { idPrefix: "q-44" })).toHaveLength(11);
    expect(await ids(daruma, { parked: true })).toEqual([]);
  });
});

describe("histories", () => {
  it("can be followed while they grow, from any event on, until the run has closed", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      query<number>("n").handle(() => 1);
      await note.receive();
      await sleep("1h");
      return "done";
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    const seen: string[] = [];
    const follow = async (): Promise<void> => {
      for await (const { seq, type } of run.history({ follow: true, from: 2 })) seen.push(`${seq} ${type}`);
    };
    const following = follow();
    await world.quiet();
    expect(seen).toEqual([]);
    await run.signal(note, "go");
    await world.quiet();
    expect(seen).toEqual(["2 signal_received", "3 timer_started"]);
    await world.until(following);
    expect(seen.slice(2)).toEqual(["4 timer_fired", "5 run_completed"]);
  });

  it("that are followed end when Daruma is closed", async () => {
    const world = new World();
    const daruma = await world.open([kid]);
    const run = await daruma.start(kid, { id: "r" });
    const types: string[] = [];
    const follow = async (): Promise<void> => {
      for await (const { type } of run.history({ follow: true })) types.push(type);
    };
    const following = follow();
    await world.quiet();
    await world.until(daruma.close());
    await world.until(following);
    expect(types).toEqual(["run_started", "timer_started"]);
  });
});
