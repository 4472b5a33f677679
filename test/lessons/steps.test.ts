// Lessons about steps: none runs twice, none is silently another one, and replaying them stays cheap.
import { activity, activityContext, signal, sleep, withTimeout, workflow } from "daruma";
import { describe, expect, it } from "vitest";
import { World } from "../support/world.ts";

const note = signal<string>("note");

describe("lesson 9: a race runs each step once", () => {
  it("winners and losers, over crashes, in races of races", async () => {
    const world = new World();
    const calls = new Map<string, number>();
    const act = activity("act", async (name: string, seconds: number) => {
      calls.set(name, (calls.get(name) ?? 0) + 1);
      await activityContext().sleep(seconds * 1000);
      return name;
    });
    const flow = workflow("flow", async () => {
      const slow = act("slow", 50);
      const first = await Promise.race([act("a", 1), act("b", 2), Promise.race([act("c", 3), slow])]);
      await sleep("10s");
      const second = await Promise.race([
        act("d", 1),
        sleep("5s").then(() => "timer"),
        withTimeout("9s", () => slow),
      ]);
      await sleep("10s");
      return [first, second, await slow];
    });
    const before = await world.open([flow]);
    await before.start(flow, { id: "r" });
    // All but the slow one are over: nothing of them may run again.
    await world.advance("12s");
    const between = await world.restart([flow]);
    await world.advance("3s");
    const after = await world.restart([flow]);
    expect(await world.until(after.get("r").result())).toEqual(["a", "d", "slow"]);
    expect(between).not.toBe(after);
    const { slow, ...others } = Object.fromEntries(calls);
    expect(others).toEqual({ a: 1, b: 1, c: 1, d: 1 });
    // Interrupted twice, by the two crashes.
    expect(slow).toBe(3);
  });
});

