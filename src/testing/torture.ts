/**
 * Torture: a run is lived through once without a crash, and then again with a crash at each commit in turn, before it and after it. Whatever is not as in the
 * first life is reported.
 *
 * A crash takes the engine away at once; a new one begins on what was durable, at the same virtual time, and the script that drives the run is called
 * again from its beginning, with the same operation ids.
 */
import type { Workflow } from "../workflow/workflow.ts";
import { compareLooks } from "./compare.ts";
import type { Finding } from "./compare.ts";
import { liveThrough } from "./torture-life.ts";
import type { TortureOptions } from "./torture-life.ts";

/** One thing that a crash changed. */
export interface TortureDifference extends Finding {
  /** The number of the commit; 0: it is wrong without a crash. */
  readonly point: number;
  /** The crash came before the commit was applied, or after that but before anybody was told. */
  readonly when: "before" | "after" | "never";
}

/** What torture found. */
export interface TortureReport {
  /** How many commits the run takes without a crash. */
  readonly points: number;
  /** How many crashes there were: two for each point, unless a life took fewer commits. */
  readonly crashes: number;
  /** Empty if the run survives everything. */
  readonly differences: readonly TortureDifference[];
}

/**
 * Runs the workflow again and again with a crash at each commit point in turn, and reports every difference.
 * @throws what `script`, `setup` and `observe` throw; DarumaError DRM-TEST-STUCK if the run does not end by itself or by the script
 */
export async function torture<Input, Output>(
  workflow: Workflow<Input, Output>,
  input: Input,
  options: TortureOptions<Output> = {},
): Promise<TortureReport> {
  const subject = { workflow, input, options };
  const first = await liveThrough(subject);
  if (first.error !== undefined) throw first.error;
  const wrong = compareLooks(first.look, first.look).map((found) => ({
    point: 0,
    when: "never" as const,
    ...found,
  }));
  // Crashes say nothing about a run that is wrong without any.
  if (wrong.length > 0) return { points: first.commits, crashes: 0, differences: wrong };
  const differences: TortureDifference[] = [];
  let crashes = 0;
  for (let point = 1; point <= first.commits; point++) {
    for (const when of ["before", "after"] as const) {
      const life = await liveThrough(subject, { commit: point, when });
      if (life.crashed) crashes++;
      const error = life.error === undefined ? [] : [failed(life.error)];
      const found = [...error, ...compareLooks(first.look, life.look)];
      differences.push(...found.map((one) => ({ point, when, ...one })));
    }
  }
  return { points: first.commits, crashes, differences };
}

function failed(error: Error): Finding {
  return { what: "the end", expected: "everything ends as without a crash", found: error.message };
}
