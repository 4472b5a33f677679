import { activity, activityContext, TimeoutError, workflow } from "daruma";
import type { ActivityOptions } from "daruma";
import { describe, expect, it } from "vitest";
import { typesOf, World } from "../support/world.ts";

const never = new Promise<never>(() => {});

/** How a run ends whose only activity has these options; `work` is the activity. */
async function ending(
  options: ActivityOptions,
  work: (world: World) => Promise<unknown>,
): Promise<{ error: unknown; after: number; calls: number }> {
  const world = new World();
  let calls = 0;
  const act = activity("act", async () => (calls++, work(world)), options);
  const flow = workflow("flow", async () => act());
  const daruma = await world.open([flow]);
  const start = world.clock.now();
  const error = await world.failure((await daruma.start(flow)).result());
  return { error: error["cause"], after: world.clock.now() - start, calls };
}

describe("time-outs of activities", () => {
  it("start-to-close limits each call, and is worth a retry", async () => {
    const retry = { maximumAttempts: 3, backoff: { type: "fixed", initialInterval: "1s" } } as const;
    const { error, after, calls } = await ending({ startToCloseTimeout: "10s", retry }, () => never);
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ timeout: "start-to-close", activity: "act", attempts: { length: 3 } });
    expect([after, calls]).toEqual([32_000, 3]);
  });

  it("schedule-to-close limits all calls together, the waits between them included", async () => {
    const retry = { maximumAttempts: 9, backoff: { type: "fixed", initialInterval: "10s" } } as const;
    const options = { startToCloseTimeout: "20s", scheduleToCloseTimeout: "45s", retry } as const;
    const { error, after, calls } = await ending(options, () => never);
    expect(error).toMatchObject({ code: "DRM-TIMEOUT", timeout: "schedule-to-close" });
    expect([after, calls]).toEqual([45_000, 2]);
  });

  it("a retry that would come too late is not waited for", async () => {
    const retry = { backoff: { type: "fixed", initialInterval: "1h" } } as const;
    const { error, after } = await ending({ scheduleToCloseTimeout: "10m", retry }, async () => {
      throw new Error("sick");
    });
    expect(error).toMatchObject({ message: "sick" });
    expect(after).toBe(0);
  });

  it("schedule-to-start limits the wait for a slot, not the work", async () => {
    const world = new World();
    const hold = activity("hold", async () => activityContext().sleep("1h"), { taskQueue: "narrow" });
    const late = activity("late", async () => "never called", {
      taskQueue: "narrow",
      scheduleToStartTimeout: "1m",
    });
    const flow = workflow("flow", async () => Promise.allSettled([hold(), late()]));
    const daruma = await world.open([flow], { taskQueues: { narrow: 1 } });
    const run = await daruma.start(flow);
    await world.advance("59s");
    expect((await run.describe()).waits).toMatchObject([
      { what: "activity hold" },
      { what: "activity late" },
    ]);
    const [held, lost] = (await world.until(run.result())) as PromiseSettledResult<unknown>[];
    expect(held).toMatchObject({ status: "fulfilled" });
    expect(lost).toMatchObject({ reason: { code: "DRM-TIMEOUT", timeout: "schedule-to-start" } });
  });

  it("silence while a call waits for a slot is not silence", async () => {
    const world = new World();
    const options = { taskQueue: "narrow", heartbeatTimeout: "10s" } as const;
    const waits = activity("waits", async () => activityContext().sleep("9s"), options);
    const hold = activity("hold", async () => activityContext().sleep("1h"), { taskQueue: "narrow" });
    const flow = workflow("flow", async () => Promise.all([hold(), waits(), waits()]));
    const daruma = await world.open([flow], { taskQueues: { narrow: 1 } });
    const from = world.clock.now();
    await world.until((await daruma.start(flow, { id: "r" })).result());
    expect(world.clock.now() - from).toBe(3_618_000);
    expect(await typesOf(daruma, "r")).not.toContain("activity_retrying");
  });

  it("a heartbeat keeps a call alive; silence ends it", async () => {
    const { error, after } = await ending(
      { heartbeatTimeout: "10s", retry: { maximumAttempts: 1 } },
      async () => {
        for (let beat = 0; beat < 4; beat++) {
          await activityContext().sleep("9s");
          activityContext().heartbeat();
        }
        return never;
      },
    );
    expect(error).toMatchObject({ code: "DRM-TIMEOUT", timeout: "heartbeat" });
    expect(after).toBe(46_000);
  });

  it("the limits of a call that ended in time never ring", async () => {
    const world = new World();
    const quick = activity("quick", async () => activityContext().sleep("1s"), {
      startToCloseTimeout: "5s",
      scheduleToCloseTimeout: "6s",
      heartbeatTimeout: "4s",
    });
    const flow = workflow("flow", async () => quick());
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    const before = world.clock.pending;
    await world.until(run.result());
    expect(world.clock.pending).toBeLessThanOrEqual(before);
    expect(world.clock.next()).toBeGreaterThan(world.clock.now() + 1e12);
  });

  it("a limit of a call overrides the definition's through with()", async () => {
    const world = new World();
    const slow = activity("slow", () => never, { startToCloseTimeout: "1h", retry: { maximumAttempts: 1 } });
    const flow = workflow("flow", async () => slow.with({ startToCloseTimeout: "3s" })());
    const daruma = await world.open([flow]);
    const start = world.clock.now();
    const error = await world.failure((await daruma.start(flow)).result());
    expect(error["cause"]).toMatchObject({ timeout: "start-to-close" });
    expect(world.clock.now() - start).toBe(3000);
  });

  it("a result that comes after the time-out is late: counted, and without effect", async () => {
    const world = new World();
    const { promise, resolve } = Promise.withResolvers<string>();
    const slow = activity("slow", () => promise, {
      startToCloseTimeout: "1s",
      retry: { maximumAttempts: 1 },
    });
    const flow = workflow("flow", async () => slow().catch((error: Error) => error.name));
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    expect(await world.until(run.result())).toBe("TimeoutError");
    resolve("too late");
    await world.quiet();
    expect(daruma.engine.state.counters.late).toBe(1);
    expect(await run.result()).toBe("TimeoutError");
  });
});
