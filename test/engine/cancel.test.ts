import {
  activity,
  activityContext,
  cancelable,
  CanceledError,
  child,
  condition,
  shielded,
  signal,
  sleep,
  workflow,
} from "daruma";
import { describe, expect, it } from "vitest";
import { typesOf, World } from "../support/world.ts";

const note = signal<string>("note");
const hour = activity("hour", async () => activityContext().sleep("1h"));

describe("cancel", () => {
  const waits: readonly [string, () => Promise<unknown>][] = [
    ["an activity", () => hour()],
    ["a timer", () => sleep("9h")],
    ["a signal", () => note.receive()],
    ["a signal with a limit", () => note.receive({ timeout: "1h" })],
    ["a condition", () => condition(() => false)],
    ["a condition with a limit", () => condition(() => false, "1h")],
    ["a child", () => child("leaf", undefined)],
    ["several of them", () => Promise.all([hour(), sleep("9h"), note.receive()])],
  ];
  const leaf = workflow("leaf", async () => sleep("9h"));

  it.each(waits)("reaches code that waits for %s", async (_name, wait) => {
    const world = new World();
    const seen: unknown[] = [];
    const flow = workflow("flow", async () => {
      await wait().catch((error: unknown) => {
        seen.push(error);
        throw error;
      });
    });
    const daruma = await world.open([flow, leaf], { checkDeterminism: false });
    const run = await daruma.start(flow, { id: "r" });
    await world.advance("1m");
    await run.cancel("enough");
    expect(await world.failure(run.result())).toMatchObject({ code: "DRM-RUN-CANCELED", reason: "enough" });
    expect(seen).toHaveLength(1);
    expect(await run.describe()).toMatchObject({ status: "canceled", waits: [] });
    await world.quiet();
    expect(daruma.engine.state.activities.running).toBe(0);
  });

  it("is a status of its own, also in the list", async () => {
    const world = new World();
    const daruma = await world.open([leaf]);
    const run = await daruma.start(leaf, { id: "r" });
    await run.cancel();
    await world.failure(run.result());
    const ids: string[] = [];
    for await (const { id } of daruma.list({ status: "canceled" })) ids.push(id);
    expect(ids).toEqual(["r"]);
  });

  it("lets the run clean up in a shielded block; every other durable call is refused", async () => {
    const world = new World();
    const cleaned: string[] = [];
    const clean = activity("clean", async (what: string) => {
      await activityContext().sleep("1m");
      cleaned.push(what);
    });
    const flow = workflow("flow", async () => {
      try {
        await sleep("9h");
      } finally {
        const refused = await clean("unshielded").then(
          () => "nothing",
          (error: Error) => error.name,
        );
        await shielded(async () => {
          await clean(`shielded after ${refused}`);
          await sleep("1m");
          await clean("again");
        });
      }
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    await world.advance("1m");
    await run.cancel("enough");
    expect(await world.failure(run.result())).toMatchObject({ code: "DRM-RUN-CANCELED", reason: "enough" });
    expect(cleaned).toEqual(["shielded after CanceledError", "again"]);
  });

  it("does not touch what runs in a shielded block", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      const safe = await shielded(async () => {
        await sleep("1h");
        return "safe";
      });
      const after = await sleep("1h").catch((error: Error) => error.name);
      return [safe, after];
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    await world.advance("1m");
    await run.cancel();
    expect(await world.until(run.result())).toEqual(["safe", "CanceledError"]);
  });

  it("may be declined: a run that returns all the same has completed", async () => {
    const world = new World();
    const flow = workflow("flow", async () => sleep("9h").catch(() => "I finish what I began"));
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    await run.cancel();
    expect(await world.until(run.result())).toBe("I finish what I began");
  });

  it("an error of the cleaning up is a failure, not a cancel", async () => {
    const world = new World();
    const flow = workflow("flow", async () =>
      sleep("9h").catch(() => {
        throw new RangeError("cannot clean up");
      }),
    );
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    await run.cancel();
    expect(await world.failure(run.result())).toMatchObject({
      code: "DRM-RUN-FAILED",
      cause: { name: "RangeError" },
    });
  });

  it("twice is once", async () => {
    const world = new World();
    const flow = workflow("flow", async () => shielded(() => sleep("1h")));
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await run.cancel("first");
    await run.cancel("second");
    await world.until(run.result());
    expect((await typesOf(daruma, "r")).filter((type) => type === "cancel_requested")).toHaveLength(1);
  });

  it("of a closed or unknown run is refused", async () => {
    const world = new World();
    const flow = workflow("flow", async () => 1);
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await world.until(run.result());
    await expect(run.cancel()).rejects.toMatchObject({ code: "DRM-RUN-CLOSED" });
    await expect(daruma.get("nobody").cancel()).rejects.toMatchObject({ code: "DRM-RUN-NOT-FOUND" });
  });

  it("survives a crash between the request and the end", async () => {
    const world = new World();
    const cleaned: number[] = [];
    const clean = activity("clean", async () => {
      cleaned.push(activityContext().attempt);
      if (cleaned.length === 1) await new Promise(() => {});
    });
    const flow = workflow("flow", async () => {
      try {
        await sleep("9h");
      } finally {
        await shielded(() => clean());
      }
    });
    const before = await world.open([flow]);
    const run = await before.start(flow, { id: "r" });
    await run.cancel("enough");
    await world.quiet();
    const after = await world.restart([flow]);
    expect(await world.failure(after.get("r").result())).toMatchObject({
      code: "DRM-RUN-CANCELED",
      reason: "enough",
    });
    expect(cleaned).toEqual([1, 2]);
  });

  it("goes down the tree; everyone cleans up before the one above has ended", async () => {
    const world = new World();
    const order: string[] = [];
    const clean = activity("clean", async (name: string) => {
      await activityContext().sleep("1m");
      order.push(name);
    });
    const cleaning = async (name: string, work: () => Promise<unknown>): Promise<void> => {
      try {
        await work();
      } finally {
        await shielded(() => clean(name));
      }
    };
    const bottom = workflow("bottom", async () => cleaning("bottom", () => sleep("9h")));
    const middle = workflow("middle", async () =>
      cleaning("middle", () => child(bottom, undefined, { id: "bottom" })),
    );
    const top = workflow("top", async () =>
      cleaning("top", () => child(middle, undefined, { id: "middle" })),
    );
    const daruma = await world.open([bottom, middle, top]);
    const run = await daruma.start(top, { id: "top" });
    await world.advance("1m");
    await run.cancel("all of it");
    expect(await world.failure(run.result())).toMatchObject({
      code: "DRM-RUN-CANCELED",
      reason: "all of it",
    });
    expect(order).toEqual(["bottom", "middle", "top"]);
    for (const id of ["middle", "bottom"])
      expect(await daruma.get(id).describe()).toMatchObject({ status: "canceled" });
  });
});

describe("a block that can be canceled by itself", () => {
  it("ends what waits in it, and nothing else", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      const outside = sleep("2h").then(() => "outside");
      const [block, stop] = cancelable(async () => Promise.all([sleep("9h"), hour()]));
      await sleep("1m");
      stop("seen enough");
      const error = await block.catch((caught: unknown) => caught);
      return [error instanceof CanceledError && error.reason, await outside];
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    expect(await world.until(run.result())).toEqual(["seen enough", "outside"]);
    expect(await typesOf(daruma, "r")).toContain("activity_canceled");
  });

  it("stopped after its end does nothing", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      const [block, stop] = cancelable(async () => sleep("1m").then(() => "done"));
      const result = await block;
      stop();
      await sleep("1m");
      return result;
    });
    const daruma = await world.open([flow]);
    expect(await world.until((await daruma.start(flow)).result())).toBe("done");
  });
});

