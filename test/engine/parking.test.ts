import { activity, activityContext, child, query, signal, sleep, update, workflow } from "daruma";
import type { AnyWorkflow } from "daruma";
import { describe, expect, it } from "vitest";
import { historyOf, typesOf, World } from "../support/world.ts";
import type { Worker } from "../support/world.ts";

const a = activity("a", async () => "a");
const b = activity("b", async () => "b");
const note = signal<string>("note");

const good = workflow("flow", async () => {
  const first = await a();
  const text = await note.receive();
  return [first, text, await b()];
});
const renamed = workflow("flow", async () => {
  const first = await b();
  return [first, await note.receive()];
});

/** A run of `good` that waits for its signal, now with other code. */
async function redeployed(code: AnyWorkflow): Promise<{ world: World; daruma: Worker }> {
  const world = new World();
  const before = await world.open([good]);
  await before.start(good, { id: "r" });
  await world.advance("1m");
  const daruma = await world.restart([code]);
  // Nothing is due, so nobody has looked at it yet.
  await daruma
    .get("r")
    .query("anything")
    .catch(() => {});
  await world.quiet();
  return { world, daruma };
}

describe("a run whose code does not fit its history", () => {
  it("is parked, not failed: it keeps its history and says what was expected, what came, and where", async () => {
    const { world, daruma } = await redeployed(renamed);
    const before = await historyOf(daruma, "r");
    const described = await daruma.get("r").describe();
    expect(described).toMatchObject({
      status: "running",
      parked: true,
      why: {
        code: "DRM-NONDETERMINISM",
        expected: "activity_scheduled a #1",
        found: "activity_scheduled b #1",
        site: expect.stringMatching(/parking\.test\.ts:\d+:\d+$/u),
      },
      waits: [{ what: expect.stringContaining("parked") }],
    });
    expect(await world.failure(daruma.get("r").result())).toMatchObject({
      code: "DRM-NONDETERMINISM",
      expected: "activity_scheduled a #1",
      found: "activity_scheduled b #1",
    });
    expect(daruma.logs).toMatchObject([
      { event: "run_parked", level: "error", runId: "r", workflow: "flow" },
    ]);
    expect(await historyOf(daruma, "r")).toEqual(before);
    const parked: string[] = [];
    for await (const { id } of daruma.list({ parked: true })) parked.push(id);
    expect(parked).toEqual(["r"]);
  });

  const misfits: readonly [string, AnyWorkflow, { expected: string; found: string }][] = [
    [
      "an activity that was there is gone",
      workflow("flow", async () => note.receive()),
      { expected: "activity_scheduled a #1", found: "nothing: the code did not ask for it" },
    ],
    [
      "an activity is new",
      workflow("flow", async () => [await Promise.all([a(), b()]), await note.receive()]),
      { expected: "nothing more in this turn", found: "activity_scheduled b #2" },
    ],
    [
      "a timer instead of an activity",
      workflow("flow", async () => sleep("1h")),
      { expected: "activity_scheduled a #1", found: "timer_started sleep #1" },
    ],
    [
      "it ends earlier",
      workflow("flow", async () => a()),
      { expected: "nothing more in this turn", found: "run_completed" },
    ],
    [
      "it throws",
      workflow("flow", async () => {
        await a();
        throw new Error("new");
      }),
      { expected: "nothing more in this turn", found: "run_failed" },
    ],
    [
      "a new child",
      workflow("flow", async () => {
        await a();
        await child("flow", undefined);
      }),
      { expected: "nothing more in this turn", found: "child_started flow #2" },
    ],
  ];

  it.each(misfits)("is found out when %s", async (_name, code, expected) => {
    const { daruma } = await redeployed(code);
    expect((await daruma.get("r").describe()).why).toMatchObject({ code: "DRM-NONDETERMINISM", ...expected });
  });

  it("goes on when fitting code is there, with all that came meanwhile", async () => {
    const { world, daruma } = await redeployed(renamed);
    await daruma.get("r").signal(note, "kept");
    expect(await daruma.get("r").describe()).toMatchObject({ parked: true, messages: 1 });
    const fixed = await world.restart([good]);
    expect(await world.until(fixed.get("r").result())).toEqual(["a", "kept", "b"]);
    expect(fixed.logs).toEqual([]);
  });

  it("goes on when fitting code is there, though nothing came meanwhile", async () => {
    const { world } = await redeployed(renamed);
    const fixed = await world.restart([good]);
    await world.quiet();
    expect(await fixed.get("r").describe()).toMatchObject({
      parked: false,
      waits: [{ what: "signal note" }],
    });
    await fixed.get("r").signal(note, "now");
    expect(await world.until(fixed.get("r").result())).toEqual(["a", "now", "b"]);
  });

  it("stays parked as long as the code does not fit, and does not log that again and again", async () => {
    const { world } = await redeployed(renamed);
    const again = await world.restart([renamed]);
    await world.quiet();
    await again.get("r").signal(note, "kept");
    await world.advance("1d");
    expect(again.logs).toHaveLength(1);
    const fixed = await world.restart([good]);
    expect(await world.until(fixed.get("r").result())).toEqual(["a", "kept", "b"]);
  });

  it("refuses queries and updates with the reason; others answer", async () => {
    const { world, daruma } = await redeployed(renamed);
    await expect(daruma.get("r").query("anything")).rejects.toMatchObject({
      code: "DRM-QUERY-FAILED",
      message: expect.stringContaining("parked"),
    });
    expect(await world.failure(daruma.get("r").update("anything", 1))).toMatchObject({
      code: "DRM-QUERY-FAILED",
    });
    expect(await daruma.get("r").query("get_status")).toBe("running");
  });

  it("can be paused and resumed, and is parked all the while", async () => {
    const { world, daruma } = await redeployed(renamed);
    const run = daruma.get("r");
    await run.pause();
    await world.quiet();
    expect(await run.describe()).toMatchObject({ parked: true, paused: true });
    await run.resume();
    await world.quiet();
    expect(await run.describe()).toMatchObject({ parked: true, paused: false });
    await run.signal(note, "kept");
    const fixed = await world.restart([good]);
    expect(await world.until(fixed.get("r").result())).toEqual(["a", "kept", "b"]);
  });

  it("paused and parked: goes on when fitting code is there and it is resumed", async () => {
    const { world, daruma } = await redeployed(renamed);
    await daruma.get("r").pause();
    await world.quiet();
    const fixed = await world.restart([good]);
    await world.quiet();
    await fixed.get("r").resume();
    await fixed.get("r").signal(note, "late");
    expect(await world.until(fixed.get("r").result())).toEqual(["a", "late", "b"]);
  });

  it("can be terminated", async () => {
    const { world, daruma } = await redeployed(renamed);
    await daruma.get("r").terminate("hopeless");
    await world.quiet();
    expect(await world.failure(daruma.get("r").result())).toMatchObject({ code: "DRM-RUN-TERMINATED" });
  });

  it("fires a timer that came due meanwhile once it goes on", async () => {
    const world = new World();
    const waiting = workflow("flow", async () => {
      await a();
      await sleep("1h");
      return "slept";
    });
    const before = await world.open([waiting]);
    await before.start(waiting, { id: "r" });
    await world.advance("1m");
    const broken = await world.restart([renamed]);
    await world.advance("5h");
    expect(await broken.get("r").describe()).toMatchObject({ parked: true });
    const fixed = await world.restart([waiting]);
    expect(await world.until(fixed.get("r").result())).toBe("slept");
  });
});

