// What a cancel reaches, and what it does not: detached children, reasons, `some`.
import { activity, activityContext, child, NoQuorumError, sleep, some, withTimeout, workflow } from "daruma";
import { describe, expect, it } from "vitest";
import { historyOf, World } from "../support/world.ts";

const nap = workflow("nap", async () => {
  await sleep("1h");
  return "slept";
});

describe("a detached child", () => {
  it("goes on when its parent is canceled", async () => {
    const parent = workflow("parent", async () => {
      child.start(nap, undefined, { id: "detached", parentClose: "abandon" });
      await sleep("2h");
    });
    const world = new World();
    const daruma = await world.open([parent, nap]);
    const run = await daruma.start(parent, { id: "p" });
    await world.quiet();
    await run.cancel("enough");
    expect(await world.failure(run.result())).toMatchObject({ code: "DRM-RUN-CANCELED", reason: "enough" });
    expect(await world.until(daruma.get("detached").result())).toBe("slept");
  });

  it("goes on when the block that started it is over", async () => {
    const parent = workflow("parent", async () =>
      withTimeout(
        "1m",
        async () => child.start(nap, undefined, { id: "detached", parentClose: "abandon" }).id,
      ),
    );
    const world = new World();
    const daruma = await world.open([parent, nap]);
    const run = await daruma.start(parent, { id: "p" });
    expect(await world.until(run.result())).toBe("detached");
    expect(await world.until(daruma.get("detached").result())).toBe("slept");
  });

  it("lets a canceled parent that waits for it go, and can be canceled by its handle", async () => {
    const parent = workflow("parent", async () => {
      const started = child.start(nap, undefined, { id: "detached", parentClose: "abandon" });
      await started.result().finally(() => started.cancel("not needed"));
    });
    const world = new World();
    const daruma = await world.open([parent, nap]);
    const run = await daruma.start(parent, { id: "p" });
    await world.quiet();
    await run.cancel("enough");
    expect(await world.failure(run.result())).toMatchObject({ code: "DRM-RUN-CANCELED" });
    const error = await world.failure(daruma.get("detached").result());
    expect(error).toMatchObject({ code: "DRM-RUN-CANCELED", reason: "not needed" });
  });
});

describe("a cancel", () => {
  it("reaches a child with the reason that was given, and nothing more", async () => {
    const parent = workflow("parent", async () => child(nap, undefined, { id: "c" }));
    const world = new World();
    const daruma = await world.open([parent, nap]);
    const run = await daruma.start(parent, { id: "p" });
    await world.quiet();
    await run.cancel("the user left");
    await world.failure(run.result());
    const asked = (await historyOf(daruma, "c")).find(({ type }) => type === "cancel_requested");
    expect(asked).toMatchObject({ reason: "the user left" });
  });

  it("ends `some`: that all calls were canceled is no result", async () => {
    const slow = activity("slow", () => activityContext().sleep("1h"));
    const flow = workflow("flow", async (timeout: string | undefined) =>
      some(
        2,
        [1, 2, 3].map(() => () => slow()),
        { timeout },
      ),
    );
    const world = new World();
    const daruma = await world.open([flow]);
    for (const timeout of [undefined, "2h"]) {
      const run = await daruma.start(flow, { input: timeout });
      await world.quiet();
      await run.cancel("enough");
      expect(await world.failure(run.result())).toMatchObject({ code: "DRM-RUN-CANCELED", reason: "enough" });
    }
  });
});

describe("some", () => {
  it("rejects with a NoQuorumError that has the failures", async () => {
    const fails = activity("fails", async () => Promise.reject(new RangeError("no")), {
      retry: { maximumAttempts: 1 },
    });
    const flow = workflow("flow", async () => {
      const error = await some(1, [() => fails()], { minimum: 1 }).catch((thrown: unknown) => thrown);
      if (!(error instanceof NoQuorumError)) return "another error";
      return [error.needed, error.total, ...error.errors.map((each) => (each as Error).message)];
    });
    const world = new World();
    const daruma = await world.open([flow]);
    expect(await world.until((await daruma.start(flow)).result())).toEqual([1, 1, "no"]);
  });
});
