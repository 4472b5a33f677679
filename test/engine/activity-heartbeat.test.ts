import { activity, activityContext, workflow } from "daruma";
import { describe, expect, it } from "vitest";
import { World } from "../support/world.ts";

describe("heartbeats of activities", () => {
  it("the next call reads what the last one said, whatever it died of", async () => {
    const world = new World();
    const read: unknown[] = [];
    const copy = activity("copy", async () => {
      const { heartbeat, heartbeatDetails, attempt } = { ...bound() };
      read.push(heartbeatDetails);
      heartbeat({ line: attempt * 10, at: new Date(attempt) });
      if (attempt < 3) throw new Error("again");
    });
    const flow = workflow("flow", async () => copy());
    const daruma = await world.open([flow]);
    await world.until((await daruma.start(flow)).result());
    expect(read).toEqual([undefined, { line: 10, at: new Date(1) }, { line: 20, at: new Date(2) }]);
  });

  it("details survive calls that say nothing", async () => {
    const world = new World();
    const read: unknown[] = [];
    const copy = activity("copy", async () => {
      const context = activityContext();
      read.push(context.heartbeatDetails);
      if (context.attempt === 1) context.heartbeat("half");
      if (context.attempt < 3) throw new Error("again");
    });
    const flow = workflow("flow", async () => copy());
    const daruma = await world.open([flow]);
    await world.until((await daruma.start(flow)).result());
    expect(read).toEqual([undefined, "half", "half"]);
  });

  it("details survive a crash of the process", async () => {
    const world = new World();
    const read: unknown[] = [];
    const copy = activity("copy", async () => {
      const context = activityContext();
      read.push(context.heartbeatDetails);
      if (read.length > 2) return "done";
      context.heartbeat({ line: 7 });
      await context.sleep("5s");
      context.heartbeat({ line: 7 + read.length });
      return new Promise<string>(() => {});
    });
    const flow = workflow("flow", async () => copy());
    const first = await world.open([flow]);
    await first.start(flow, { id: "r" });
    await world.advance("10s");
    await world.restart([flow]);
    await world.advance("10s");
    const third = await world.restart([flow]);
    expect(await world.until(third.get("r").result())).toBe("done");
    expect(read).toEqual([undefined, { line: 8 }, { line: 9 }]);
  });

  it("the last details before a failure are what counts after a crash in the wait for the retry", async () => {
    const world = new World();
    const read: unknown[] = [];
    const copy = activity("copy", async () => {
      const context = activityContext();
      read.push(context.heartbeatDetails);
      if (context.attempt > 1) return;
      context.heartbeat("first");
      await world.quiet();
      context.heartbeat("soon after, so that it is not written at once");
      throw new Error("again");
    });
    const flow = workflow("flow", async () => copy());
    const before = await world.open([flow]);
    await before.start(flow, { id: "r" });
    await world.advance("1s");
    const after = await world.restart([flow]);
    await world.until(after.get("r").result());
    expect(read).toEqual([undefined, "soon after, so that it is not written at once"]);
  });

  it("many heartbeats cost few writes", async () => {
    const world = new World();
    const copy = activity("copy", async () => {
      for (let line = 0; line < 500; line++) activityContext().heartbeat(line);
    });
    const flow = workflow("flow", async () => copy());
    const daruma = await world.open([flow]);
    await world.until((await daruma.start(flow)).result());
    expect(daruma.engine.state.counters.commits).toBeLessThan(10);
  });

  it("details that cannot be stored fail the call, by name", async () => {
    const world = new World();
    const copy = activity("copy", async () => activityContext().heartbeat({ user: { socket: () => {} } }), {
      retry: { maximumAttempts: 1 },
    });
    const flow = workflow("flow", async () => copy());
    const daruma = await world.open([flow]);
    const error = await world.failure((await daruma.start(flow)).result());
    expect(error["cause"]).toMatchObject({ code: "DRM-PAYLOAD-UNSUPPORTED", path: "$.user.socket" });
  });

  it("a heartbeat of a call that is over does nothing", async () => {
    const world = new World();
    let late: (() => void) | undefined;
    const copy = activity("copy", async () => {
      const context = activityContext();
      late = () => context.heartbeat("too late");
      return "done";
    });
    const flow = workflow("flow", async () => copy());
    const daruma = await world.open([flow]);
    expect(await world.until((await daruma.start(flow)).result())).toBe("done");
    const { commits } = daruma.engine.state.counters;
    late?.();
    await world.quiet();
    expect(daruma.engine.state.counters.commits).toBe(commits);
  });
});

/** The parts of the context that a test takes apart. */
function bound(): {
  heartbeat: (details?: unknown) => void;
  heartbeatDetails: unknown;
  attempt: number;
} {
  const context = activityContext();
  return {
    heartbeat: (details) => context.heartbeat(details),
    heartbeatDetails: context.heartbeatDetails,
    attempt: context.attempt,
  };
}
