import { activity, activityContext, condition, query, signal, sleep, workflow } from "daruma";
import { describe, expect, it } from "vitest";
import { typesOf, World } from "../support/world.ts";

const status = query<string>("status");
const times = query<number, [a: number, b: number]>("times");
const add = signal<number>("add");

const counter = workflow("counter", async () => {
  let sum = 0;
  status.handle(() => `sum ${sum}`);
  times.handle((a, b) => sum + a * b);
  add.handle((n) => void (sum += n));
  await condition(() => sum >= 100);
  return sum;
});

describe("queries", () => {
  for (const cacheSize of [0, 1, 1000]) {
    it(`answer for live, idle, paused and closed runs (with ${cacheSize} idle runs in memory)`, async () => {
      const world = new World();
      const daruma = await world.open([counter], { cacheSize });
      const run = await daruma.start(counter, { id: "a" });
      const runs = [run, ...(await Promise.all(["b", "c"].map((id) => daruma.start(counter, { id }))))];
      for (const each of runs) expect(await world.until(each.query(status))).toBe("sum 0");
      for (const [index, each] of runs.entries()) await world.until(each.signal(add, index + 1));
      const answers = await world.until(Promise.all(runs.map((each) => each.query(status))));
      expect(answers).toEqual(["sum 1", "sum 2", "sum 3"]);
      await run.pause();
      expect(await world.until(run.query(times, 5, 6))).toBe(31);
      await run.resume();
      await run.signal(add, 99);
      expect(await world.until(run.result())).toBe(100);
      expect(await run.query(status)).toBe("sum 100");
    });
  }

  it("leave no trace", async () => {
    const world = new World();
    const daruma = await world.open([counter]);
    const run = await daruma.start(counter, { id: "r" });
    await world.quiet();
    const before = [await typesOf(daruma, "r"), daruma.engine.state.counters.commits];
    for (let asked = 0; asked < 5; asked++) await run.query(status);
    expect([await typesOf(daruma, "r"), daruma.engine.state.counters.commits]).toEqual(before);
  });

  it("after a restart answer from the history", async () => {
    const world = new World();
    const before = await world.open([counter]);
    const run = await before.start(counter, { id: "r" });
    await run.signal(add, 42);
    const after = await world.restart([counter]);
    expect(await after.get("r").query("status")).toBe("sum 42");
  });

  it("while an activity runs, too", async () => {
    const world = new World();
    const act = activity("act", async () => activityContext().sleep("1h"));
    const flow = workflow("flow", async () => {
      status.handle(() => "at work");
      await act();
      status.handle(() => "done");
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    await world.advance("1m");
    expect(await run.query(status)).toBe("at work");
    await world.until(run.result());
    expect(await run.query(status)).toBe("done");
  });

  it("that nobody handles are refused with the names that exist", async () => {
    const world = new World();
    const daruma = await world.open([counter]);
    const run = await daruma.start(counter);
    await expect(run.query("statsu")).rejects.toMatchObject({
      code: "DRM-UNKNOWN-QUERY",
      expected: "one of status, times",
      found: "statsu",
    });
    await expect(daruma.get("nobody").query(status)).rejects.toMatchObject({ code: "DRM-RUN-NOT-FOUND" });
  });

  it("whose handler throws reject with its error, and the run goes on", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      status.handle(() => {
        throw new RangeError("no idea");
      });
      await sleep("1h");
      return "fine";
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    await expect(run.query(status)).rejects.toThrow("no idea");
    expect(await world.until(run.result())).toBe("fine");
  });

  it("may only read: a durable call in a handler is refused, even if the handler keeps that to itself", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      status.handle(() => {
        void sleep("1s");
        return "unharmed";
      });
      times.handle(() => {
        void add.receive();
        return 1;
      });
      await sleep("1h");
      return add.unread();
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await run.signal(add, 1);
    await expect(run.query(status)).rejects.toMatchObject({ code: "DRM-READ-ONLY" });
    await expect(run.query(times, 1, 2)).rejects.toMatchObject({ code: "DRM-READ-ONLY" });
    expect(await world.until(run.result())).toBe(1);
    expect(await typesOf(daruma, "r")).not.toContain("timer_canceled");
  });

  it("whose answer cannot be stored are refused with its path", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      query<unknown>("bad").handle(() => ({ user: { socket: () => {} } }));
      await sleep("1h");
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    await expect(run.query("bad")).rejects.toMatchObject({
      code: "DRM-PAYLOAD-UNSUPPORTED",
      path: "$.user.socket",
    });
  });
});

describe("the query get_status", () => {
  it("is there for every run: running, paused, and then how it closed", async () => {
    const world = new World();
    const flow = workflow("flow", async () => sleep("1h"));
    const daruma = await world.open([flow], { cacheSize: 0 });
    const run = await daruma.start(flow, { id: "r" });
    expect(await run.query("get_status")).toBe("running");
    await run.pause();
    expect(await run.query("get_status")).toBe("paused");
    await run.resume();
    expect(await run.query("get_status")).toBe("running");
    await world.until(run.result());
    expect(await run.query("get_status")).toBe("completed");
    const gone = await daruma.start(flow, { id: "gone" });
    await gone.terminate();
    expect(await gone.query("get_status")).toBe("terminated");
  });

  it("is there without the run's code, and for a parked run", async () => {
    const world = new World();
    const flow = workflow("flow", async () => sleep("1h"));
    const stray = workflow("stray", async () => new Promise(() => {}));
    const before = await world.open([flow, stray]);
    await before.start(flow, { id: "r" });
    await before.start(stray, { id: "parked" });
    await world.quiet();
    expect(await before.get("parked").query("get_status")).toBe("running");
    const after = await world.restart([]);
    expect(await after.get("r").query("get_status")).toBe("running");
  });

  it("is the workflow's own if that handles it", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      query<string>("get_status").handle(() => "busy with eggs");
      await sleep("1h");
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    expect(await run.query("get_status")).toBe("busy with eggs");
    await run.pause();
    expect(await run.query("get_status")).toBe("busy with eggs");
    await run.resume();
    await world.until(run.result());
    expect(await run.query("get_status")).toBe("busy with eggs");
  });
});
