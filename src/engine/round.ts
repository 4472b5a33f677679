/** A round of the loop: one turn of each of several runs, with their microtasks mixed. */
import type { LiveRun } from "./live-run.ts";
import { beat } from "./watchdog-cells.ts";

export interface Round {
  /** The runs that had something waiting. */
  readonly batch: readonly LiveRun[];
  /** Those of them whose turn has begun. */
  readonly turning: LiveRun[];
  /** The run whose code is running now; undefined while microtasks run. */
  at: LiveRun | undefined;
}

/** Goes through runs whose code runs now, one after the other. */
export function* each(runs: readonly LiveRun[], round: Round): Generator<LiveRun> {
  for (const run of runs) {
    round.at = run;
    beat();
    yield run;
  }
  round.at = undefined;
}

/** Lets one condition of each run that holds now go on. */
export function meetConditions(round: Round): boolean {
  let met = false;
  for (const run of each(round.turning, round)) if (run.execution?.meetCondition() === true) met = true;
  return met;
}