describe("code that breaks the rules while it runs", () => {
  const strayed = workflow("flow", async () => {
    const first = await a();
    const text = await note.receive();
    await new Promise(() => {});
    return [first, text];
  });

  it("a stray await voids its turn: what the turn took up is kept, and fitting code goes on from there", async () => {
    const world = new World();
    const before = await world.open([strayed]);
    const run = await before.start(strayed, { id: "r" });
    await world.advance("1m");
    const history = await historyOf(before, "r");
    await run.signal(note, "kept");
    await world.quiet();
    expect(await run.describe()).toMatchObject({
      parked: true,
      messages: 1,
      why: { code: "DRM-STRAY-AWAIT", site: expect.stringMatching(/parking\.test\.ts:\d+:\d+/u) },
    });
    expect(await historyOf(before, "r")).toEqual(history);
    const fixed = await world.restart([good]);
    expect(await world.until(fixed.get("r").result())).toEqual(["a", "kept", "b"]);
  });

  it("in its very first turn: the run is born all the same, and goes on with better code", async () => {
    const world = new World();
    const broken = workflow("flow", async () => {
      void a();
      await new Promise(() => {});
    });
    const flawed = workflow("flow", async () => new Promise(() => {}));
    const before = await world.open([flawed]);
    const run = await before.start(flawed, { id: "r", input: undefined });
    expect(await world.failure(run.result())).toMatchObject({ code: "DRM-STRAY-AWAIT" });
    expect(await typesOf(before, "r")).toEqual(["run_started"]);
    const still = await world.restart([flawed]);
    expect(await still.get("r").describe()).toMatchObject({ parked: true });
    const fixed = await world.restart([good]);
    await fixed.get("r").signal(note, "first");
    expect(await world.until(fixed.get("r").result())).toEqual(["a", "first", "b"]);
    expect(broken.name).toBe("flow");
  });

  it("an activity that was running at that time runs to its end, and its result counts", async () => {
    const world = new World();
    const calls: string[] = [];
    const slow = activity("slow", async () => {
      calls.push("slow");
      await activityContext().sleep("1h");
      return "slow result";
    });
    const flawed = workflow("flow", async () => {
      const running = slow();
      await note.receive();
      await Promise.race([new Promise(() => {}), running.then(() => new Promise(() => {}))]);
    });
    const fine = workflow("flow", async () => {
      const running = slow();
      return [await note.receive(), await running];
    });
    const before = await world.open([flawed]);
    const run = await before.start(flawed, { id: "r" });
    await world.advance("1m");
    await run.signal(note, "hm");
    await world.advance("2h");
    expect(await run.describe()).toMatchObject({ parked: true });
    const fixed = await world.restart([fine]);
    expect(await world.until(fixed.get("r").result())).toEqual(["hm", "slow result"]);
    expect(calls).toEqual(["slow"]);
  });

  it("does not disturb other runs, whose turns were in the same group", async () => {
    const world = new World();
    const flawed = workflow("flawed", async () => {
      await note.receive();
      await new Promise(() => {});
    });
    const daruma = await world.open([good, flawed]);
    const runs = await Promise.all([1, 2, 3].map((n) => daruma.start(good, { id: `good ${n}` })));
    const bad = await daruma.start(flawed, { id: "bad" });
    await world.quiet();
    await Promise.all([...runs, bad].map((run) => run.signal(note, "go")));
    for (const run of runs) expect(await world.until(run.result())).toEqual(["a", "go", "b"]);
    expect(await bad.describe()).toMatchObject({ parked: true });
  });

  it("who waits for an update of a run that gets parked is told so", async () => {
    const world = new World();
    const ask = update<void, number>("ask");
    const flow = workflow("flow", async () => {
      query<number>("n").handle(() => 1);
      ask.handle(async () => {
        await note.receive();
        return 1;
      });
      await sleep("9h");
      setTimeout(() => {}, 1);
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    expect(await world.failure(run.update(ask))).toMatchObject({ code: "DRM-QUERY-FAILED" });
  });

  it("a run that waits for signals only is no stray", async () => {
    const world = new World();
    const flow = workflow("flow", async () => note.receive());
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    await world.quiet();
    expect(await run.describe()).toMatchObject({ parked: false, waits: [{ what: "signal note" }] });
  });
});

describe("the determinism check of development", () => {
  it("tells of a mistake on the day it is written: the result says what differs", async () => {
    const world = new World();
    let first = true;
    const fickle = workflow("fickle", async () => {
      const act = first ? a : b;
      first = false;
      return act();
    });
    const daruma = await world.open([fickle]);
    const run = await daruma.start(fickle, { id: "r" });
    expect(await world.failure(run.result())).toMatchObject({
      code: "DRM-NONDETERMINISM",
      expected: "activity_scheduled a #1 []",
      found: "activity_scheduled b #1 []",
    });
    expect(daruma.logs).toMatchObject([{ event: "not_deterministic", runId: "r" }]);
    const plain = await world.open([fickle], { checkDeterminism: false });
    expect(await world.until(plain.get("r").result())).toBe("a");
  });

  it("compares payloads too", async () => {
    const world = new World();
    const named = activity("named", async (n: number) => n);
    let n = 0;
    const flow = workflow("flow", async () => named(n++));
    const daruma = await world.open([flow]);
    expect(await world.failure((await daruma.start(flow)).result())).toMatchObject({
      code: "DRM-NONDETERMINISM",
    });
  });
});
