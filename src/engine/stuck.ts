/**
 * Code that did not give the thread back and was cut off: who is guilty, and what becomes of all who were at work.
 *
 * Invariants:
 * - Nothing that was acknowledged, or waits to be, is lost: whoever was at work goes back to what is durable and takes up the same deliveries again.
 * - A run is parked only when it is certain that its code was the one: it was the only one at work, or it was at work at that moment. If that is not certain,
 *   all are tried again one by one.
 */
import { DarumaError } from "../core/errors.ts";
import { alone } from "./alone.ts";
import type { Settle } from "../core/ports.ts";
import type { Delivery } from "./delivery.ts";
import type { LiveRun } from "./live-run.ts";
import { park } from "./parking.ts";
import { rewind } from "./rewind.ts";
import type { EngineState } from "./state.ts";

/** Who was at work when code was cut off. */
export interface CutRound {
  /** Runs whose turn was under way. */
  readonly turning: readonly LiveRun[];
  /** The run whose code was running, if that is known. */
  readonly at: LiveRun | undefined;
}

/** A code, as people know it. */
type Named = Pick<LiveRun, "id" | "workflow">;

/** The error of code that was cut off. */
export function stuckError(state: EngineState, { id, workflow }: Named, site: string | undefined): DarumaError {
  const where = site === undefined ? "" : ` at ${site}`;
  const error = new DarumaError("DRM-STUCK-TURN", {
    message: `The code of workflow ${workflow}, run ${id}, did not give the thread back${where}.`,
    subject: id,
    expected: `a durable call or the end of the function within ${state.options.limits.turnMs} ms (limits.turnMs)`,
  });
  return Object.assign(error, { site });
}

/** Runs code of one run by itself. @throws DarumaError DRM-STUCK-TURN if it was cut off */
export function aloneFor<T>(
  state: EngineState,
  run: Named,
  work: (settle: Settle) => T | Promise<T>,
): Promise<T> {
  const { options, watch } = state;
  const stuck = (site: string | undefined): DarumaError => stuckError(state, run, site);
  return alone({ ports: options.ports, watch, stuck, slow: () => tellSlow(state, [run]) }, work);
}

/** A round was cut off. */
export function afterCut(state: EngineState, { turning, at }: CutRound, site: string | undefined): void {
  const guilty = at ?? (turning.length === 1 ? turning[0] : undefined);
  for (const run of new Set([...turning, ...(at === undefined ? [] : [at])])) {
    if (run === guilty) convict(state, run, site);
    else rewind(state, run);
    if (guilty === undefined) state.loop.suspect(run);
  }
}

/** The code of this run was cut off. If it was the validator of an update that update is refused; everything else parks the run. */
function convict(state: EngineState, run: LiveRun, site: string | undefined): void {
  const error = stuckError(state, run, site);
  const last = run.taken.at(-1);
  run.execution?.abandon();
  if (last?.message.type !== "update" || last.answer === undefined || run.execution?.readOnly !== true)
    return park(state, run, error);
  run.taken.pop();
  refuse(state, run, last, error);
  rewind(state, run);
}

function refuse(state: EngineState, run: LiveRun, { answer, receipt, stored }: Delivery, error: DarumaError): void {
  if (stored !== undefined) run.refused.push(stored);
  answer?.reject(error);
  receipt?.refuse(error);
  state.options.telemetry({
    level: "error",
    event: "update_refused",
    message: error.message,
    runId: run.id,
    workflow: run.workflow,
  });
}

/** Turns that took long and ended. */
export function tellSlow(state: EngineState, runs: readonly Named[]): void {
  const [first] = runs;
  const others = runs.length > 1 ? ` or one of ${runs.length - 1} others` : "";
  state.options.telemetry({
    level: "warn",
    event: "slow_turn",
    message: `The code of workflow ${first?.workflow}, run ${first?.id},${others} kept the thread for more than half of the ${state.options.limits.turnMs} ms that it may (limits.turnMs).`,
    runId: first?.id,
    workflow: first?.workflow,
  });
}
