import { child, continueAsNew, runInfo, signal, sleep, update, workflow } from "daruma";
import { describe, expect, it } from "vitest";
import { historyOf, typesOf, World } from "../support/world.ts";

const note = signal<string>("note");

/** Takes one note per generation, three in all. */
const diary = workflow("diary", async (pages: readonly string[] = []): Promise<readonly string[]> => {
  const all = [...pages, await note.receive()];
  return all.length === 3 ? all : continueAsNew(all);
});

describe("continueAsNew", () => {
  it("goes on with the same id, a fresh history and the new input; result() follows", async () => {
    const world = new World();
    const flow = workflow("flow", async (n: number = 0) => {
      await sleep("1m");
      return n === 3 ? runInfo().generation : continueAsNew(n + 1);
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    expect(await world.until(run.result())).toBe(4);
    expect(await run.describe()).toMatchObject({ generation: 4, status: "completed", historyLength: 4 });
    const generations: string[] = [];
    for await (const { generation, status } of daruma.list()) generations.push(`${generation} ${status}`);
    expect(generations).toEqual([
      "4 completed",
      "3 continued_as_new",
      "2 continued_as_new",
      "1 continued_as_new",
    ]);
  });

  it("carries unread signals over, in order", async () => {
    for (const cacheSize of [0, 1000]) {
      const world = new World();
      const daruma = await world.open([diary], { cacheSize });
      const run = await daruma.start(diary, { id: "r" });
      await Promise.all(["1", "2", "3"].map((text) => run.signal(note, text)));
      expect(await world.until(run.result())).toEqual(["1", "2", "3"]);
      expect(await run.describe()).toMatchObject({ generation: 3 });
    }
  });

  it("carries them over through a pause and a crash", async () => {
    const world = new World();
    const before = await world.open([diary]);
    const run = await before.start(diary, { id: "r" });
    await world.quiet();
    await run.pause();
    for (const text of ["1", "2", "3"]) await run.signal(note, text);
    const after = await world.restart([diary]);
    await after.get("r").resume();
    expect(await world.until(after.get("r").result())).toEqual(["1", "2", "3"]);
  });

  it("the start of each generation says what was carried", async () => {
    const world = new World();
    const daruma = await world.open([diary]);
    const run = await daruma.start(diary, { id: "r" });
    await Promise.all(["1", "2"].map((text) => run.signal(note, text)));
    await world.quiet();
    const [started] = await historyOf(daruma, "r");
    expect(started).toMatchObject({ type: "run_started", input: '["1","2"]', carried: [] });
    await run.signal(note, "3");
    expect(await world.until(run.result())).toEqual(["1", "2", "3"]);
  });

  it("payloads of any kind and size are carried", async () => {
    const world = new World();
    const bytes = signal<Uint8Array>("bytes");
    const flow = workflow("flow", async (later: boolean = false) => {
      if (later) return (await bytes.receive()).length;
      await sleep("1m");
      return continueAsNew(true);
    });
    const limits = { payloadBytes: 8 * 1024 * 1024 };
    const daruma = await world.open([flow], { limits });
    const run = await daruma.start(flow);
    await run.signal(bytes, new Uint8Array(1_500_000));
    expect(await world.until(run.result())).toBe(1_500_000);
  });

  it("keeps the time limit of each generation, and the workflow's parent", async () => {
    const world = new World();
    const flow = workflow(
      "flow",
      async (n: number = 0) => {
        await sleep("40m");
        return n === 2 ? "done" : continueAsNew(n + 1);
      },
      { timeout: "1h" },
    );
    const top = workflow("top", async () => child(flow, 0, { id: "kid", timeout: "1h" }));
    const daruma = await world.open([flow, top]);
    expect(await world.until((await daruma.start(top)).result())).toBe("done");
    expect(await daruma.get("kid").describe()).toMatchObject({ generation: 3 });
  });

  it("a cancel or a terminate of the parent reaches the latest generation", async () => {
    const world = new World();
    const flow = workflow("flow", async (n: number = 0) => {
      await sleep("40m");
      return continueAsNew(n + 1);
    });
    const top = workflow("top", async () => child(flow, 0, { id: "kid" }));
    const daruma = await world.open([flow, top]);
    const run = await daruma.start(top);
    await world.advance("100m");
    await run.cancel("enough");
    expect(await world.failure(run.result())).toMatchObject({ code: "DRM-RUN-CANCELED" });
    expect(await daruma.get("kid").describe()).toMatchObject({ generation: 3, status: "canceled" });
  });

  it("with an input that cannot be stored fails the call", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      try {
        return await continueAsNew({ user: { socket: () => {} } });
      } catch (error) {
        return (error as { path: string }).path;
      }
    });
    const daruma = await world.open([flow]);
    expect(await world.until((await daruma.start(flow)).result())).toBe("$.user.socket");
  });

  it("an update that comes while the run goes on as new is answered by the new one", async () => {
    const world = new World();
    const ask = update<number, number>("ask");
    const flow = workflow("flow", async (later: boolean = false) => {
      if (later) {
        ask.handle((n) => n * 10);
        return sleep("1h");
      }
      await note.receive();
      return continueAsNew(true);
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    await world.quiet();
    const [answer] = [run.update(ask, 4), run.signal(note, "go")];
    expect(await world.until(answer.catch((error: { code: string }) => error.code))).toSatisfy(
      (found: unknown) => found === 40 || found === "DRM-UNKNOWN-UPDATE",
    );
    expect(await world.until(run.update(ask, 5))).toBe(50);
  });

  it("ends its activities, timers and children as any close does", async () => {
    const world = new World();
    const kid = workflow("kid", async () => sleep("9h"));
    const flow = workflow("flow", async (later: boolean = false) => {
      if (later) return "second";
      child.start(kid, undefined, { id: "kid" });
      void sleep("9h");
      await sleep("1m");
      return continueAsNew(true);
    });
    const daruma = await world.open([flow, kid]);
    const run = await daruma.start(flow, { id: "r" });
    expect(await world.until(run.result())).toBe("second");
    await world.quiet();
    expect(await daruma.get("kid").describe()).toMatchObject({ status: "terminated" });
    expect(await typesOf(daruma, "r")).toEqual(["run_started", "run_completed"]);
  });
});
