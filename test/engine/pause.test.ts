import { activity, activityContext, child, query, signal, sleep, workflow } from "daruma";
import { describe, expect, it } from "vitest";
import { historyOf, typesOf, World } from "../support/world.ts";

const note = signal<string>("note");

/** An activity that takes a minute, and how often it was called. */
function minute(): { readonly act: (name: string) => Promise<string>; readonly calls: string[] } {
  const calls: string[] = [];
  const act = activity("minute", async (name: string) => {
    calls.push(name);
    await activityContext().sleep("1m");
    return name;
  });
  return { act, calls };
}

describe("a paused run", () => {
  it("begins no turn and no attempt; it goes on where it was", async () => {
    const world = new World();
    const { act, calls } = minute();
    const flow = workflow("flow", async () => [await act("a"), await act("b")]);
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await world.advance("10s");
    await run.pause("lunch");
    await world.advance("1h");
    expect(await run.describe()).toMatchObject({ status: "running", paused: true });
    expect(calls).toEqual(["a"]);
    await run.resume();
    expect(await world.until(run.result())).toEqual(["a", "b"]);
    expect(calls).toEqual(["a", "b"]);
  });

  it("keeps the result of an activity that ends meanwhile: finished work never runs again, also across a restart", async () => {
    const world = new World();
    const { act, calls } = minute();
    const flow = workflow("flow", async () => Promise.all([act("a"), act("b")]));
    const before = await world.open([flow]);
    const run = await before.start(flow, { id: "r" });
    await world.advance("10s");
    await run.pause();
    await world.advance("1h");
    const after = await world.restart([flow]);
    await world.advance("1h");
    expect(await after.get("r").describe()).toMatchObject({ paused: true });
    await after.get("r").resume();
    expect(await world.until(after.get("r").result())).toEqual(["a", "b"]);
    expect(calls).toEqual(["a", "b"]);
    expect(await typesOf(after, "r")).not.toContain("activity_interrupted");
  });

  it("keeps results for several pauses, with no idle runs in memory too", async () => {
    const world = new World();
    const { act, calls } = minute();
    const flow = workflow("flow", async () =>
      Promise.all([act("a"), sleep("2h").then(async () => act("b"))]),
    );
    const daruma = await world.open([flow], { cacheSize: 0 });
    const run = await daruma.start(flow, { id: "r" });
    for (let pause = 0; pause < 4; pause++) {
      await run.pause();
      await world.advance("40m");
      await run.resume();
      await world.quiet();
    }
    expect(await world.until(run.result())).toEqual(["a", "b"]);
    expect(calls).toEqual(["a", "b"]);
  });

  it("runs again what was interrupted by a crash while it was paused, and counts that", async () => {
    const world = new World();
    const attempts: number[] = [];
    const act = activity("act", async () => {
      attempts.push(activityContext().attempt);
      return attempts.length === 1 ? new Promise<string>(() => {}) : "done";
    });
    const flow = workflow("flow", async () => act());
    const before = await world.open([flow]);
    const run = await before.start(flow, { id: "r" });
    await world.quiet();
    await run.pause();
    const after = await world.restart([flow]);
    await world.advance("1h");
    expect(attempts).toEqual([1]);
    await after.get("r").resume();
    expect(await world.until(after.get("r").result())).toBe("done");
    expect(attempts).toEqual([1, 2]);
  });

  it("lets timers fire after the resume, not before, and never early", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      const first = sleep("1h").then(() => "first");
      const second = sleep("3h").then(() => "second");
      return [await Promise.race([first, second]), await second];
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    const start = world.clock.now();
    await world.advance("1m");
    await run.pause();
    await world.advance("2h");
    expect(await typesOf(daruma, "r")).not.toContain("timer_fired");
    await run.resume();
    await world.quiet();
    expect((await typesOf(daruma, "r")).filter((type) => type === "timer_fired")).toHaveLength(1);
    expect(await world.until(run.result())).toEqual(["first", "second"]);
    expect(world.clock.now() - start).toBe(3 * 3_600_000);
  });

  it("keeps signals in order; those sent after the resume come after them", async () => {
    for (const cacheSize of [0, 1000]) {
      const world = new World();
      const flow = workflow("flow", async () => {
        const all: string[] = [];
        for (let count = 0; count < 6; count++) all.push(await note.receive());
        return all;
      });
      const daruma = await world.open([flow], { cacheSize });
      const run = await daruma.start(flow, { id: "r" });
      await run.signal(note, "1");
      await run.pause();
      await run.signal(note, "2");
      await run.signal(note, "3");
      await Promise.all([run.resume(), run.signal(note, "4"), run.signal(note, "5")]);
      await run.signal(note, "6");
      expect(await world.until(run.result())).toEqual(["1", "2", "3", "4", "5", "6"]);
    }
  });

  it("waits for a retry to come due, but does not call before the resume", async () => {
    const world = new World();
    let calls = 0;
    const act = activity("act", async () => {
      if (++calls === 1) throw new Error("again");
      return calls;
    });
    const flow = workflow("flow", async () => act());
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await world.quiet();
    await run.pause();
    await world.advance("1h");
    expect(calls).toBe(1);
    await run.resume();
    expect(await world.until(run.result())).toBe(2);
  });

  it("does not call an activity that waits for a slot", async () => {
    const world = new World();
    const { act, calls } = minute();
    const flow = workflow("flow", async () => Promise.all([act("a"), act("b")]));
    const daruma = await world.open([flow], { slots: 1 });
    const run = await daruma.start(flow, { id: "r" });
    await world.advance("1s");
    await run.pause();
    await world.advance("1h");
    expect(calls).toEqual(["a"]);
    await run.resume();
    expect(await world.until(run.result())).toEqual(["a", "b"]);
    expect(calls).toEqual(["a", "b"]);
  });

  it("can be paused and resumed again and again; what is so already stays so", async () => {
    const world = new World();
    const flow = workflow("flow", async () => sleep("1h"));
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await run.resume();
    await run.pause();
    await run.pause();
    await run.resume();
    await run.resume();
    expect(await typesOf(daruma, "r")).toEqual(["run_started", "timer_started", "run_paused", "run_resumed"]);
  });

  it("can be canceled: that ends the pause, and it may clean up", async () => {
    const world = new World();
    const { act, calls } = minute();
    const flow = workflow("flow", async () => {
      try {
        await sleep("9h");
      } catch (error) {
        calls.push((error as Error).name);
        throw error;
      }
      await act("never");
    });
    const daruma = await world.open([flow], { checkDeterminism: false });
    const run = await daruma.start(flow);
    await run.pause();
    await run.cancel("enough");
    expect(await world.failure(run.result())).toMatchObject({ code: "DRM-RUN-CANCELED", reason: "enough" });
    expect(calls).toEqual(["CanceledError"]);
  });

  it("can be terminated", async () => {
    const world = new World();
    const flow = workflow("flow", async () => sleep("9h"));
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    await run.pause();
    await run.terminate("gone");
    expect(await world.failure(run.result())).toMatchObject({ code: "DRM-RUN-TERMINATED", reason: "gone" });
  });

  it("that has reached its time limit is timed out once it goes on", async () => {
    const world = new World();
    const flow = workflow("flow", async () => sleep("9h"), { timeout: "1h" });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    await run.pause();
    await world.advance("2h");
    expect(await run.describe()).toMatchObject({ status: "running", paused: true });
    await run.resume();
    expect(await world.failure(run.result())).toMatchObject({ code: "DRM-RUN-TIMED-OUT" });
  });

  it("pauses its children with it, and theirs; detached ones go on", async () => {
    const world = new World();
    const leaf = workflow("leaf", async () => sleep("1h").then(() => "leaf"));
    const middle = workflow("middle", async () => child(leaf, undefined, { id: "leaf" }));
    const free = workflow("free", async () => sleep("1h").then(() => "free"));
    const top = workflow("top", async () => {
      child.start(free, undefined, { id: "free", parentClose: "abandon" });
      return child(middle, undefined, { id: "middle" });
    });
    const daruma = await world.open([leaf, middle, free, top]);
    const run = await daruma.start(top, { id: "top" });
    await world.advance("1m");
    await run.pause();
    await world.advance("2h");
    const states = async (): Promise<string[]> => {
      const all: string[] = [];
      for await (const { id, status, paused } of daruma.list())
        all.push(`${id} ${paused ? "paused" : status}`);
      return all.toSorted();
    };
    expect(await states()).toEqual(["free completed", "leaf paused", "middle paused", "top paused"]);
    await run.resume();
    expect(await world.until(run.result())).toBe("leaf");
    expect(await states()).toEqual(["free completed", "leaf completed", "middle completed", "top completed"]);
  });
});

