// Lessons about order and time: what a run does is a function of its history alone.
import { activity, activityContext, runInfo, signal, sleep, workflow } from "daruma";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../src/core/random.ts";
import { historyOf, World } from "../support/world.ts";
import { random, tick, trace } from "../support/random-workflow.ts";

/** Runs one random workflow to its end, with signals and crashes at random. What it noted must be the same warm and replayed. */
async function roll(seed: string, crashes: boolean): Promise<number> {
  const chance = seededRandom(`${seed} world`);
  const world = new World();
  let daruma = await world.open([random], { cacheSize: chance() < 0.5 ? 0 : 1000 });
  await daruma.start(random, { id: "r", input: seed });
  for (let step = 0; step < 6; step++) {
    await world.advance(Math.floor(chance() * 3000));
    const run = daruma.get("r");
    if (chance() < 0.5) await run.signal(tick, step).catch(() => {});
    if (!crashes || chance() < 0.5) continue;
    const warm = await run.query(trace);
    daruma = await world.restart([random]);
    expect([seed, step, await daruma.get("r").query(trace)]).toEqual([seed, step, warm]);
  }
  const warm = (await world.until(daruma.get("r").result())) as readonly string[];
  // After its end the code may still note what settled in the same instant.
  const replayed = await daruma.get("r").query(trace);
  expect([seed, replayed.slice(0, warm.length)]).toEqual([seed, warm]);
  return warm.length;
}

describe("lesson 1: promises resolve in the order that the history says, warm or replayed", () => {
  const seeds = Array.from({ length: 120 }, (_, index) => index);

  it("in 120 random workflows that run through", async () => {
    let lines = 0;
    for (const seed of seeds) lines += await roll(`through ${seed}`, false);
    expect(lines).toBeGreaterThan(seeds.length * 5);
  });

  it("in 120 random workflows that crash on the way", async () => {
    for (const seed of seeds) await expect(roll(`crash ${seed}`, true)).resolves.toBeGreaterThan(0);
  });

  it("of activities that end at the same instant, too", async () => {
    const world = new World();
    const act = activity("act", async (n: number) => {
      await activityContext().sleep("1s");
      return n;
    });
    const flow = workflow("flow", async () => {
      const order: number[] = [];
      const calls = Array.from({ length: 200 }, (_, n) => act(n).then((value) => order.push(value)));
      await Promise.all(calls);
      return order;
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    const order = await world.until(run.result());
    const ends = (await historyOf(daruma, "r")).flatMap((event) =>
      event.type === "activity_completed" ? [event.ref - 1] : [],
    );
    expect(order).toEqual(ends);
  });
});

describe("lesson 2: the clock of a run moves when an outcome is delivered, not when it is looked at", () => {
  it("all code of one turn sees one time, that of its outcome; replay sees the same", async () => {
    const world = new World();
    const note = signal<string>("note");
    const flow = workflow("flow", async () => {
      const start = runInfo().startedAt;
      const times: number[] = [];
      const mark = (): void => void times.push(Date.now() - start);
      const later = sleep("10s").then(mark);
      mark();
      // Wakes first although it was asked for last; the other timer must not move the clock.
      await sleep("3s");
      mark();
      await note.receive();
      mark();
      await later;
      mark();
      return times;
    });
    const before = await world.open([flow]);
    await before.start(flow, { id: "r" });
    await world.advance("5s");
    await before.get("r").signal(note, "now");
    const after = await world.restart([flow]);
    expect(await world.until(after.get("r").result())).toEqual([0, 3000, 5000, 10_000, 10_000]);
  });

  it("the times of a history never go back, whatever the machine's clock does", async () => {
    const world = new World();
    const note = signal<string>("note");
    const flow = workflow("flow", async () => {
      const times: number[] = [];
      for (let count = 0; count < 3; count++) {
        await note.receive();
        times.push(Date.now());
      }
      return times;
    });
    const before = await world.open([flow]);
    const run = await before.start(flow, { id: "r" });
    await world.advance("1h");
    await run.signal(note, "1");
    await before.crash();
    const earlier = new World();
    Object.assign(earlier.database, { state: world.database.state });
    const after = await earlier.open([flow]);
    await after.get("r").signal(note, "2");
    await after.get("r").signal(note, "3");
    const times = (await earlier.until(after.get("r").result())) as number[];
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const all = (await historyOf(after, "r")).map(({ time }) => time);
    expect(all).toEqual(all.toSorted((a, b) => a - b));
  });
});
