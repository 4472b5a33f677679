/** Seeds 1001 to 1500 of the simulation; four files, so that they run beside each other. */
import { expect, it } from "vitest";
import { failures } from "./seeds.ts";

it(
  "the invariants of the design hold in 500 simulations with crashes, stalls and lost answers",
  { timeout: 300_000 },
  async () => {
    expect(await failures(1001, 500)).toEqual([]);
  },
);
