// Lessons about waiting: time-outs that are recorded, signals that come early.
import { condition, signal, sleep, workflow } from "daruma";
import { describe, expect, it } from "vitest";
import { historyOf, World } from "../support/world.ts";

const note = signal<unknown>("note");

describe("lesson 3: a wait that timed out is recorded; a null is no time-out", () => {
  it("replay takes the way that the first execution took", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      const way: unknown[] = [];
      for (let round = 0; round < 3; round++)
        way.push(await note.receive({ timeout: "1m" }).catch((error: Error) => error.name));
      way.push(await condition(() => false, "1m").catch((error: Error) => error.name));
      await sleep("1h");
      return way;
    });
    const before = await world.open([flow]);
    const run = await before.start(flow, { id: "r" });
    await world.advance("2m");
    await run.signal(note, null);
    await world.advance("2m");
    // Comes after the last receive has timed out: a replay must not hand it out.
    await run.signal(note, "too late");
    const after = await world.restart([flow]);
    expect(await world.until(after.get("r").result())).toEqual([
      "TimeoutError",
      "TimeoutError",
      null,
      "TimeoutError",
    ]);
    const fired = (await historyOf(after, "r")).filter(({ type }) => type === "timer_fired");
    expect(fired).toHaveLength(4);
  });

  it.each([[null], [undefined], [0], [""], [false], [[]]])("%j arrives as itself", async (payload) => {
    const world = new World();
    const flow = workflow("flow", async () => [await note.receive({ timeout: "1m" })]);
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow);
    await run.signal(note, payload);
    expect(await world.until(run.result())).toEqual([payload]);
  });
});

describe("lesson 4: a signal that comes before anyone waits is not lost", () => {
  it("not before the first turn, not between two waits, not over a crash", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      const first = await note.receive();
      await sleep("1h");
      return [first, await note.receive(), await note.receive()];
    });
    const before = await world.open([flow]);
    const [run] = [await before.start(flow, { id: "r" })];
    await Promise.all([run.signal(note, 1), run.signal(note, 2)]);
    await world.advance("1m");
    const after = await world.restart([flow]);
    await after.get("r").signal(note, 3);
    expect(await world.until(after.get("r").result())).toEqual([1, 2, 3]);
  });
});
