import { activity, condition, sleep, update, UpdateRejectedError, workflow } from "daruma";
import { describe, expect, it } from "vitest";
import { historyOf, typesOf, World } from "../support/world.ts";

const add = update<number, number>("add");
const bump = update("bump");
const slow = activity("slow", async (n: number) => n * 2, { startToCloseTimeout: "1h" });

const sums = workflow("sums", async () => {
  let sum = 0;
  add.handle(
    async (n) => {
      const doubled = await slow(n);
      if (doubled === 26) throw new RangeError("thirteen is unlucky");
      sum += n;
      return sum;
    },
    {
      validate: (n) => {
        if (n < 0) throw new TypeError(`${n} is negative`);
      },
    },
  );
  bump.handle(() => void (sum += 1));
  await condition(() => sum >= 100);
  return sum;
});

describe("updates", () => {
  it("are answered when their handler is done, durable calls included", async () => {
    const world = new World();
    const daruma = await world.open([sums]);
    const run = await daruma.start(sums, { id: "r" });
    expect(await world.until(run.update(add, 5))).toBe(5);
    expect(await world.until(run.update(add, 7))).toBe(12);
    expect(await world.until(run.update(bump))).toBeUndefined();
    expect(await world.until(run.update(add, 90))).toBe(103);
    expect(await world.until(run.result())).toBe(103);
    expect((await typesOf(daruma, "r")).filter((type) => type.startsWith("update_"))).toHaveLength(8);
  });

  it("that their validator refuses leave no trace", async () => {
    const world = new World();
    const daruma = await world.open([sums]);
    const run = await daruma.start(sums, { id: "r" });
    await world.quiet();
    const before = await historyOf(daruma, "r");
    const error = await world.failure(run.update(add, -1));
    expect(error).toBeInstanceOf(UpdateRejectedError);
    expect(error).toMatchObject({
      update: "add",
      runId: "r",
      cause: { name: "TypeError", message: "-1 is negative" },
    });
    expect(await historyOf(daruma, "r")).toEqual(before);
    expect(await world.until(run.update(add, 1))).toBe(1);
  });

  it("a validator may only read", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      add.handle((n) => n, { validate: () => void sleep("1s") });
      await sleep("1h");
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    const error = await world.failure(run.update(add, 1));
    expect(error["cause"]).toMatchObject({ code: "DRM-READ-ONLY" });
    expect(await typesOf(daruma, "r")).toEqual(["run_started", "timer_started"]);
  });

  it("whose handler throws reject with its error; the run goes on", async () => {
    const world = new World();
    const daruma = await world.open([sums]);
    const run = await daruma.start(sums, { id: "r" });
    expect(await world.failure(run.update(add, 13))).toMatchObject({
      name: "RangeError",
      message: "thirteen is unlucky",
    });
    expect(await world.until(run.update(add, 1))).toBe(1);
  });

  it("that nobody handles are refused with the names that exist", async () => {
    const world = new World();
    const daruma = await world.open([sums]);
    const run = await daruma.start(sums, { id: "r" });
    expect(await world.failure(run.update("ad", 1))).toMatchObject({
      code: "DRM-UNKNOWN-UPDATE",
      expected: "one of add, bump",
    });
    expect(await world.failure(daruma.get("nobody").update(add, 1))).toMatchObject({
      code: "DRM-RUN-NOT-FOUND",
    });
  });

  it("to a closed run are refused", async () => {
    const world = new World();
    const daruma = await world.open([sums]);
    const run = await daruma.start(sums, { id: "r" });
    await world.until(run.update(add, 100));
    await world.until(run.result());
    expect(await world.failure(run.update(add, 1))).toMatchObject({
      code: "DRM-RUN-CLOSED",
      status: "completed",
    });
  });

  it("repeated with one operation id are done once and answered the same, result or failure", async () => {
    const world = new World();
    const daruma = await world.open([sums]);
    const run = await daruma.start(sums, { id: "r" });
    const twice = [run.update(add, 5, { operation: "op-1" }), run.update(add, 5, { operation: "op-1" })];
    expect(await world.until(Promise.all(twice))).toEqual([5, 5]);
    expect(await world.until(run.update(add, 5, { operation: "op-1" }))).toBe(5);
    const unlucky = { operation: "op-2" };
    expect(await world.failure(run.update(add, 13, unlucky))).toMatchObject({ name: "RangeError" });
    expect(await world.failure(run.update(add, 13, unlucky))).toMatchObject({ name: "RangeError" });
    expect(await world.until(run.update(add, 1))).toBe(6);
    const accepted = (await historyOf(daruma, "r")).filter(({ type }) => type === "update_accepted");
    expect(accepted).toHaveLength(3);
  });

  it("repeated after a crash get the answer of the first time", async () => {
    const world = new World();
    const before = await world.open([sums]);
    const run = await before.start(sums, { id: "r" });
    await world.until(run.update(add, 5, { operation: "op-1" }));
    const after = await world.restart([sums], { cacheSize: 0 });
    expect(await world.until(after.get("r").update(add, 5, { operation: "op-1" }))).toBe(5);
    expect(await world.until(after.get("r").update(add, 1))).toBe(6);
  });

  it("that were accepted before a crash are finished after it", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      let value = 0;
      add.handle(async (n) => {
        await sleep("1h");
        value = n;
        return n;
      });
      await condition(() => value > 0);
      return value;
    });
    const before = await world.open([flow]);
    const run = await before.start(flow, { id: "r" });
    void run.update(add, 9, { operation: "op" }).catch(() => {});
    await world.advance("1m");
    const after = await world.restart([flow]);
    const again = after.get("r").update(add, 9, { operation: "op" });
    expect(await world.until(again)).toBe(9);
    expect(await world.until(after.get("r").result())).toBe(9);
  });

  it("to a paused run are answered once it goes on, refusals too", async () => {
    const world = new World();
    const daruma = await world.open([sums]);
    const run = await daruma.start(sums, { id: "r" });
    await run.pause();
    const answer = run.update(add, 5);
    const refused = run.update(add, -5);
    const settled: string[] = [];
    answer.then(
      () => settled.push("answered"),
      () => {},
    );
    refused.catch(() => settled.push("refused"));
    await world.advance("1h");
    expect(settled).toEqual([]);
    await run.resume();
    expect(await world.until(answer)).toBe(5);
    expect(await world.failure(refused)).toBeInstanceOf(UpdateRejectedError);
  });

  it("whose run closes before the handler is done are told so", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      let called = false;
      add.handle(async () => {
        called = true;
        await sleep("9h");
        return 0;
      });
      await condition(() => called);
      await sleep("1h");
      return "over";
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    const failure = world.failure(run.update(add, 1));
    expect(await failure).toMatchObject({ code: "DRM-RUN-CLOSED" });
    expect(await world.until(run.result())).toBe("over");
  });

  it("for a run that turns out to have been started before are for that one", async () => {
    const world = new World();
    const daruma = await world.open([sums]);
    const first = await daruma.start(sums, { id: "r" });
    await world.until(first.update(add, 100));
    await world.until(first.result());
    // The second start is in memory until the store says that its id is taken; paused, it keeps what comes.
    const told: unknown[] = [];
    const tell = (error: { code: string }): unknown => told.push(error.code);
    daruma.start(sums, { id: "r" }).catch(tell);
    daruma.get("r").pause().catch(tell);
    daruma.get("r").update(add, 1).catch(tell);
    // Nobody has to wait until the engine looks for runs that have closed.
    await world.quiet();
    expect(told).toHaveLength(3);
    expect(new Set(told)).toEqual(new Set(["DRM-DUPLICATE-RUN", "DRM-RUN-CLOSED"]));
  });

  it("that wait when Daruma is closed are told so", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      add.handle(async () => sleep("9h").then(() => 0));
      await sleep("99h");
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    const waiting = run.update(add, 1).catch((error: unknown) => error);
    await world.quiet();
    await world.until(daruma.close());
    expect(await waiting).toMatchObject({ code: "DRM-CLOSED" });
  });

  it("whose answer cannot be stored reject with its path", async () => {
    const world = new World();
    const bad = update<void, unknown>("bad");
    const flow = workflow("flow", async () => {
      bad.handle(() => ({ user: { socket: () => {} } }));
      await sleep("1h");
      return "fine";
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    expect(await world.failure(run.update(bad))).toMatchObject({
      code: "DRM-PAYLOAD-UNSUPPORTED",
      path: "$.user.socket",
    });
    expect(await world.until(run.result())).toBe("fine");
  });
});
