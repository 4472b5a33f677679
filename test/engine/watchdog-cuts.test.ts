// Rounds that are cut off at random, over and over: nothing is lost, nothing happens twice, everything ends as it would have ended.
// The cuts are made here, without a thread: what comes after a cut is the same.
import { describe, expect, it } from "vitest";
import { asEngine } from "../../src/engine/async-context.ts";
import { Loop } from "../../src/engine/loop.ts";
import type { Watch, Watched } from "../../src/engine/watch.ts";
import { seededRandom } from "../../src/core/random.ts";
import { activity, activityContext, child, query, signal, sleep, workflow } from "../../src/index.ts";
import type { Worker, WorkerOptions } from "../support/world.ts";
import { historyOf, World } from "../support/world.ts";

/** Cuts off, as the real one does, whatever is at work: with a probability. */
function cutting(
  random: () => number,
  probability: (at: Watched | undefined) => number,
): Watch & { readonly cuts: () => number } {
  let turns = 0;
  let cuts = 0;
  let current: Watched | undefined;
  let cut: Watched | undefined;
  const bury = (): void => {
    const dead = cut;
    cut = undefined;
    if (dead !== undefined) asEngine(() => dead.cut("here.ts:1:1"));
  };
  return {
    begin(next) {
      bury();
      current = next;
      return ++turns;
    },
    still(turn) {
      if (turn !== turns || cut !== undefined) return false;
      if (random() >= probability(current)) return true;
      cut = current;
      cuts++;
      setImmediate(bury);
      return false;
    },
    end: () => void (current = undefined),
    cuts: () => cuts,
  };
}

const calls = new Map<string, number>();
const work = activity("work", (value: number) => {
  const { idempotencyKey } = activityContext();
  calls.set(idempotencyKey, (calls.get(idempotencyKey) ?? 0) + 1);
  return value * 2;
});
const note = signal<number>("note");
const noted = query<number>("noted");

/** Children that begin before their birth is durable: one that only computes, and one that does not. */
const same = workflow("same", async (value: number) => value);
const asking = workflow("asking", async (value: number) => work(await child(same, value)));

const busy = workflow("busy", async (start: number) => {
  const notes: number[] = [];
  noted.handle(() => notes.length);
  const collect = (async () => {
    while (notes.length < 5) notes.push(await note.receive());
  })();
  const doubled = await Promise.all([start, start + 1, start + 2].map((value) => work(value)));
  const family = await Promise.all([child(same, start), child(asking, start)]);
  await sleep("1m");
  let sum = doubled.reduce((total, value) => total + value, 0);
  sum += family[0] - start + family[1] - 2 * start;
  for (let step = 0; step < 3; step++) sum += await work(step);
  await collect;
  return { sum, notes };
});

/** Its first turn asks for nothing: its history is one event long until a signal comes. */
const quiet = workflow("quiet", async (start: number) => {
  const notes: number[] = [];
  while (notes.length < 5) notes.push(await note.receive());
  return { sum: await work(start), notes };
});

const ids = Array.from({ length: 12 }, (_, index) => index);

/** A worker's options with a watch of its own. */
function watched(watch: Watch, options: WorkerOptions = {}): WorkerOptions {
  const more = { watch: () => watch };
  return { ...options, ...more };
}

async function tell(world: World, worker: Worker): Promise<void> {
  const sent = [1, 2, 3, 4, 5].flatMap((value) =>
    ids.map((id) => worker.get(`r${id}`).signal(note, value, { operation: `${id}.${value}` })),
  );
  await world.until(Promise.all(sent));
}

describe.each(Array.from({ length: 20 }, (_, seed) => [seed]))("rounds that are cut off, seed %i", (seed) => {
  it("lose nothing and repeat nothing", async () => {
    calls.clear();
    const random = seededRandom(`cuts ${seed}`);
    let probability = 0.25;
    const watch = cutting(random, () => probability);
    const world = new World();
    const cacheSize = seed % 2 === 0 ? 1000 : 0;
    const worker = await world.open([busy, quiet, same, asking], watched(watch, { cacheSize }));
    const starts = ids.map((id) => worker.start(id % 3 === 0 ? quiet : busy, { id: `r${id}`, input: id }));
    await world.until(Promise.all(starts));
    await tell(world, worker);
    await world.advance("2m");
    expect(watch.cuts()).toBeGreaterThan(0);
    // Nothing was interrupted: an attempt goes on although its run was rewound.
    expect([...calls].filter(([, count]) => count > 1)).toEqual([]);

    // Nobody did anything else that is wrong.
    const parked = worker.logs.filter(({ event }) => event === "run_parked").map(({ code }) => code);
    expect(new Set(parked)).toEqual(new Set(["DRM-STUCK-TURN"]));
    // Runs that were alone when it happened were taken for guilty: they are parked until the engine opens anew.
    probability = 0;
    const fresh = await world.restart([busy, quiet, same, asking]);
    await world.advance("2m");
    for (const id of ids) {
      const result = await world.until(fresh.get(`r${id}`).result());
      expect(result).toEqual({ sum: id % 3 === 0 ? 2 * id : 6 * id + 6 + 6, notes: [1, 2, 3, 4, 5] });
      const operations = (await historyOf(fresh, `r${id}`)).flatMap((event) =>
        event.type === "signal_received" ? [event.operation] : [],
      );
      expect(operations).toEqual([1, 2, 3, 4, 5].map((value) => `${id}.${value}`));
    }
  });
});

describe("a run that comes back with work that was interrupted, and is cut off before its first commit", () => {
  it("begins that work anew all the same", async () => {
    let gated = true;
    const slow = activity("slow", () => (gated ? new Promise<string>(() => {}) : "done"));
    const torn = workflow("torn", async () => {
      const result = slow();
      await sleep("1m");
      return result;
    });
    const world = new World();
    const first = await world.open([torn]);
    for (const id of ["a", "b"]) await world.until(first.start(torn, { id }));
    await first.crash();
    gated = false;
    // The timers are due when the runs come back: their turns begin together with the note that `slow` was interrupted.
    world.clock.advanceTo(world.clock.now() + 120_000);
    let armed = true;
    const watch = cutting(
      () => 0,
      (at) => {
        const now = armed && at instanceof Loop;
        if (now) armed = false;
        return now ? 1 : 0;
      },
    );
    const second = await world.open([torn], watched(watch));
    for (const id of ["a", "b"]) expect(await world.until(second.get(id).result())).toBe("done");
    expect(watch.cuts()).toBe(1);
    const types = (await historyOf(second, "a")).map(({ type }) => type);
    expect(types.filter((type) => type === "activity_interrupted")).toHaveLength(1);
  });
});
