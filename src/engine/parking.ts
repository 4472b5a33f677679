/**
 * Parking: a run whose code did what it may not do, or does not fit its history, is set aside. It is not failed: it keeps its history and what arrives for it,
 * says why, and goes on when fitting code is there (H3).
 *
 * Invariant: nothing of a void turn becomes durable, and nothing that the turn took up is lost.
 */
import { DarumaError } from "../core/errors.ts";
import { isMessage } from "./delivery.ts";
import type { Delivery } from "./delivery.ts";
import type { LiveRun } from "./live-run.ts";
import type { Closing, EngineState } from "./state.ts";

/** Why a run is parked, as its row keeps it. */
export interface ParkedReason {
  readonly code: string;
  readonly message: string;
  readonly expected?: string | undefined;
  readonly found?: string | undefined;
  readonly site?: string | undefined;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** Waits for a run that is not in memory to close. */
export function waitFor(state: EngineState, key: number, closings: readonly Closing[]): void {
  if (closings.length === 0) return;
  const waiting = state.closings.get(key) ?? [];
  waiting.push(...closings);
  state.closings.set(key, waiting);
}

/** The run leaves memory. */
export function dropRun(state: EngineState, run: LiveRun): void {
  state.memory.remove(run);
  run.forgetChildren();
  waitFor(state, run.key, run.waiting.splice(0));
  state.loop.forget(run);
  state.alarms.forget(run);
}

/** Sets a run aside: its uncommitted turns are void, and what they took up goes back to the inbox. */
export function park(state: EngineState, run: LiveRun, error: Error): void {
  state.counters.violations++;
  const deliveries = [...run.taken, ...run.queue.drain()];
  voidTurns(run);
  run.parked = JSON.stringify(reasonOf(error, state.options.ports.clock.now()));
  run.refusals = [];
  run.taken = deliveries.filter(({ message }) => !isMessage(message));
  for (const delivery of deliveries) putBack(state, run, delivery);
  state.memory.remove(run);
  state.loop.touch(run);
  report(state, run, error);
  run.violation = error;
  tellParked(state, run, error);
  state.answers.reject(run.key, cannotAnswer(run));
}

/** Whoever waits for the run to close learns that it does not for now. */
function tellParked(state: EngineState, run: LiveRun, error: Error): void {
  const waiting = [...run.waiting.splice(0), ...(state.closings.get(run.key) ?? [])];
  state.closings.delete(run.key);
  for (const { parked } of waiting) parked(error);
}

/** What happened since the last commit has not happened: also not to what the row says of the run. */
function voidTurns(run: LiveRun): void {
  const { progress } = run;
  run.forgetChildren();
  const noted = run.out.find(({ type }) => type === "run_paused" || type === "run_resumed");
  if (noted !== undefined) progress.paused = noted.type === "run_resumed";
  progress.status = "running";
  // A run that is not in the store yet is born with its first event, and without a turn.
  run.out = run.created === undefined ? [] : run.out.slice(0, 1);
  run.outgoing = [];
}

/** A parked run has done what it can do without its code: it leaves memory, and what came meanwhile stays in its inbox. */
export function setAside(state: EngineState, run: LiveRun): void {
  const deliveries = run.queue.drain();
  // Somebody may have begun to wait while the row did not say yet that it is parked.
  if (run.violation !== undefined) tellParked(state, run, run.violation);
  dropRun(state, run);
  for (const delivery of deliveries) putBack(state, run, delivery);
  if (deliveries.length > 0) state.attend(run.key);
}

function cannotAnswer({ id }: LiveRun): DarumaError {
  return new DarumaError("DRM-QUERY-FAILED", { message: `The run ${id} is parked and cannot answer now.` });
}

function putBack(
  state: EngineState,
  run: LiveRun,
  { message, operation, stored, receipt, answer }: Delivery,
): void {
  if (!isMessage(message)) return;
  answer?.reject(cannotAnswer(run));
  if (stored !== undefined || answer !== undefined) return receipt?.accept();
  state.loop.post({ message: { to: { key: run.key }, body: JSON.stringify(message), operation }, receipt });
}

/** What a violation says of itself besides its message. */
export function violationFields(error: Error): Pick<ParkedReason, "code" | "expected" | "found" | "site"> {
  const { code = "DRM-INTERNAL", expected, found, site } = error as Partial<DarumaError> & { site?: string };
  return { code, expected, found, site };
}

function reasonOf(error: Error, since: number): ParkedReason {
  return { ...violationFields(error), message: error.message, since };
}

function report(state: EngineState, run: LiveRun, error: Error): void {
  state.options.telemetry({
    level: "error",
    event: "run_parked",
    message: `Run ${run.id} of workflow ${run.workflow} is parked: ${error.message}`,
    runId: run.id,
    workflow: run.workflow,
    ...violationFields(error),
  });
}
