/**
 * A round that was cut off: who is guilty, and what becomes of all who were at work.
 *
 * Invariants:
 * - Nothing that was acknowledged, or waits to be, is lost: whoever was at work goes back to what is durable and takes up the same deliveries again.
 * - A run is parked only when it is certain that it was its code: it was the only one at work, or its code was running at that moment. If that is not
 *   certain, all who were at work are tried again, each by itself.
 */
import { stuckError } from "./alone.ts";
import type { LiveRun } from "./live-run.ts";
import { park } from "./parking.ts";
import { rewind } from "./rewind.ts";
import type { EngineState } from "./state.ts";

/** Who was at work when a round was cut off. */
export interface CutRound {
  /** Runs whose turn was under way. */
  readonly turning: readonly LiveRun[];
  /** The run whose code was running, if that is known. */
  readonly at: LiveRun | undefined;
}

/** Sets the guilty run aside, and takes the others back. */
export function afterCut(state: EngineState, { turning, at }: CutRound, site: string | undefined): void {
  const atWork = new Set(at === undefined ? turning : [...turning, at]);
  const guilty = at ?? (turning.length === 1 ? turning[0] : undefined);
  for (const run of atWork) {
    if (run.early !== undefined) {
      // It is born like any other child, and tried again then.
      run.forget();
      continue;
    }
    if (run === guilty) convict(state, run, site);
    else rewind(state, run);
    if (guilty === undefined) state.loop.suspect(run);
  }
}

/** What a validator of updates does is the matter of the update: that is refused. Everything else parks the run. */
function convict(state: EngineState, run: LiveRun, site: string | undefined): void {
  const error = stuckError(state, run, site);
  const last = run.taken.at(-1);
  // An update that was accepted is in the history, or on its way there.
  const validating = last?.message.type === "update" && !run.progress.operations.has(last.operation);
  run.execution?.abandon();
  if (!validating) return park(state, run, error);
  run.taken[run.taken.length - 1] = { ...last, refused: error };
  rewind(state, run);
}
