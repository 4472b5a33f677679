import {
  activity,
  activityContext,
  child,
  continueAsNew,
  mapConcurrent,
  signal,
  sleep,
  update,
  workflow,
} from "daruma";
import { describe, expect, it } from "vitest";
import { historyOf, typesOf, World } from "../support/world.ts";

const note = signal<unknown>("note");
const kilobyte = "x".repeat(1024);

describe("limits.payloadBytes", () => {
  const limits = { payloadBytes: 500 };

  it("a value that is too large fails the call that it was passed to, and nothing else (lesson 14)", async () => {
    const world = new World();
    const echo = activity("echo", async (value: string) => value);
    const blow = activity("blow", async () => kilobyte);
    const kid = workflow("kid", async (value: string) => value);
    const flow = workflow("flow", async () => {
      const code = ({ name, message }: Error): string => `${name} ${message.split("\n")[1]?.trim()}`;
      return [
        await echo(kilobyte).catch(code),
        await blow().catch(code),
        await child(kid, kilobyte).catch(code),
        await continueAsNew(kilobyte).catch(code),
        await echo("small"),
      ];
    });
    const daruma = await world.open([flow, kid], { limits });
    const most = "PayloadError expected: at most 500 bytes of JSON in UTF-8 (limits.payloadBytes)";
    const run = await daruma.start(flow, { id: "r" });
    expect(await world.until(run.result())).toEqual([most, most, most, most, "small"]);
  });

  it("holds for what comes from outside, whatever the client thinks", async () => {
    const world = new World();
    const change = update<unknown, unknown>("change");
    const flow = workflow("flow", async () => {
      change.handle(() => kilobyte);
      await sleep("1h");
      return kilobyte;
    });
    const daruma = await world.open([flow], { limits });
    const tooLarge = {
      code: "DRM-PAYLOAD-TOO-LARGE",
      expected: expect.stringContaining("limits.payloadBytes"),
    };
    await expect(daruma.start("flow", { input: kilobyte })).rejects.toMatchObject(tooLarge);
    const run = await daruma.start(flow, { id: "r" });
    await expect(run.signal(note, kilobyte)).rejects.toMatchObject(tooLarge);
    await expect(run.update(change, kilobyte)).rejects.toMatchObject(tooLarge);
    await expect(run.cancel(kilobyte)).rejects.toMatchObject(tooLarge);
    await expect(run.terminate(kilobyte)).rejects.toMatchObject(tooLarge);
    await expect(run.pause(kilobyte)).rejects.toMatchObject(tooLarge);
    expect(await world.failure(run.update(change, "small"))).toMatchObject(tooLarge);
    expect((await world.failure(run.result()))["cause"]).toMatchObject(tooLarge);
  });

  it("counts bytes, not characters", async () => {
    const world = new World();
    const flow = workflow("flow", async (text: string) => text.length);
    const daruma = await world.open([flow], { limits: { payloadBytes: 302 } });
    expect(await world.until((await daruma.start(flow, { input: "あ".repeat(100) })).result())).toBe(100);
    await expect(daruma.start(flow, { input: "あ".repeat(101) })).rejects.toMatchObject({
      found: "305 bytes",
    });
  });

  it("heartbeat details are held to it too", async () => {
    const world = new World();
    const beat = activity("beat", async () => activityContext().heartbeat(kilobyte), {
      retry: { maximumAttempts: 1 },
    });
    const flow = workflow("flow", async () => beat());
    const daruma = await world.open([flow], { limits });
    expect((await world.failure((await daruma.start(flow)).result()))["cause"]).toMatchObject({
      code: "DRM-PAYLOAD-TOO-LARGE",
    });
  });
});

describe("limits.historyEvents", () => {
  const busy = workflow("busy", async (rounds: number) => {
    for (let round = 0; round < rounds; round++) await sleep("1s");
    return "done";
  });

  it("a warning comes once, and the run goes on", async () => {
    const world = new World();
    const limits = { historyEventsWarn: 20, historyEvents: 1000 };
    const daruma = await world.open([busy], { limits });
    expect(await world.until((await daruma.start(busy, { id: "r", input: 50 })).result())).toBe("done");
    expect(daruma.logs).toMatchObject([
      { level: "warn", event: "history_long", runId: "r", workflow: "busy" },
    ]);
  });

  it("at the limit the run fails with an error that names it; its children and timers go with it", async () => {
    const world = new World();
    const kid = workflow("kid", async () => sleep("9d"));
    const flow = workflow("flow", async () => {
      child.start(kid, undefined, { id: "kid" });
      for (;;) await sleep("1s");
    });
    const daruma = await world.open([flow, kid], { limits: { historyEvents: 40 } });
    const run = await daruma.start(flow, { id: "r" });
    const error = await world.failure(run.result());
    expect(error).toMatchObject({
      code: "DRM-RUN-FAILED",
      cause: { code: "DRM-HISTORY-LIMIT", expected: "fewer than 40 events (limits.historyEvents)" },
    });
    expect((await typesOf(daruma, "r")).at(-1)).toBe("run_failed");
    expect((await historyOf(daruma, "r")).length).toBeLessThan(50);
    await world.quiet();
    expect(await daruma.get("kid").describe()).toMatchObject({ status: "terminated" });
  });

  it("a run that failed so can be asked and replayed", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      for (;;) await sleep("1s");
    });
    const daruma = await world.open([flow], { limits: { historyEvents: 40 } });
    const run = await daruma.start(flow, { id: "r" });
    await world.failure(run.result());
    expect(await run.query("get_status")).toBe("failed");
    expect(daruma.logs.map(({ event }) => event)).toEqual(["history_long"]);
  });

  it("retries count too: a run cannot grow by failing", async () => {
    const world = new World();
    const failing = activity(
      "failing",
      async () => {
        throw new Error("always");
      },
      { retry: { maximumAttempts: Number.POSITIVE_INFINITY } },
    );
    const flow = workflow("flow", async () => failing());
    const daruma = await world.open([flow], { limits: { historyEvents: 40 } });
    const error = await world.failure((await daruma.start(flow)).result());
    expect(error["cause"]).toMatchObject({ code: "DRM-HISTORY-LIMIT" });
  });

  it("continueAsNew is the way out", async () => {
    const world = new World();
    const flow = workflow("flow", async (done: number = 0): Promise<number> => {
      for (let round = 0; round < 10; round++) await sleep("1s");
      return done === 9 ? done : continueAsNew(done + 1);
    });
    const daruma = await world.open([flow], { limits: { historyEvents: 40 } });
    expect(await world.until((await daruma.start(flow)).result())).toBe(9);
  });
});

