/** Seeds 501 to 1000 of the simulation; four files, so that they run beside each other. */
import { expect, it } from "vitest";
import { failures } from "./seeds.ts";

it(
  "the invariants of the design hold in 500 simulations with crashes, stalls and lost answers",
  { timeout: 300_000 },
  async () => {
    expect(await failures(501, 500)).toEqual([]);
  },
);