describe("the signals pause, resume and cancel, and the query get_status", () => {
  it("work for every run, without a line in its workflow", async () => {
    const world = new World();
    const flow = workflow("flow", async () => sleep("1h"));
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await run.signal("pause", undefined);
    expect(await run.query("get_status")).toBe("paused");
    await world.advance("2h");
    await run.signal("resume", undefined);
    await world.until(run.result());
    const other = await daruma.start(flow, { id: "other" });
    await other.signal("cancel", undefined);
    expect(await world.failure(other.result())).toMatchObject({ code: "DRM-RUN-CANCELED" });
    expect(await other.query("get_status")).toBe("canceled");
  });

  it("reach the children that a workflow sends them to", async () => {
    const world = new World();
    const leaf = workflow("leaf", async () => sleep("1m").then(() => "leaf"));
    const top = workflow("top", async () => {
      const handle = child.start(leaf, undefined, { id: "leaf" });
      handle.signal(signal("pause"), undefined);
      await sleep("1h");
      handle.signal(signal("resume"), undefined);
      return handle.result();
    });
    const daruma = await world.open([leaf, top]);
    const run = await daruma.start(top);
    await world.advance("30m");
    expect(await daruma.get("leaf").query("get_status")).toBe("paused");
    expect(await world.until(run.result())).toBe("leaf");
  });

  it("a pause is durable: after a restart the run is still paused", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      query<string>("where").handle(() => "here");
      await sleep("1m");
    });
    const before = await world.open([flow]);
    const run = await before.start(flow, { id: "r" });
    await run.pause("the night");
    const after = await world.restart([flow]);
    await world.advance("1h");
    expect(await after.get("r").query("get_status")).toBe("paused");
    expect(await after.get("r").query("where")).toBe("here");
    const events = await historyOf(after, "r");
    expect(events.at(-1)).toMatchObject({ type: "run_paused", reason: "the night" });
    await after.get("r").resume();
    await world.until(after.get("r").result());
  });
});
