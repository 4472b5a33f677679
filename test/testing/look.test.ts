// What torture compares: every kind of difference is one.
import { describe, expect, it } from "vitest";
import type { Event } from "daruma";
import { compareLooks } from "../../src/testing/compare.ts";
import { lookAt, type Look, type RunLook } from "../../src/testing/look.ts";
import { World } from "../../src/testing/world.ts";
import { openMemoryStore } from "../../src/stores/memory/store.ts";

const run: RunLook = { status: "completed", ending: "1", commands: ["a", "b", "c"], outcomes: [] };
const look = (change: Partial<RunLook> = {}, more: Partial<Look> = {}): Look => ({
  runs: new Map([["r", { ...run, ...change }]]),
  keys: new Map([["r/1/1", "add [1]"]]),
  violations: [],
  observed: "7",
  ...more,
});

describe("two looks", () => {
  it("that are the same have no difference", () => {
    expect(compareLooks(look(), look())).toEqual([]);
  });

  it.each([
    ["another status", look({ status: "failed" }), ["the status of run r", "completed", "failed"]],
    ["another result", look({ ending: "2" }), ["the result of run r", "1", "2"]],
    ["another command", look({ commands: ["a", "x", "y"] }), ["command 2 of run r", "b", "x"]],
    ["a command less", look({ commands: ["a", "b"] }), ["command 3 of run r", "c", "nothing"]],
    ["a command more", look({ commands: ["a", "b", "c", "d"] }), ["command 4 of run r", "nothing", "d"]],
    ["two outcomes", look({ outcomes: ["two"] }), ["two", "one outcome", "two"]],
    ["a run less", look({}, { runs: new Map() }), ["run r", "completed", "nothing"]],
    [
      "another call under a key",
      look({}, { keys: new Map([["r/1/1", "add [2]"]]) }),
      ["the call with idempotency key r/1/1", "add [1]", "add [2]"],
    ],
    ["no call", look({}, { keys: new Map() }), ["the call with idempotency key r/1/1", "add [1]", "nothing"]],
    ["a violation", look({}, { violations: ["oops"] }), ["a violation", "none", "oops"]],
    ["another world", look({}, { observed: "8" }), ["what observe() returned", "7", "8"]],
  ])("differ by %s", (_what, other, [what, expected, found]) => {
    expect(compareLooks(look(), other)).toEqual([{ what, expected, found }]);
  });

  it("show long texts in part", () => {
    const [difference] = compareLooks(look(), look({ ending: "x".repeat(10_000) }));
    expect(difference?.found.length).toBeLessThan(600);
  });
});

/** A world that holds one run with this history. */
async function worldWith(events: readonly Event[]): Promise<World> {
  const world = new World({ workflows: [] });
  const store = openMemoryStore(world.database);
  const session = await store.sessions.open("test", 1000);
  const create = { id: "r", generation: 1, workflow: "w", createdAt: 0, operation: "o" };
  const state = { status: "completed", paused: false, closedAt: 1 } as const;
  const text = { events: JSON.stringify(events), count: events.length };
  const write = { key: 1, create, epoch: 1, head: 0, ...text, state };
  await store.commit({ session, operation: "1", runs: [write], messages: [] });
  return world;
}

describe("a look", () => {
  const time = 1;
  const history: Event[] = [
    { type: "run_started", workflow: "w", seed: "s", time },
    { type: "activity_scheduled", ref: 1, name: "add", input: "[1]", time },
    { type: "activity_retrying", ref: 1, attempt: 1, failure: { name: "E", message: "m" }, nextAt: 2, time },
    { type: "activity_completed", ref: 1, attempt: 2, result: "1", time },
    { type: "signal_sent", ref: 2, target: "other", name: "go", time },
    {
      type: "run_failed",
      failure: { name: "E", message: "m", stack: "at x", cause: { name: "F", message: "n", code: "C" } },
      time,
    },
  ];

  it("sees status, ending and commands, and nothing that may differ from life to life", async () => {
    const { runs } = await lookAt(await worldWith(history), undefined);
    const ending = "E: m; because of F (C): n";
    expect(runs.get("r")).toEqual({
      status: "completed",
      ending,
      commands: ["activity_scheduled add #1 [1]", "signal_sent go #2 to other", `run_failed ${ending}`],
      outcomes: [],
    });
  });

  it("sees an activity with two outcomes", async () => {
    const twice: Event[] = [
      ...history.slice(0, 5),
      { type: "activity_canceled", ref: 1, time },
      ...history.slice(5),
    ];
    const { runs } = await lookAt(await worldWith(twice), undefined);
    expect(runs.get("r")?.outcomes).toEqual(["activity add #1 has 2 outcomes"]);
  });

  it("sees two calls under one key, and what the test observes", async () => {
    const world = await worldWith(history);
    const call = { runId: "r", workflow: "w", idempotencyKey: "r/1/1", time, status: "completed" } as const;
    world.calls.all.push({ ...call, activity: "add", args: [1], attempt: 1 });
    world.calls.all.push({ ...call, activity: "add", args: [1], attempt: 2 });
    expect((await lookAt(world, undefined)).keys).toEqual(new Map([["r/1/1", "add [1]"]]));
    world.calls.all.push({ ...call, activity: "pay", args: [1], attempt: 1 });
    const { keys, observed } = await lookAt(world, { sum: 1 });
    expect(keys).toEqual(new Map([["r/1/1", "add [1] and pay [1]"]]));
    expect(observed).toBe('{"sum":1}');
  });
});
