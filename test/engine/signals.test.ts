import { activity, activityContext, signal, sleep, TimeoutError, workflow } from "daruma";
import { describe, expect, it } from "vitest";
import { historyOf, typesOf, World } from "../support/world.ts";

const note = signal<string>("note");
const other = signal<string>("other");
const bare = signal("bare");
const anything = signal<unknown>("anything");

describe("signals", () => {
  it("that come before anyone waits are kept, in order", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      await sleep("1h");
      const unread = [note.unread(), other.unread()];
      return [
        unread,
        await note.receive(),
        await other.receive(),
        await note.receive(),
        await note.receive(),
      ];
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    await run.signal(note, "1");
    await run.signal(note, "2");
    await run.signal(other, "a");
    await run.signal(note, "3");
    expect(await world.until(run.result())).toEqual([[3, 1], "1", "a", "2", "3"]);
  });

  it("go to whoever waits longest", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      const got: string[] = [];
      const take = async (name: string): Promise<void> => void got.push(name + (await note.receive()));
      await Promise.all([take("a"), take("b"), take("c")]);
      return got;
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    for (const text of ["1", "2", "3"]) await run.signal(note, text);
    expect(await world.until(run.result())).toEqual(["a1", "b2", "c3"]);
  });

  it("reach a handler, those kept first; a receive that waits comes before the handler", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      const handled: string[] = [];
      await sleep("1h");
      note.handle((text) => void handled.push(text));
      const received = await note.receive();
      await sleep("1h");
      return { handled, received };
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    await run.signal(note, "1");
    await run.signal(note, "2");
    await world.advance("1h");
    await run.signal(note, "3");
    await run.signal(note, "4");
    expect(await world.until(run.result())).toEqual({ handled: ["1", "2", "4"], received: "3" });
  });

  it("a handler may make durable calls; an error in it fails the run", async () => {
    const world = new World();
    const shout = activity("shout", async (text: string) => text.toUpperCase());
    const flow = workflow("flow", async () => {
      const said: string[] = [];
      note.handle(async (text) => {
        if (text === "bad") throw new RangeError("cannot say that");
        said.push(await shout(text));
      });
      await sleep("1h");
      return said;
    });
    const daruma = await world.open([flow]);
    const good = await daruma.start(flow);
    await good.signal(note, "hey");
    expect(await world.until(good.result())).toEqual(["HEY"]);
    const bad = await daruma.start(flow);
    await bad.signal(note, "bad");
    const error = await world.failure(bad.result());
    expect(error).toMatchObject({
      code: "DRM-RUN-FAILED",
      cause: { name: "RangeError", message: "cannot say that" },
    });
  });

  it("a time-out is a typed error in the history; null and undefined are payloads like others", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      const first = await anything.receive({ timeout: "1h" });
      const second = await anything.receive({ timeout: "1h" });
      const third = await bare.receive({ timeout: "1h" });
      const late = await anything.receive({ timeout: "1h" }).catch((error: unknown) => error);
      return [first, second, third, late];
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await run.signal(anything, null);
    await run.signal(anything, undefined);
    await run.signal(bare);
    await world.quiet();
    const [first, second, third, late] = await world.until<unknown[]>(run.result());
    expect([first, second, third]).toEqual([null, undefined, undefined]);
    expect(late).toBeInstanceOf(TimeoutError);
    expect(late).toMatchObject({ timeout: "receive", subject: "anything", timeoutMs: 3_600_000 });
    const types = await typesOf(daruma, "r");
    expect(types.filter((type) => type === "timer_fired")).toHaveLength(1);
  });

  it("a time-out that is over does not eat the next signal", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      const late = await note.receive({ timeout: "1m" }).catch(({ name }: Error) => name);
      return [late, await note.receive()];
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    await world.advance("1m");
    await run.signal(note, "now");
    expect(await world.until(run.result())).toEqual(["TimeoutError", "now"]);
  });

  it("sent twice with one operation id are one", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      await sleep("1h");
      return note.unread();
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    await run.signal(note, "once", { operation: "op-1" });
    await run.signal(note, "once", { operation: "op-1" });
    await Promise.all([
      run.signal(note, "twice", { operation: "op-2" }),
      run.signal(note, "twice", { operation: "op-2" }),
    ]);
    expect(await world.until(run.result())).toBe(2);
  });

  it("sent at once by many arrive once each, and are acknowledged only when they are durable", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      const all: string[] = [];
      for (let count = 0; count < 100; count++) all.push(await note.receive());
      return all;
    });
    const daruma = await world.open([flow], { cacheSize: 0 });
    const run = await daruma.start(flow, { id: "r" });
    const texts = Array.from({ length: 100 }, (_, index) => `${index}`);
    await world.until(Promise.all(texts.map((text) => run.signal(note, text))));
    const stored = (await historyOf(daruma, "r")).filter(({ type }) => type === "signal_received");
    expect(stored).toHaveLength(100);
    expect(await world.until(run.result())).toEqual(texts);
  });

  it("to a run that has closed, or that nobody knows, are refused", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {});
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await world.until(run.result());
    await expect(run.signal(note, "late")).rejects.toMatchObject({ code: "DRM-RUN-CLOSED", runId: "r" });
    await expect(daruma.get("nobody").signal(note, "x")).rejects.toMatchObject({ code: "DRM-RUN-NOT-FOUND" });
  });

  it("that were acknowledged survive a crash, though nobody had read them", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      await sleep("1h");
      return [await note.receive(), await note.receive()];
    });
    const before = await world.open([flow]);
    const run = await before.start(flow, { id: "r" });
    await run.signal(note, "1");
    await run.signal(note, "2");
    const after = await world.restart([flow]);
    expect(await world.until(after.get("r").result())).toEqual(["1", "2"]);
  });

  it("to a run whose code is not here wait until it is", async () => {
    const world = new World();
    const flow = workflow("flow", async () => note.receive());
    const before = await world.open([flow]);
    await before.start(flow, { id: "r" });
    const without = await world.restart([]);
    await without.get("r").signal(note, "patience");
    expect(await without.get("r").describe()).toMatchObject({
      messages: 1,
      waits: [{ what: "a worker that has workflow flow" }],
    });
    const after = await world.restart([flow]);
    expect(await world.until(after.get("r").result())).toBe("patience");
  });

  it("that come while an activity runs do not disturb it", async () => {
    const world = new World();
    const act = activity("act", async () => activityContext().sleep("1h"));
    const flow = workflow("flow", async () => {
      const seen: string[] = [];
      note.handle((text) => void seen.push(text));
      await act();
      return seen;
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    await world.advance("1m");
    await run.signal(note, "hello");
    expect(await world.until(run.result())).toEqual(["hello"]);
  });
});
