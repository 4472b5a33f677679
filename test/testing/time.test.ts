// Virtual time: the clock jumps when nothing is under way, and never before.
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { activity, activityContext, condition, signal, sleep, update, workflow, withTimeout } from "daruma";
import { hanging, heartbeating, stub, TestDaruma } from "daruma/testing";
import { approval, approve, greet, month } from "./samples.ts";

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);

describe("time that runs by itself", () => {
  it("takes no time for a sleep of 30 days", async () => {
    const took: number[] = [];
    // The best of some rounds, because the machine may be busy with something else.
    for (let round = 0; round < 5; round++) {
      await using test = await TestDaruma.open({ workflows: [month] });
      const run = await test.start(month, { input: "Ada" });
      const before = performance.now();
      expect(await run.result()).toEqual(["Hello, Ada!", "Hello, Ada again!"]);
      took.push(performance.now() - before);
      expect(test.clock.now()).toBe(start + 30 * day);
    }
    expect(Math.min(...took)).toBeLessThan(50);
  });

  it("begins where the test says", async () => {
    await using test = await TestDaruma.open({ workflows: [month], startTime: "2030-05-06T07:08:09Z" });
    const run = await test.start(month, { input: "Ada" });
    await test.settle();
    expect((await run.describe()).createdAt).toBe(Date.UTC(2030, 4, 6, 7, 8, 9));
  });

  it("stands still while nobody waits", async () => {
    await using test = await TestDaruma.open({ workflows: [month] });
    const run = await test.start(month, { input: "Ada" });
    await test.settle();
    await run.describe();
    expect(test.clock.now()).toBe(start);
    expect(test.calls(greet)).toHaveLength(1);
  });

  it("stands still while an activity does real work", async () => {
    const times: number[] = [];
    const slow = activity("slow", async () => {
      times.push(test.clock.now());
      await readFile(import.meta.filename);
      times.push(test.clock.now());
    });
    const both = workflow("both", async () => {
      await Promise.all([sleep("1h"), slow()]);
      await slow();
    });
    await using test = await TestDaruma.open({ workflows: [both] });
    await (await test.start(both)).result();
    expect(times).toEqual([start, start, start + 3_600_000, start + 3_600_000]);
  });

  it("goes on while an activity waits for the clock", async () => {
    const poll = activity("poll", async () => {
      for (let round = 0; round < 3; round++) await activityContext().sleep("1m");
      return activityContext().attempt;
    });
    const polling = workflow("polling", async () => poll());
    await using test = await TestDaruma.open({ workflows: [polling] });
    expect(await (await test.start(polling)).result()).toBe(1);
    expect(test.clock.now()).toBe(start + 180_000);
  });

  it("lets an activity that never returns reach its time limit", async () => {
    const lost = activity("lost", async () => "", {
      startToCloseTimeout: "1m",
      retry: { maximumAttempts: 3 },
    });
    const hopeful = workflow("hopeful", async () => lost().catch((error: Error) => error.message));
    await using test = await TestDaruma.open({ workflows: [hopeful], activities: [stub(lost, hanging())] });
    expect(await (await test.start(hopeful)).result()).toContain("lost");
    expect(test.calls(lost).map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(test.clock.now()).toBe(start + 3 * 60_000 + 6_000);
  });

  it("lets an activity that shows signs of life go on", async () => {
    const crunch = activity("crunch", async (size: number) => size, { heartbeatTimeout: "10s" });
    const crunching = workflow("crunching", async () => crunch(7));
    const beat = { every: "9s", times: 100 };
    await using test = await TestDaruma.open({
      workflows: [crunching],
      activities: [
        stub(
          crunch,
          heartbeating(beat, (size) => size * 2),
        ),
      ],
    });
    expect(await (await test.start(crunching)).result()).toBe(14);
    expect(test.calls(crunch)).toHaveLength(1);
    expect(test.clock.now()).toBe(start + 900_000);
  });

  it("goes on while somebody waits for an update or for the next event", async () => {
    const ask = update<void, string>("ask");
    const asked = workflow("asked", async () => {
      ask.handle(async () => {
        await sleep("2h");
        return "done";
      });
      await sleep("1d");
    });
    await using test = await TestDaruma.open({ workflows: [asked] });
    const run = await test.start(asked);
    expect(await run.update(ask)).toBe("done");
    expect(test.clock.now()).toBe(start + 7_200_000);
    const events = await Array.fromAsync(run.history({ follow: true }), ({ type }) => type);
    expect(events.at(-1)).toBe("run_completed");
    expect(test.clock.now()).toBe(start + day);
  });

  it("is off on demand", async () => {
    await using test = await TestDaruma.open({ workflows: [approval], autoSkip: false });
    const run = await test.start(approval);
    const result = run.result();
    // Real work of the test, in which the time-out of seven days would have come.
    for (let round = 0; round < 20; round++) await readFile(import.meta.filename);
    await run.signal(approve, "yes");
    expect(await result).toBe("yes");
    expect(test.clock.now()).toBe(start);
  });
});

describe("time that a test moves", () => {
  it("stops on the way at each timer, in order", async () => {
    const seen: number[] = [];
    const note = activity("note", async () => void seen.push(test.clock.now() - start));
    const steps = workflow("steps", async () => {
      for (let hour = 1; hour <= 3; hour++) {
        await sleep("1h");
        await note();
      }
    });
    await using test = await TestDaruma.open({ workflows: [steps] });
    await test.start(steps);
    await test.advance("2h30m");
    expect(seen).toEqual([3_600_000, 7_200_000]);
    expect(test.clock.now()).toBe(start + 9_000_000);
    await test.advanceTo(start);
    expect(test.clock.now()).toBe(start + 9_000_000);
    await test.advanceTo(new Date(start + day));
    expect(seen).toHaveLength(3);
    expect(test.clock.now()).toBe(start + day);
  });

  it("does not run ahead of the test while it moves it", async () => {
    await using test = await TestDaruma.open({ workflows: [approval] });
    const run = await test.start(approval);
    const result = run.result();
    await test.advance("6d");
    await run.signal(approve, "in time");
    expect(await result).toBe("in time");
    expect(test.clock.now()).toBe(start + 6 * day);
  });

  it("can go on under an activity that never ends", async () => {
    const stubborn = activity("stubborn", async () => new Promise<never>(() => {}), {
      startToCloseTimeout: "1m",
    });
    const patient = workflow("patient", async () => stubborn.with({ retry: { maximumAttempts: 1 } })());
    await using test = await TestDaruma.open({ workflows: [patient] });
    const run = await test.start(patient);
    await test.settle({ whileRunning: true });
    expect(test.calls(stubborn)).toHaveLength(1);
    await test.advance("2m", { whileRunning: true });
    expect((await run.describe()).status).toBe("failed");
  });

  it("runs until all is done, or until something is so", async () => {
    const tick = signal<number>("tick");
    const counting = workflow("counting", async () => {
      let sum = 0;
      tick.handle((amount) => void (sum += amount));
      await condition(() => sum >= 3);
      await sleep("3d");
    });
    await using test = await TestDaruma.open({ workflows: [counting, month] });
    const run = await test.start(counting);
    await test.start(month, { input: "Bob" });
    await test.until(() => test.calls(greet).length === 2);
    expect(test.clock.now()).toBe(start + 30 * day);
    await run.signal(tick, 3);
    await test.idle();
    expect((await run.describe()).status).toBe("completed");
    expect(test.clock.now()).toBe(start + 33 * day);
  });
});

describe("a wait that nothing can end", () => {
  const stuck = expect.objectContaining({ code: "DRM-TEST-STUCK" });

  it("says what everybody waits for", async () => {
    const forever = workflow("forever", async () => approve.receive());
    await using test = await TestDaruma.open({ workflows: [forever] });
    const run = await test.start(forever);
    await expect(run.result()).rejects.toEqual(stuck);
    await expect(run.result()).rejects.toThrow(/forever-1 waits for signal approve \(since 2026-01-01T/);
    await expect(test.until(() => false)).rejects.toEqual(stuck);
    await run.signal(approve, "yes");
    expect(await run.result()).toBe("yes");
  });

  it("says so when a stub that never returns has no limit", async () => {
    const waiting = workflow("waiting", async () => greet("nobody"));
    await using test = await TestDaruma.open({ workflows: [waiting], activities: { greet: hanging() } });
    await expect((await test.start(waiting)).result()).rejects.toThrow(/waits for activity greet/);
  });

  it("has an end even if some run sets timers for ever", async () => {
    const clockwork = workflow("clockwork", async () => {
      for (;;) await withTimeout("2h", () => sleep("1h"));
    });
    await using test = await TestDaruma.open({ workflows: [clockwork], maxSkips: 50 });
    const run = await test.start(clockwork);
    await expect(run.result()).rejects.toEqual(stuck);
    await expect(test.idle()).rejects.toThrow(/maxSkips/);
  });
});
