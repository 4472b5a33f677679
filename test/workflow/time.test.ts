import {
  activity,
  activityContext,
  runInfo,
  shielded,
  sleep,
  sleepUntil,
  TimeoutError,
  withTimeout,
  workflow,
} from "daruma";
import { describe, expect, it } from "vitest";
import { historyOf, typesOf, World } from "../support/world.ts";
import type { Worker } from "../support/world.ts";

/** Runs `code` as a workflow; what it gives, and how many milliseconds it took. */
async function outcome(
  code: () => Promise<unknown>,
): Promise<{ result: unknown; ms: number; daruma: Worker }> {
  const world = new World();
  const flow = workflow("flow", code);
  const daruma = await world.open([flow]);
  const start = world.clock.now();
  const result = await world.until((await daruma.start(flow, { id: "r" })).result());
  return { result, ms: world.clock.now() - start, daruma };
}

const day = 86_400_000;

describe("sleep", () => {
  it.each([
    ["nothing", 0, 0],
    ["a millisecond", 1, 1],
    ["more than a timer of Node can", "25d", 25 * day],
    ["a hundred years", "36525d", 36_525 * day],
  ])("of %s", async (_name, duration, expected) => {
    expect((await outcome(() => sleep(duration))).ms).toBe(expected);
  });

  it("never ends early, and survives a crash", async () => {
    const world = new World();
    const flow = workflow("flow", async () => sleep("100d"));
    const before = await world.open([flow]);
    await before.start(flow, { id: "r" });
    await world.advance("60d");
    const after = await world.restart([flow]);
    const run = after.get("r");
    await world.advance(40 * day - 1);
    expect(await run.describe()).toMatchObject({ status: "running", waits: [{ what: "timer sleep" }] });
    await world.advance(1);
    expect(await run.describe()).toMatchObject({ status: "completed" });
  });

  it("that ended while no process was there ends when one comes", async () => {
    const world = new World();
    const flow = workflow("flow", async () => sleep("1h"));
    const before = await world.open([flow]);
    await before.start(flow, { id: "r" });
    await world.quiet();
    await before.crash();
    await world.advance("9h");
    const after = await world.restart([flow]);
    const start = world.clock.now();
    await world.until(after.get("r").result());
    expect(world.clock.now()).toBe(start);
  });

  it("fires once", async () => {
    const { daruma } = await outcome(async () => Promise.all([sleep("1s"), sleep("1s"), sleep("2s")]));
    const fired = (await historyOf(daruma, "r")).filter(({ type }) => type === "timer_fired");
    expect(fired).toMatchObject([{ ref: 1 }, { ref: 2 }, { ref: 3 }]);
  });

  it.each(["-1s", "soon", Number.NaN, -5, "101y", Number.POSITIVE_INFINITY])(
    "of %s is an error",
    async (bad) => {
      const { result } = await outcome(() => sleep(bad).catch(({ code }: { code: string }) => code));
      expect(result).toBe("DRM-INVALID-DURATION");
    },
  );
});

describe("sleepUntil", () => {
  it("waits for a date, as Date or as milliseconds; a past date is due at once", async () => {
    const { ms } = await outcome(async () => {
      const start = runInfo().startedAt;
      await sleepUntil(new Date(start + 5000));
      await sleepUntil(start + 7000);
      await sleepUntil(0);
    });
    expect(ms).toBe(7000);
  });

  it.each([[new Date(Number.NaN)], [Number.NaN], [Number.POSITIVE_INFINITY]])(
    "%s is no date",
    async (bad) => {
      const { result } = await outcome(() => sleepUntil(bad).catch(({ code }: { code: string }) => code));
      expect(result).toBe("DRM-INVALID-DURATION");
    },
  );
});