describe("terminate", () => {
  it("ends a run at once: no cleaning up, activities aborted", async () => {
    const world = new World();
    const seen: unknown[] = [];
    const act = activity("act", async () => {
      const { signal: abort } = activityContext();
      await new Promise((resolve) => abort.addEventListener("abort", resolve));
      seen.push(abort.reason);
    });
    const flow = workflow("flow", async () => {
      try {
        await act();
      } finally {
        await shielded(() => hour());
      }
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await world.quiet();
    await run.terminate("no time");
    expect(await world.failure(run.result())).toMatchObject({
      code: "DRM-RUN-TERMINATED",
      reason: "no time",
    });
    await world.quiet();
    expect(seen).toEqual([expect.any(CanceledError)]);
    expect((await typesOf(daruma, "r")).filter((type) => type === "activity_scheduled")).toHaveLength(1);
  });

  it("works without the run's code, and on a parked run", async () => {
    const world = new World();
    const flow = workflow("flow", async () => sleep("9h"));
    const stray = workflow("stray", async () => new Promise(() => {}));
    const before = await world.open([flow, stray]);
    await before.start(flow, { id: "r" });
    await before.start(stray, { id: "s" });
    await world.quiet();
    await before.get("s").terminate("useless");
    await world.quiet();
    expect(await world.failure(before.get("s").result())).toMatchObject({ code: "DRM-RUN-TERMINATED" });
    const without = await world.restart([]);
    await without.get("r").terminate();
    expect(await world.failure(without.get("r").result())).toMatchObject({ code: "DRM-RUN-TERMINATED" });
  });

  it("takes the children with it, whatever they would do on a cancel", async () => {
    const world = new World();
    const bottom = workflow("bottom", async () => shielded(() => sleep("9h")));
    const middle = workflow("middle", async () =>
      child(bottom, undefined, { id: "bottom", parentClose: "cancel" }),
    );
    const top = workflow("top", async () => child(middle, undefined, { id: "middle" }));
    const daruma = await world.open([bottom, middle, top]);
    const run = await daruma.start(top);
    await world.advance("1m");
    await run.terminate();
    await world.quiet();
    for (const id of ["middle", "bottom"])
      expect(await daruma.get(id).describe()).toMatchObject({ status: "terminated" });
  });
});
