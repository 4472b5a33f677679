import {
  activity,
  child,
  ChildError,
  condition,
  RunTerminatedError,
  RunTimedOutError,
  signal,
  sleep,
  workflow,
} from "daruma";
import type { ParentClosePolicy } from "../../src/core/events.ts";
import { describe, expect, it } from "vitest";
import { historyOf, World } from "../support/world.ts";
import type { Worker } from "../support/world.ts";

const note = signal<string>("note");
const double = workflow("double", async (n: number) => {
  await sleep("1m");
  return n * 2;
});
const failing = workflow("failing", async () => {
  await sleep("1m");
  throw new RangeError("out of eggs");
});
const long = workflow("long", async () => sleep("9h").then(() => "long"));

async function statusOf(daruma: Worker, id: string): Promise<string> {
  return (await daruma.get(id).describe()).status;
}

describe("child runs", () => {
  it("are started and waited for; many of them at once", async () => {
    const world = new World();
    const flow = workflow("flow", async () => Promise.all([1, 2, 3].map((n) => child(double, n))));
    const daruma = await world.open([flow, double]);
    const start = world.clock.now();
    expect(await world.until((await daruma.start(flow)).result())).toEqual([2, 4, 6]);
    expect(world.clock.now() - start).toBe(60_000);
  });

  it("are runs like others: with an id, a history, a parent", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      const handle = child.start(double, 21, { id: "twice" });
      return [handle.id, await handle.result(), await child(double, 1)];
    });
    const daruma = await world.open([flow, double]);
    const run = await daruma.start(flow, { id: "r" });
    expect(await world.until(run.result())).toEqual(["twice", 42, 2]);
    expect(await daruma.get("twice").result()).toBe(42);
    expect(await daruma.get("twice").describe()).toMatchObject({ workflow: "double", parentId: "r" });
    expect((await historyOf(daruma, "twice"))[0]).toMatchObject({ type: "run_started", depth: 1 });
    const derived = (await historyOf(daruma, "r")).filter((event) => event.type === "child_started");
    expect(derived.map(({ id }) => id)).toEqual(["twice", "r.1.2"]);
  });

  it("a handle sends signals and cancels", async () => {
    const world = new World();
    const listener = workflow("listener", async () => {
      const first = await note.receive();
      await sleep("9h");
      return first;
    });
    const flow = workflow("flow", async () => {
      const handle = child.start(listener, undefined);
      handle.signal(note, "hello");
      await sleep("1m");
      handle.cancel("heard enough");
      handle.cancel("twice");
      return handle.result().catch((error: unknown) => error);
    });
    const daruma = await world.open([flow, listener]);
    const error = await world.until((await daruma.start(flow)).result());
    expect(error).toBeInstanceOf(ChildError);
    expect(error).toMatchObject({
      workflow: "listener",
      cause: { code: "DRM-CANCELED", reason: "heard enough" },
    });
  });

  it("a failure is isolated and typed: the parent decides", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      const settled = await Promise.allSettled([child(failing, undefined, { id: "bad" }), child(double, 4)]);
      return settled.map((each) => (each.status === "fulfilled" ? each.value : each.reason));
    });
    const daruma = await world.open([flow, failing, double]);
    const [error, eight] = (await world.until((await daruma.start(flow)).result())) as unknown[];
    expect(eight).toBe(8);
    expect(error).toBeInstanceOf(ChildError);
    expect(error).toMatchObject({
      code: "DRM-CHILD-FAILED",
      runId: "bad",
      workflow: "failing",
      cause: { name: "RangeError", message: "out of eggs" },
    });
    expect((error as Error).cause).toBeInstanceOf(RangeError);
  });

  it("a failure that nobody catches fails the parent, causes and all", async () => {
    const world = new World();
    const middle = workflow("middle", async () => child(failing, undefined));
    const flow = workflow("flow", async () => child(middle, undefined));
    const daruma = await world.open([flow, middle, failing]);
    const error = await world.failure((await daruma.start(flow)).result());
    expect(error).toMatchObject({
      code: "DRM-RUN-FAILED",
      cause: { code: "DRM-CHILD-FAILED", cause: { code: "DRM-CHILD-FAILED", cause: { name: "RangeError" } } },
    });
  });

  it("that are terminated or time out tell the parent so", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      const late = await child(long, undefined, { timeout: "1m" }).catch((error: Error) => error.cause);
      const killed = await child(long, undefined, { id: "victim" }).catch((error: Error) => error.cause);
      return [late instanceof RunTimedOutError, killed instanceof RunTerminatedError];
    });
    const daruma = await world.open([flow, long]);
    const run = await daruma.start(flow);
    await world.advance("2m");
    await daruma.get("victim").terminate();
    expect(await world.until(run.result())).toEqual([true, true]);
  });

  it("whose id is taken are an error in the parent; the other run is left alone", async () => {
    for (const cacheSize of [0, 1000]) {
      const world = new World();
      const flow = workflow("flow", async () =>
        child(double, 1, { id: "taken" }).catch((error: unknown) => error),
      );
      const daruma = await world.open([flow, double, long], { cacheSize });
      await daruma.start(long, { id: "taken" });
      const error = await world.until((await daruma.start(flow)).result());
      expect(error).toMatchObject({
        code: "DRM-CHILD-FAILED",
        cause: { code: "DRM-DUPLICATE-RUN", runId: "taken" },
      });
      expect(await statusOf(daruma, "taken")).toBe("running");
    }
  });

  it("of a workflow that nobody knows are an error in the parent, the same one on replay", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      const error = await child("lnog", undefined).catch((caught: unknown) => caught);
      await sleep("1h");
      return error;
    });
    const before = await world.open([flow]);
    await before.start(flow, { id: "r" });
    await world.advance("1m");
    const after = await world.restart([flow]);
    const error = await world.until(after.get("r").result());
    expect(error).toMatchObject({ message: expect.stringContaining("lnog") });
  });

  it("cannot be nested without an end", async () => {
    const world = new World();
    const nest = workflow("nest", async (n: number): Promise<number> => {
      const deeper = await child("nest", n + 1).catch((error: Error & { code: string }) => error);
      if (typeof deeper === "number") return deeper;
      if ((deeper as { code?: string }).code === "DRM-DEPTH-LIMIT") return n;
      throw deeper as Error;
    });
    const daruma = await world.open([nest], { limits: { childDepth: 5 } });
    const run = await daruma.start(nest, { input: 0 });
    expect(await world.until(run.result())).toBe(5);
  });

  it("with input or id that cannot be fail the call", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      const code = ({ code: found }: { code: string }): string => found;
      return [
        await child("double", { user: { socket: () => {} } }).catch(code),
        await child(double, 1, { id: "a\u0000b" }).catch(code),
        await child(double, 1, { id: "" }).catch(code),
        await child(double, 1, { timeout: "soon" }).catch(code),
      ];
    });
    const daruma = await world.open([flow, double]);
    expect(await world.until((await daruma.start(flow)).result())).toEqual([
      "DRM-PAYLOAD-UNSUPPORTED",
      "DRM-INVALID-NAME",
      "DRM-INVALID-NAME",
      "DRM-INVALID-DURATION",
    ]);
  });

  it("go on through a crash, and are waited for after it", async () => {
    const world = new World();
    const act = activity("act", async (n: number) => n + 1);
    const middle = workflow("middle", async (n: number) => {
      await sleep("1h");
      return act(n);
    });
    const flow = workflow("flow", async () => child(middle, 1));
    const before = await world.open([flow, middle]);
    await before.start(flow, { id: "r" });
    await world.advance("30m");
    const after = await world.restart([flow, middle], { cacheSize: 0 });
    expect(await world.until(after.get("r").result())).toBe(2);
  });
});