describe("the time limit of a run", () => {
  it("ends it as timed out, whatever it waits for; its activities are aborted", async () => {
    const world = new World();
    const reasons: unknown[] = [];
    const act = activity("act", async () => {
      const { signal } = activityContext();
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      reasons.push(signal.reason);
    });
    const flow = workflow("flow", async () => act(), { timeout: "1h" });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    const start = world.clock.now();
    expect(await world.failure(run.result())).toMatchObject({ code: "DRM-RUN-TIMED-OUT", runId: "r" });
    expect(world.clock.now() - start).toBe(3_600_000);
    await world.quiet();
    expect(reasons).toHaveLength(1);
    expect(await run.describe()).toMatchObject({ status: "timed_out", waits: [] });
  });

  it("of a start overrides the workflow's, and survives a crash", async () => {
    const world = new World();
    const flow = workflow("flow", async () => sleep("9d"), { timeout: "1h" });
    const before = await world.open([flow]);
    await before.start(flow, { id: "r", timeout: "2d" });
    await world.advance("1d");
    const after = await world.restart([flow]);
    const start = world.clock.now();
    expect(await world.failure(after.get("r").result())).toMatchObject({ code: "DRM-RUN-TIMED-OUT" });
    expect(world.clock.now() - start).toBe(day);
  });

  it("does not concern a run that is in time", async () => {
    const world = new World();
    const flow = workflow("flow", async () => sleep("59m"), { timeout: "1h" });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    await world.until(run.result());
    await world.advance("2h");
    expect(await run.describe()).toMatchObject({ status: "completed" });
  });
});

describe("withTimeout", () => {
  it("gives the block's result, or its error, and takes its timer with it", async () => {
    const { result, ms, daruma } = await outcome(async () => [
      await withTimeout("1h", async () => sleep("1s").then(() => "in time")),
      await withTimeout("1h", async () => Promise.reject(new RangeError("own"))).catch(String),
    ]);
    expect([result, ms]).toEqual([["in time", "RangeError: own"], 1000]);
    expect((await typesOf(daruma, "r")).filter((type) => type === "timer_canceled")).toHaveLength(2);
  });

  it("ends the block with a TimeoutError and cancels what waits in it", async () => {
    const { result, ms, daruma } = await outcome(async () => {
      const inside: string[] = [];
      const error = await withTimeout("10s", async () => {
        await sleep("1h").catch((caught: Error) => inside.push(caught.name));
      }).catch((caught: unknown) => caught as Error);
      await sleep("1s");
      return [
        error instanceof TimeoutError,
        (error as TimeoutError).timeout,
        (error as TimeoutError).timeoutMs,
        inside,
      ];
    });
    expect([result, ms]).toEqual([[true, "block", 10_000, ["TimeoutError"]], 11_000]);
    expect((await typesOf(daruma, "r")).filter((type) => type === "timer_canceled")).toHaveLength(1);
  });

  it("nested: the shorter limit ends first, whichever is outside", async () => {
    const inner = await outcome(() =>
      withTimeout("1h", () => withTimeout("2s", () => sleep("9h"))).catch(
        (error: TimeoutError) => error.timeoutMs,
      ),
    );
    expect([inner.result, inner.ms]).toEqual([2000, 2000]);
    const outer = await outcome(() =>
      withTimeout("3s", () => withTimeout("1h", () => sleep("9h"))).catch(
        (error: TimeoutError) => error.timeoutMs,
      ),
    );
    expect([outer.result, outer.ms]).toEqual([3000, 3000]);
    const timers = (await typesOf(outer.daruma, "r")).filter((type) => type.startsWith("timer_"));
    expect(timers.toSorted()).toEqual([
      "timer_canceled",
      "timer_canceled",
      "timer_fired",
      ...Array(3).fill("timer_started"),
    ]);
  });

  it("a call that the block left behind ends with the block", async () => {
    const world = new World();
    const act = activity("act", async () => activityContext().sleep("1h"));
    const flow = workflow("flow", async () => {
      await withTimeout("1h", async () => void act());
      await sleep("1s");
    });
    const daruma = await world.open([flow]);
    await world.until((await daruma.start(flow, { id: "r" })).result());
    expect(await typesOf(daruma, "r")).toContain("activity_canceled");
  });

  it("a cancel of the run reaches the block, which cleans up before the run ends", async () => {
    const world = new World();
    const cleaned: string[] = [];
    const clean = activity("clean", async () => {
      await activityContext().sleep("1m");
      cleaned.push("clean");
    });
    const flow = workflow("flow", async () =>
      withTimeout("9h", async () => {
        try {
          await sleep("8h");
        } finally {
          await shielded(() => clean());
        }
      }),
    );
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    await world.advance("1h");
    await run.cancel("enough");
    expect(await world.failure(run.result())).toMatchObject({ code: "DRM-RUN-CANCELED", reason: "enough" });
    expect(cleaned).toEqual(["clean"]);
  });
});
