import { activity, activityContext, condition, signal, sleep, workflow } from "daruma";
import { describe, expect, it } from "vitest";
import { typesOf, World } from "../support/world.ts";

const add = signal<number>("add");

describe("condition", () => {
  it("that holds already waits for nothing", async () => {
    const world = new World();
    const flow = workflow("flow", async () => condition(() => true, "1h"));
    const daruma = await world.open([flow]);
    await world.until((await daruma.start(flow, { id: "r" })).result());
    expect(await typesOf(daruma, "r")).toEqual(["run_started", "run_completed"]);
  });

  it("waits for a state that signals bring about", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      let sum = 0;
      add.handle((n) => void (sum += n));
      await condition(() => sum >= 10);
      return sum;
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    for (const n of [1, 2, 3]) await run.signal(add, n);
    expect(await run.describe()).toMatchObject({ status: "running", waits: [{ what: "a condition" }] });
    await run.signal(add, 5);
    expect(await world.until(run.result())).toBe(11);
  });

  it("lets those that hold go on one after the other, each seeing what the one before did", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      let free = 0;
      const order: string[] = [];
      add.handle((n) => void (free += n));
      const taking = async (name: string): Promise<void> => {
        await condition(() => free > 0);
        free -= 1;
        order.push(name);
      };
      await Promise.all(["a", "b", "c"].map(taking));
      return order;
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    await run.signal(add, 2);
    await world.quiet();
    expect(await run.describe()).toMatchObject({ waits: [{ what: "a condition" }] });
    await run.signal(add, 1);
    expect(await world.until(run.result())).toEqual(["a", "b", "c"]);
  });

  it("with a limit rejects when the time is over, and its timer goes when it is met", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      let sum = 0;
      add.handle((n) => void (sum += n));
      await condition(() => sum > 0, "1h");
      const error = await condition(() => sum > 1, "2h").catch((caught: unknown) => caught);
      return error;
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await world.advance("30m");
    await run.signal(add, 1);
    const start = world.clock.now();
    const error = await world.until(run.result());
    expect(error).toMatchObject({ code: "DRM-TIMEOUT", timeout: "condition", timeoutMs: 7_200_000 });
    expect(world.clock.now() - start).toBe(7_200_000);
    const timers = (await typesOf(daruma, "r")).filter((type) => type.startsWith("timer_"));
    expect(timers).toEqual(["timer_started", "timer_canceled", "timer_started", "timer_fired"]);
  });

  it("goes the same way again after a crash", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      let sum = 0;
      add.handle((n) => void (sum += n));
      await condition(() => sum > 2);
      await sleep("1h");
      await condition(() => sum > 5);
      return sum;
    });
    const before = await world.open([flow]);
    const run = await before.start(flow, { id: "r" });
    for (const n of [1, 2]) await run.signal(add, n);
    await world.advance("2h");
    const after = await world.restart([flow]);
    await after.get("r").signal(add, 7);
    expect(await world.until(after.get("r").result())).toBe(10);
  });

  it("an error in the test is the waiting code's error", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      let armed = false;
      add.handle(() => void (armed = true));
      return condition(() => {
        if (armed) throw new RangeError("cannot look");
        return false;
      }).catch(String);
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    await run.signal(add, 1);
    expect(await world.until(run.result())).toBe("RangeError: cannot look");
  });

  it("may only read: a durable call in the test is an error, at the first look and later", async () => {
    const world = new World();
    const act = activity("act", async () => activityContext().attempt);
    const flow = workflow("flow", async (late: boolean) => {
      let armed = !late;
      add.handle(() => void (armed = true));
      const test = (): boolean => {
        if (armed) void sleep("1s");
        return false;
      };
      const error = await condition(test).catch(({ code }: { code: string }) => code);
      return [error, await act()];
    });
    const daruma = await world.open([flow]);
    const soon = await daruma.start(flow, { input: false });
    expect(await world.until(soon.result())).toEqual(["DRM-READ-ONLY", 1]);
    const late = await daruma.start(flow, { input: true });
    await late.signal(add, 1);
    expect(await world.until(late.result())).toEqual(["DRM-READ-ONLY", 1]);
  });
});
