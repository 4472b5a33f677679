/** The simulation finds what it claims to find: each planted fault is caught, by the invariant that it breaks, and the same seed passes without it. */
import { expect, it } from "vitest";
import { plants } from "./plants.ts";
import type { Plant } from "./plant.ts";
import { simulate } from "./simulation.ts";
import type { Invariant } from "./violation.ts";

/** Which invariant catches which fault first. */
const caughtBy: Readonly<Record<string, readonly Invariant[]>> = {
  "a commit is acknowledged and not made": ["D1"],
  "nobody checks epoch and head": ["L1"],
  "the clock of the timers runs ahead": ["T1"],
  "signals from outside are acknowledged and dropped": ["D1"],
  "signals from outside arrive twice": ["S1"],
  "messages to other runs are lost": ["D2"],
  "children are not born": ["L2", "result"],
  "the row forgets when the run wants to wake": ["L2"],
  "a closed run stays open in its row": ["D2"],
  "outcomes come in another order on replay": ["H3"],
  "a history is read without its last events": ["result", "H1", "fatal"],
  "results are changed on their way": ["H3", "result"],
  "turns end before their microtasks": ["H3"],
  "failed attempts are not noted": ["L2"],
  "messages are read newest first": ["S1"],
  "a key is given to two runs": ["D3"],
};

const mostSeeds = 400;

/** The first seed at which the simulation finds the fault, and what it finds. */
async function firstFound(plant: Plant): Promise<{ seed: number; invariant: Invariant } | undefined> {
  for (let seed = 1; seed <= mostSeeds; seed++) {
    const { violation } = await simulate({ seed, plant });
    if (violation !== undefined) return { seed, invariant: violation.invariant };
  }
  return undefined;
}

it("there are at least twelve planted faults, and each has a name of its own", () => {
  expect(plants.length).toBeGreaterThanOrEqual(12);
  expect(plants.map(({ name }) => name).toSorted()).toEqual(Object.keys(caughtBy).toSorted());
});

it.each(plants)("$name: is caught", { timeout: 120_000 }, async (plant) => {
  const found = await firstFound(plant);
  expect(found, `not found in ${mostSeeds} seeds`).toBeDefined();
  expect(caughtBy[plant.name]).toContain(found?.invariant);
  expect((await simulate({ seed: found?.seed ?? 0 })).violation).toBeUndefined();
});