describe("limits.pendingCommands", () => {
  it("one more open call fails, typed; with bounded concurrency all goes well", async () => {
    const world = new World();
    const act = activity("act", async (n: number) => n);
    const numbers = Array.from({ length: 30 }, (_, n) => n);
    const flow = workflow("flow", async (bounded: boolean) =>
      bounded
        ? mapConcurrent(numbers, (n) => act(n), { concurrency: 10 })
        : Promise.all(numbers.map((n) => act(n))).catch(({ code }: { code: string }) => code),
    );
    const daruma = await world.open([flow], { limits: { pendingCommands: 20 } });
    const bounded = await daruma.start(flow, { input: true });
    expect(await world.until(bounded.result())).toEqual(numbers);
    const wide = await daruma.start(flow, { input: false });
    expect(await world.until(wide.result())).toBe("DRM-PENDING-LIMIT");
  });
});

describe("limits.signalsBuffered", () => {
  it("the sender of one more is refused; nothing that was acknowledged is lost", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      await sleep("1h");
      const all: unknown[] = [];
      while (note.unread() > 0) all.push(await note.receive());
      return all;
    });
    const daruma = await world.open([flow], { limits: { signalsBuffered: 3 } });
    const run = await daruma.start(flow, { id: "r" });
    await world.quiet();
    for (const text of ["1", "2", "3"]) await run.signal(note, text);
    await expect(run.signal(note, "4")).rejects.toMatchObject({
      code: "DRM-SIGNAL-LIMIT",
      expected: "at most 3 (limits.signalsBuffered)",
    });
    expect(await world.until(run.result())).toEqual(["1", "2", "3"]);
  });

  it("there is room again when some have been read", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      await sleep("1h");
      const first = await note.receive();
      await sleep("1h");
      return [first, await note.receive()];
    });
    const daruma = await world.open([flow], { limits: { signalsBuffered: 1 } });
    const run = await daruma.start(flow);
    await world.quiet();
    await run.signal(note, "1");
    await expect(run.signal(note, "no room")).rejects.toMatchObject({ code: "DRM-SIGNAL-LIMIT" });
    await world.advance("1h");
    await run.signal(note, "2");
    expect(await world.until(run.result())).toEqual(["1", "2"]);
  });
});

describe("limits.nameLength", () => {
  it("holds for the ids of runs and children, and for what is sent by name", async () => {
    const world = new World();
    const kid = workflow("kid", async () => 1);
    const flow = workflow("flow", async () =>
      child(kid, undefined, { id: "k".repeat(21) }).catch(({ code }: { code: string }) => code),
    );
    const daruma = await world.open([flow, kid], { limits: { nameLength: 20 } });
    const long = "r".repeat(21);
    await expect(daruma.start(flow, { id: long })).rejects.toMatchObject({ code: "DRM-INVALID-NAME" });
    const run = await daruma.start(flow, { id: "r" });
    expect(await world.until(run.result())).toBe("DRM-INVALID-NAME");
    await expect(run.signal(long, 1)).rejects.toMatchObject({ code: "DRM-INVALID-NAME" });
  });
});

describe("limits.interruptions", () => {
  it("an activity that the process never survives is given up as lost", async () => {
    const world = new World();
    const calls: number[] = [];
    const deadly = activity("deadly", async () => {
      calls.push(activityContext().attempt);
      await new Promise(() => {});
    });
    const flow = workflow("flow", async () => deadly());
    const limits = { interruptions: 3 };
    let daruma = await world.open([flow], { limits });
    await daruma.start(flow, { id: "r" });
    for (let crash = 0; crash < 4; crash++) {
      await world.quiet();
      daruma = await world.restart([flow], { limits });
    }
    const error = await world.failure(daruma.get("r").result());
    expect(error["cause"]).toMatchObject({ code: "DRM-ACTIVITY-LOST", activity: "deadly" });
    expect(calls).toEqual([1, 2, 3, 4]);
  });
});
