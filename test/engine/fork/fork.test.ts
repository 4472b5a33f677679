import {
  activity,
  child,
  condition,
  continueAsNew,
  DuplicateRunError,
  getVersion,
  runInfo,
  signal,
  sleep,
  update,
  workflow,
} from "daruma";
import { beforeEach, describe, expect, it } from "vitest";
import { historyOf, typesOf, World } from "../../support/world.ts";
import { add, calls, note } from "./forkable.ts";

const name = signal<string>("name");
const word = signal<string>("word");
const names = workflow("names", async () => [await name.receive(), await name.receive()].join(" "));

/** Calls of one run, by activity and attempt. */
function callsOf(run: string): string[] {
  return calls.filter((call) => call.run === run).map((call) => `${call.name} ${call.attempt}`);
}

beforeEach(() => calls.splice(0));

describe("fork", () => {
  it("of an open run goes on by itself, and leaves the source as it is", async () => {
    const world = new World();
    const daruma = await world.open([names]);
    const run = await daruma.start(names, { id: "r" });
    await run.signal(name, "Ada");
    await world.quiet();
    const before = await historyOf(daruma, "r");
    const fork = await daruma.fork("r", { id: "f" });
    await fork.signal(name, "Byron");
    await run.signal(name, "Lovelace");
    expect(await world.until(fork.result())).toBe("Ada Byron");
    expect(await world.until(run.result())).toBe("Ada Lovelace");
    expect((await historyOf(daruma, "r")).slice(0, before.length)).toEqual(before);
    expect((await typesOf(daruma, "f")).slice(0, 3)).toEqual([
      "run_started",
      "signal_received",
      "run_forked",
    ]);
    expect(await fork.describe()).toMatchObject({
      generation: 1,
      origin: { as: "fork", from: { id: "r", generation: 1, at: 2 } },
    });
  });

  it("signals after the point are not copied", async () => {
    const world = new World();
    const daruma = await world.open([names]);
    const run = await daruma.start(names, { id: "r" });
    await run.signal(name, "Ada");
    await run.signal(name, "Lovelace");
    await world.until(run.result());
    const fork = await run.fork({ id: "f", at: 1 });
    await world.quiet();
    expect((await fork.describe()).waits).toMatchObject([{ what: "signal name" }]);
  });

  it("calls activities that were open at the point once each, as first attempts with keys of their own", async () => {
    const world = new World();
    const flow = workflow("flow", async () => Promise.all([slow("a"), slow("b"), add(1, 1)]));
    const slow = activity("slow", async (what: string) => {
      note(what);
      await new Promise(() => {});
    });
    const daruma = await world.open([flow]);
    await daruma.start(flow, { id: "r" });
    await world.quiet();
    await daruma.fork("r", { id: "f" });
    await world.quiet();
    // The call of `add` is done, and part of the copy.
    expect(callsOf("f")).toEqual(["a 1", "b 1"]);
    expect(new Set(calls.map(({ key }) => key)).size).toBe(5);
    expect(await typesOf(daruma, "f")).toEqual([
      "run_started",
      "activity_scheduled",
      "activity_scheduled",
      "activity_scheduled",
      "activity_completed",
      "run_forked",
      "activity_restarted",
      "activity_restarted",
    ]);
  });

  it("begins retries of an open activity anew", async () => {
    const world = new World();
    const flow = workflow("flow", async () => flaky());
    const flaky = activity(
      "flaky",
      () => {
        note("flaky");
        throw new Error("not yet");
      },
      {
        retry: { maximumAttempts: 3, backoff: { type: "fixed", initialInterval: "1h" } },
        scheduleToCloseTimeout: "4h",
      },
    );
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await world.advance("90m");
    expect(callsOf("r")).toEqual(["flaky 1", "flaky 2"]);
    await world.failure(run.result());
    await world.advance("2d");
    const fork = await run.fork({ id: "f", at: 3 });
    await world.failure(fork.result());
    expect(callsOf("f")).toEqual(["flaky 1", "flaky 2", "flaky 3"]);
  });

  it("counts a crash while such an activity ran", async () => {
    const world = new World();
    let held = true;
    const flow = workflow("flow", async () => hold());
    const hold = activity("hold", async () => {
      note("hold");
      if (held) await new Promise(() => {});
      return "done";
    });
    const daruma = await world.open([flow]);
    await daruma.start(flow, { id: "r" });
    await world.quiet();
    await daruma.fork("r", { id: "f" });
    await world.quiet();
    held = false;
    const after = await world.restart([flow]);
    expect(await world.until(after.get("f").result())).toBe("done");
    expect(callsOf("f")).toEqual(["hold 1", "hold 2"]);
    expect(await typesOf(after, "f")).toContain("activity_interrupted");
  });

  it("an open timer has as much left as it had at the point", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      await sleep("1d");
      await name.receive();
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await world.advance("10h");
    const now = await run.fork({ id: "now" });
    const began = world.clock.now();
    await now.signal(name, "x");
    await world.until(now.result());
    expect(world.clock.now() - began).toBe(14 * 3600_000);
    // The source has waited for the whole day by now.
    const later = await run.fork({ id: "later", at: 3 });
    const beganLater = world.clock.now();
    await later.signal(name, "x");
    await world.until(later.result());
    expect(world.clock.now() - beganLater).toBe(0);
  });

  it("the time limit of the run counts anew", async () => {
    const world = new World();
    const flow = workflow("flow", async () => sleep("1h").then(() => "done"), { timeout: "90m" });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await world.until(run.result());
    await world.advance("3h");
    const fork = await run.fork({ id: "f", at: 1 });
    expect(await world.until(fork.result())).toBe("done");
    expect((await fork.describe()).deadline).toBe(world.clock.now() + 30 * 60_000);
    await world.advance("3h");
    // It is the same one for each further fork, wherever that begins.
    for (const at of [1, 3, 4]) {
      const again = await fork.fork({ id: `g${at}`, at });
      expect((await again.describe()).deadline).toBe(world.clock.now() + 90 * 60_000);
      const third = await again.fork({ id: `h${at}` });
      expect((await third.describe()).deadline).toBe(world.clock.now() + 90 * 60_000);
    }
  });

  it("an update that was under way ends in the fork, too", async () => {
    const world = new World();
    const slowly = update<number, number>("slowly");
    const flow = workflow("flow", async () => {
      let sum = 0;
      slowly.handle(async (n) => {
        await sleep("1h");
        return (sum += n);
      });
      await condition(() => sum > 0);
      return sum;
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    const answer = run.update(slowly, 5);
    await world.quiet();
    const fork = await run.fork({ id: "f" });
    expect(await world.until(fork.result())).toBe(5);
    expect(await world.until(answer)).toBe(5);
    expect(await typesOf(daruma, "f")).toContain("update_completed");
  });

  it("of a paused run is not paused, and a child's fork has no parent", async () => {
    const world = new World();
    const flow = workflow("flow", async () => child(names, undefined));
    const daruma = await world.open([flow, names]);
    const run = await daruma.start(flow, { id: "r" });
    await world.quiet();
    await run.pause();
    await world.quiet();
    const fork = await daruma.fork("r.1.1", { id: "f" });
    await fork.signal(name, "a");
    await fork.signal(name, "b");
    expect(await world.until(fork.result())).toBe("a b");
    expect((await fork.describe()).parentId).toBeUndefined();
    expect((await run.describe()).status).toBe("running");
  });

  it("of a run that was parked goes on from before with other code", async () => {
    const world = new World();
    const flow = (numbers: readonly number[]) =>
      workflow("flow", async () => {
        let sum = 0;
        for (const n of numbers) sum = n > 0 ? await add(sum, n) : await sleep("1h").then(() => sum);
        await name.receive();
        return sum;
      });
    const before = await world.open([flow([1, 2, 3])]);
    await before.start("flow", { id: "r" });
    await world.quiet();
    const after = await world.restart([flow([1, -1, 4])]);
    await after.get("r").signal(name, "x");
    await world.quiet();
    expect((await after.get("r").summary()).parked).toBe(true);
    // The result of the first activity is kept; the turn that it led to is decided anew.
    const fork = await after.fork<number>("r", { id: "f", at: 3 });
    await fork.signal(name, "x");
    expect(await world.until(fork.result())).toBe(5);
    expect(callsOf("f")).toEqual(["add 1"]);
  });

  it("keeps versions that were marked before the point", async () => {
    const world = new World();
    const flow = (max: number) =>
      workflow("flow", async () => {
        const first = getVersion("a", 1, max);
        await name.receive();
        return [first, getVersion("b", 1, max)];
      });
    const before = await world.open([flow(1)]);
    await before.start("flow", { id: "r" });
    await world.quiet();
    const after = await world.restart([flow(2)]);
    const fork = await after.fork("r", { id: "f" });
    await fork.signal(name, "x");
    expect(await world.until(fork.result())).toEqual([1, 2]);
  });

  it("continues as new under its own id", async () => {
    const world = new World();
    const flow = workflow("flow", async (n: number = 0) => {
      await name.receive();
      return n === 2 ? runInfo() : continueAsNew(n + 1);
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await run.signal(name, "x");
    await world.quiet();
    const fork = await run.fork({ id: "f" });
    expect((await fork.describe()).origin?.from).toEqual({ id: "r", generation: 2, at: 1 });
    await fork.signal(name, "y");
    await world.quiet();
    expect(await run.describe()).toMatchObject({ generation: 2, status: "running" });
    await fork.signal(name, "z");
    expect(await world.until(fork.result())).toMatchObject({ id: "f", generation: 2 });
  });

  it("draws randomness of its own after the point", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      const first = crypto.randomUUID();
      await word.receive();
      await name.receive();
      return [first, crypto.randomUUID()];
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await run.signal(word, "x");
    await world.quiet();
    const fork = await run.fork({ id: "f" });
    const twin = await run.fork({ id: "g" });
    const results: string[][] = [];
    for (const one of [run, fork, twin]) {
      await one.signal(name, "x");
      results.push(await world.until(one.result()));
    }
    expect(new Set(results.map(([first]) => first)).size).toBe(1);
    expect(new Set(results.map(([, second]) => second)).size).toBe(3);
  });

  it("a repeat with the same operation changes nothing; another one is refused", async () => {
    const world = new World();
    const daruma = await world.open([names]);
    const run = await daruma.start(names, { id: "r" });
    await world.quiet();
    await run.fork({ id: "f", operation: "o" });
    await run.fork({ id: "f", operation: "o" });
    await Promise.all([run.fork({ id: "g", operation: "p" }), run.fork({ id: "g", operation: "p" })]);
    await expect(run.fork({ id: "f" })).rejects.toThrow(DuplicateRunError);
    await expect(run.fork({ id: "r" })).rejects.toThrow(DuplicateRunError);
    expect(await Array.fromAsync(daruma.list())).toHaveLength(3);
  });

  it("survives a crash right after it was acknowledged", async () => {
    const world = new World();
    const daruma = await world.open([names]);
    const run = await daruma.start(names, { id: "r" });
    await run.signal(name, "Ada");
    await world.quiet();
    await run.fork({ id: "f" });
    const after = await world.restart([names]);
    await after.get("f").signal(name, "King");
    expect(await world.until(after.get("f").result())).toBe("Ada King");
  });

  it("refuses what is no point, no run, no id", async () => {
    const world = new World();
    const daruma = await world.open([names]);
    const run = await daruma.start(names, { id: "r" });
    await world.quiet();
    await expect(run.fork({ at: 9 })).rejects.toMatchObject({ code: "DRM-FORK-POINT", expected: "event 1" });
    await expect(run.fork({ at: 0 })).rejects.toMatchObject({ code: "DRM-INVALID-OPTION" });
    await expect(run.fork({ at: 1.5 })).rejects.toMatchObject({ code: "DRM-INVALID-OPTION" });
    await expect(run.fork({ id: "" })).rejects.toMatchObject({ code: "DRM-INVALID-NAME" });
    await expect(daruma.fork("nobody")).rejects.toMatchObject({ code: "DRM-RUN-NOT-FOUND" });
    await daruma.close();
    await expect(run.fork()).rejects.toMatchObject({ code: "DRM-CLOSED" });
  });
});
