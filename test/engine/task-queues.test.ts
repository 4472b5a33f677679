import { activity, activityContext, workflow } from "daruma";
import { describe, expect, it } from "vitest";
import { World } from "../support/world.ts";

describe("task queues", () => {
  /** An activity of ten seconds, and how many of it ran at once. */
  function counting(taskQueue?: string): {
    readonly act: (n: number) => Promise<number>;
    most: () => number;
    order: number[];
  } {
    let running = 0;
    let most = 0;
    const order: number[] = [];
    const act = activity(
      `work${taskQueue ?? ""}`,
      async (n: number) => {
        order.push(n);
        most = Math.max(most, ++running);
        await activityContext().sleep("10s");
        running -= 1;
        return n;
      },
      { taskQueue },
    );
    return { act, most: () => most, order };
  }

  it("run as many activities at once as they have slots, in the order in which they were asked for", async () => {
    const world = new World();
    const wide = counting();
    const narrow = counting("narrow");
    const numbers = Array.from({ length: 9 }, (_, index) => index);
    const flow = workflow("flow", async () => {
      await Promise.all([...numbers.map((n) => wide.act(n)), ...numbers.map((n) => narrow.act(n))]);
    });
    const daruma = await world.open([flow], { taskQueues: { narrow: 2 }, slots: 5 });
    const start = world.clock.now();
    await world.until((await daruma.start(flow)).result());
    expect([wide.most(), narrow.most()]).toEqual([5, 2]);
    expect(narrow.order).toEqual(numbers);
    expect(world.clock.now() - start).toBe(50_000);
  });

  it("are shared by all runs", async () => {
    const world = new World();
    const { act, most } = counting("narrow");
    const flow = workflow("flow", async (n: number) => act(n));
    const daruma = await world.open([flow], { taskQueues: { narrow: 3 } });
    const runs = await Promise.all([1, 2, 3, 4, 5, 6, 7].map((n) => daruma.start(flow, { input: n })));
    expect(await world.until(Promise.all(runs.map((run) => run.result())))).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(most()).toBe(3);
  });

  it("can be chosen for a call", async () => {
    const world = new World();
    const { act, most } = counting("wide");
    const routed = activity("routed", async (n: number) => n, { taskQueue: "wide" });
    const flow = workflow("flow", async () => {
      const narrow = routed.with({ taskQueue: "narrow" });
      await Promise.all([act(1), act(2), narrow(3)]);
    });
    const daruma = await world.open([flow], { taskQueues: { wide: 2, narrow: 1 } });
    await world.until((await daruma.start(flow)).result());
    expect(most()).toBe(2);
  });

  it("with the name of something that every object has are queues like any other", async () => {
    const world = new World();
    const { act, most } = counting("constructor");
    const flow = workflow("flow", async () => Promise.all([act(1), act(2)]));
    const daruma = await world.open([flow], { slots: 1 });
    await world.until((await daruma.start(flow)).result());
    expect(most()).toBe(1);
  });
});