describe("when a parent closes first", () => {
  const table: readonly [ParentClosePolicy | undefined, string][] = [
    [undefined, "terminated"],
    ["terminate", "terminated"],
    ["cancel", "canceled"],
    ["abandon", "running"],
  ];

  it.each(table)("with the policy %s the child is %s", async (parentClose, expected) => {
    const world = new World();
    const flow = workflow("flow", async () => {
      child.start(long, undefined, { id: "kid", parentClose });
      await sleep("1m");
    });
    const daruma = await world.open([flow, long]);
    await world.until((await daruma.start(flow)).result());
    await world.quiet();
    expect(await statusOf(daruma, "kid")).toBe(expected);
  });

  it("a failed, timed-out or terminated parent counts as closed", async () => {
    const world = new World();
    const flow = workflow("flow", async (way: string) => {
      child.start(long, undefined, { id: `kid of ${way}`, parentClose: "cancel" });
      if (way === "fails") throw new Error("on purpose");
      await sleep("9d");
    });
    const daruma = await world.open([flow, long]);
    await daruma.start(flow, { input: "fails" });
    await daruma.start(flow, { input: "is late", timeout: "1m" });
    const killed = await daruma.start(flow, { input: "is killed" });
    await world.advance("1m");
    await killed.terminate();
    await world.quiet();
    expect(await statusOf(daruma, "kid of fails")).toBe("canceled");
    expect(await statusOf(daruma, "kid of is late")).toBe("canceled");
    expect(await statusOf(daruma, "kid of is killed")).toBe("terminated");
  });

  it("a detached child survives the cancel of its parent, which does not wait for it", async () => {
    const world = new World();
    const flow = workflow("flow", async () => child(long, undefined, { id: "kid", parentClose: "abandon" }));
    const daruma = await world.open([flow, long]);
    const run = await daruma.start(flow);
    await world.advance("1m");
    await run.cancel("enough");
    expect(await world.failure(run.result())).toMatchObject({ code: "DRM-RUN-CANCELED" });
    expect(await world.until(daruma.get("kid").result())).toBe("long");
  });

  it("a child that was asked to cancel may take its time: the parent waits", async () => {
    const world = new World();
    const stubborn = workflow("stubborn", async () => {
      let told = false;
      await sleep("9h").catch(() => (told = true));
      await condition(() => told).catch(() => {});
      return "finished after all";
    });
    const flow = workflow("flow", async () => {
      const handle = child.start(stubborn, undefined);
      await sleep("1m");
      handle.cancel();
      return handle.result();
    });
    const daruma = await world.open([flow, stubborn]);
    expect(await world.until((await daruma.start(flow)).result())).toBe("finished after all");
  });
});
