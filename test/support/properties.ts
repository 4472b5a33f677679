/**
 * Where property tests get their randomness: vitest loads this before each file of tests. A seed that is the same each time makes a failure the fault of the
 * change that shows it; `npm run fuzz` looks further with another seed and more runs. fast-check prints the seed of a property that failed.
 */
import fc from "fast-check";

/** DARUMA_FUZZ_SEED: a whole number. */
const seed = numberIn("DARUMA_FUZZ_SEED", 1);

/** DARUMA_FUZZ_RUNS: how many times as many runs as usual. */
const factor = numberIn("DARUMA_FUZZ_RUNS", 1);

fc.configureGlobal({ seed, numRuns: runs(100) });

/** How often a property is tried that is tried `usual` times in CI. */
export function runs(usual: number): number {
  return Math.max(1, Math.round(usual * factor));
}

function numberIn(name: string, otherwise: number): number {
  const text = process.env[name] ?? "";
  if (text === "") return otherwise;
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  throw new TypeError(`${name} must be a number, not ${text}.`);
}