describe("lesson 10: a renamed step is found out, and time and chance are the recorded ones", () => {
  it("the run is parked instead of running the step again under its new name", async () => {
    const world = new World();
    const calls: string[] = [];
    const step = (name: string) => activity(name, async () => void calls.push(name));
    const [charge, ship, bill] = [step("charge"), step("ship"), step("bill")];
    const define = (pay: typeof charge) =>
      workflow("flow", async () => {
        await pay();
        await note.receive();
        await ship();
      });
    const before = await world.open([define(charge)]);
    await before.start("flow", { id: "r" });
    await world.quiet();
    const renamed = await world.restart([define(bill)]);
    await renamed.get("r").signal(note, "go");
    expect(await world.failure(renamed.get("r").result())).toMatchObject({
      code: "DRM-NONDETERMINISM",
      expected: "activity_scheduled charge #1",
      found: "activity_scheduled bill #1",
    });
    const fixed = await world.restart([define(charge)]);
    await world.until(fixed.get("r").result());
    expect(calls).toEqual(["charge", "ship"]);
  });

  it("Date, Math.random and crypto are the same on every replay, and go on from there", async () => {
    const world = new World();
    const seen: string[] = [];
    const flow = workflow("flow", async () => {
      const all: unknown[] = [];
      const look = (): void =>
        void all.push(Date.now(), new Date().toISOString(), Math.random(), crypto.randomUUID());
      look();
      await sleep("1h");
      look();
      seen.push(JSON.stringify(all));
      await note.receive();
      look();
      return all;
    });
    const before = await world.open([flow]);
    const start = world.clock.now();
    await before.start(flow, { id: "r" });
    await world.advance("2h");
    const after = await world.restart([flow]);
    await after.get("r").signal(note, "go");
    const all = (await world.until(after.get("r").result())) as unknown[];
    // Once warm, once replayed after the crash, once more by the determinism check.
    expect(seen).toHaveLength(3);
    expect(new Set(seen).size).toBe(1);
    expect([all[0], all[4], all[8]]).toEqual([start, start + 3_600_000, start + 7_200_000]);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe("lesson 11: chance is seeded by the history, not by the process", () => {
  it("a restart does not change the seed; two runs differ", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      const first = [Math.random(), Math.random()];
      await sleep("1h");
      return [...first, Math.random()];
    });
    const before = await world.open([flow]);
    for (const id of ["a", "b"]) await before.start(flow, { id });
    await world.advance("1m");
    const after = await world.restart([flow]);
    const [a, b] = await world.until(
      Promise.all(["a", "b"].map((id) => after.get(id).result() as Promise<number[]>)),
    );
    expect(a).not.toEqual(b);
    expect(new Set([...(a ?? []), ...(b ?? [])]).size).toBe(6);
  });
});

describe("lesson 12: replay costs what the history is long, not its square", () => {
  const steps = workflow("steps", async (count: number) => {
    for (let step = 0; step < count; step++) await sleep(0);
    await note.receive();
    return count;
  });

  /** Milliseconds of the quickest of three replays of a run with so many steps. */
  async function replayMs(count: number): Promise<number> {
    const world = new World();
    const options = { checkDeterminism: false };
    const before = await world.open([steps], options);
    await before.start(steps, { id: "r", input: count });
    await world.advance(1);
    const times: number[] = [];
    for (let round = 0; round < 3; round++) {
      const after = await world.restart([steps], options);
      const start = performance.now();
      expect(await after.get("r").query("get_status")).toBe("running");
      times.push(performance.now() - start);
      expect(await after.get("r").describe()).toMatchObject({ waits: [{ what: "signal note" }] });
    }
    return Math.min(...times);
  }

  it("ten times the steps take about ten times as long", async () => {
    // A first one, so that everything is compiled.
    await replayMs(500);
    const [short, long] = [await replayMs(1000), await replayMs(10_000)];
    // A square would be 100 times. There is much noise on a shared machine.
    expect(long / Math.max(short, 1)).toBeLessThan(40);
    expect(long).toBeLessThan(5000);
  });
});

describe("lesson 13: retention goes by the time of closing, in small batches", () => {
  it("a run that was open for long is kept as long as one that was not", async () => {
    const world = new World();
    const wait = workflow("wait", async () => note.receive());
    const daruma = await world.open([wait], { leaseMs: 3_600_000, retentionMs: 86_400_000 });
    await daruma.start(wait, { id: "r" });
    await world.advance("30d");
    await daruma.get("r").signal(note, "at last");
    await world.advance("23h");
    expect(await daruma.get("r").describe()).toMatchObject({ status: "completed" });
    await world.advance("2h");
    await expect(daruma.get("r").describe()).rejects.toMatchObject({ code: "DRM-RUN-NOT-FOUND" });
  });

  it("many runs that closed together go away little by little", async () => {
    const world = new World();
    const quick = workflow("quick", async () => 1);
    const sizes: number[] = [];
    const daruma = await world.open([quick], {
      leaseMs: 30_000,
      retentionMs: 60_000,
      checkDeterminism: false,
      wrap: (store) => {
        const removeClosed: typeof store.runs.removeClosed = async (before, limit) => {
          const removed = await store.runs.removeClosed(before, limit);
          sizes.push(removed);
          return removed;
        };
        return { ...store, runs: { ...store.runs, removeClosed } };
      },
    });
    const runs = await Promise.all(Array.from({ length: 1200 }, () => daruma.start(quick)));
    await world.until(Promise.all(runs.map((run) => run.result())));
    await world.advance("5m");
    expect(sizes.filter((size) => size > 0)).toEqual([500, 500, 200]);
  });
});

describe("lesson 14: a payload over the limit fails its call; the run is not wedged", () => {
  it("the error is typed, not repeated, and the code can go another way", async () => {
    const world = new World();
    let calls = 0;
    const download = activity("download", async (bytes: number) => {
      calls += 1;
      return new Uint8Array(bytes);
    });
    const flow = workflow("flow", async () => {
      const large = await download(10_000).catch((error: Error) => `${error.name} after ${calls} call`);
      const small = await download(10);
      return [large, small.length];
    });
    const daruma = await world.open([flow], { limits: { payloadBytes: 1000 }, checkDeterminism: false });
    const run = await daruma.start(flow);
    expect(await world.until(run.result())).toEqual(["PayloadError after 1 call", 10]);
    expect(daruma.logs).toEqual([]);
  });
});

describe("lesson 15: going on after a wait runs nothing again", () => {
  it("not after a signal, a pause, a crash, or all of them", async () => {
    const world = new World();
    const effects: string[] = [];
    const effect = activity("effect", async (name: string) => void effects.push(name));
    const flow = workflow("flow", async () => {
      await effect("before");
      const answer = await note.receive();
      await effect(answer);
      await sleep("1h");
      await effect("after");
    });
    const before = await world.open([flow]);
    const run = await before.start(flow, { id: "r" });
    await world.quiet();
    await run.pause();
    const between = await world.restart([flow], { cacheSize: 0 });
    await between.get("r").signal(note, "approved");
    await between.get("r").resume();
    await world.advance("1m");
    const after = await world.restart([flow]);
    await world.until(after.get("r").result());
    expect(effects).toEqual(["before", "approved", "after"]);
  });
});
