import { activity, activityContext, CanceledError, sleep, withTimeout, workflow } from "daruma";
import type { ActivityContext } from "daruma";
import { describe, expect, it } from "vitest";
import { World } from "../support/world.ts";

type Facts = Pick<ActivityContext, "runId" | "workflow" | "activity" | "attempt" | "idempotencyKey">;

function facts(): Facts {
  const { runId, workflow: name, activity: act, attempt, idempotencyKey } = activityContext();
  return { runId, workflow: name, activity: act, attempt, idempotencyKey };
}

describe("what an activity knows", () => {
  it("its run, its name, and the number of the call", async () => {
    const world = new World();
    const act = activity("act", async () => facts());
    const flow = workflow("flow", async () => act());
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    expect(await world.until(run.result())).toMatchObject({
      runId: "r",
      workflow: "flow",
      activity: "act",
      attempt: 1,
    });
  });

  it("an idempotency key: one for all calls of an activity, also after a crash; another for each activity", async () => {
    const world = new World();
    const seen: Facts[] = [];
    const act = activity("act", async (fail: boolean) => {
      seen.push(facts());
      if (fail && seen.length < 3) throw new Error("again");
      if (seen.length === 3) await new Promise(() => {});
    });
    const flow = workflow("flow", async () => {
      await act(true);
      await act(false);
    });
    const before = await world.open([flow]);
    await before.start(flow, { id: "r" });
    await before.start(flow, { id: "other" });
    await world.advance("1h");
    const after = await world.restart([flow]);
    await world.until(after.get("r").result());
    const mine = seen.filter(({ runId }) => runId === "r");
    const keys = [...new Set(mine.map(({ idempotencyKey }) => idempotencyKey))];
    expect(keys).toHaveLength(2);
    expect(new Set(seen.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(4);
    const first = mine.filter(({ idempotencyKey }) => idempotencyKey === keys[0]);
    expect(first.map(({ attempt }) => attempt)).toEqual(first.map((_, index) => index + 1));
  });

  it("outside of an activity there is nothing to know", async () => {
    expect(() => activityContext()).toThrow(expect.objectContaining({ code: "DRM-NOT-IN-ACTIVITY" }));
    const world = new World();
    const flow = workflow("flow", async () => void activityContext());
    const daruma = await world.open([flow]);
    const error = await world.failure((await daruma.start(flow)).result());
    expect(error["cause"]).toMatchObject({ code: "DRM-NOT-IN-ACTIVITY" });
  });

  it("outside of a workflow an activity is a plain function, errors and all", async () => {
    const double = activity("double", (x: number) => x * 2);
    const broken = activity("broken", () => {
      throw new TypeError("as it is");
    });
    expect(await double.with({ startToCloseTimeout: "1s" })(21)).toBe(42);
    await expect(broken()).rejects.toThrow(new TypeError("as it is"));
  });
});

describe("the signal of an activity", () => {
  /** Runs an activity that notes why it is aborted. */
  function noting(): { readonly reasons: unknown[]; readonly act: () => Promise<void> } {
    const reasons: unknown[] = [];
    const act = activity(
      "act",
      async () => {
        const { signal } = activityContext();
        await new Promise<void>((resolve) => {
          signal.addEventListener("abort", () => resolve());
        });
        reasons.push(signal.reason);
      },
      { startToCloseTimeout: "1h", retry: { maximumAttempts: 1 } },
    );
    return { reasons, act };
  }

  it("is aborted when the run is canceled, with the reason", async () => {
    const world = new World();
    const { reasons, act } = noting();
    const flow = workflow("flow", async () => act());
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    await world.quiet();
    await run.cancel("enough");
    expect(await world.failure(run.result())).toMatchObject({ code: "DRM-RUN-CANCELED", reason: "enough" });
    expect(reasons).toEqual([expect.any(CanceledError)]);
  });

  it("is aborted when the call is out of time", async () => {
    const world = new World();
    const { reasons, act } = noting();
    const flow = workflow("flow", async () => act());
    const daruma = await world.open([flow]);
    await world.failure((await daruma.start(flow)).result());
    expect(reasons).toMatchObject([{ code: "DRM-TIMEOUT", timeout: "start-to-close" }]);
  });

  it("is aborted when the block around it is out of time, and when its run has closed", async () => {
    const world = new World();
    const { reasons, act } = noting();
    const flow = workflow("flow", async () => {
      await withTimeout("1s", act).catch(() => {});
      void act();
      await sleep("1s");
    });
    const daruma = await world.open([flow]);
    await world.until((await daruma.start(flow)).result());
    await world.quiet();
    expect(reasons).toMatchObject([{ code: "DRM-CANCELED" }, { code: "DRM-CANCELED" }]);
  });

  it("ends the activity's own sleep", async () => {
    const world = new World();
    const thrown: unknown[] = [];
    const act = activity("act", async () => {
      await activityContext()
        .sleep("9h")
        .catch((error: unknown) => thrown.push(error));
    });
    const flow = workflow("flow", async () => withTimeout("1s", act));
    const daruma = await world.open([flow]);
    await world.failure((await daruma.start(flow)).result());
    await world.quiet();
    expect(thrown).toEqual([expect.any(CanceledError)]);
  });
});
