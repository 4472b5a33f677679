/**
 * What follows a commit: receipts, activities, alarms, waiters. Everything here happens after what caused it is durable (D1).
 */
import { CanceledError, DarumaError, RunClosedError } from "../core/errors.ts";
import { isClosed } from "../core/status.ts";
import type { Event } from "../core/events.ts";
import { determinismError } from "./determinism.ts";
import { isMessage } from "./delivery.ts";
import type { Delivery } from "./delivery.ts";
import type { LiveRun } from "./live-run.ts";
import { dropRun, setAside } from "./parking.ts";
import { completionOf } from "./questions.ts";
import type { Closing, EngineState } from "./state.ts";
import { refuseClosed } from "./turns.ts";

/** A run's write is durable. */
export function afterWrite(state: EngineState, run: LiveRun): void {
  const { out, taken, unparked, refusals } = run;
  run.head += out.length;
  run.created = undefined;
  run.out = [];
  run.taken = [];
  run.refusals = [];
  run.outgoing = [];
  if (run.births !== undefined) run.births = undefined;
  if (run.heartbeats.size > 0) run.heartbeats = new Map();
  run.unparked = false;
  for (const refuse of refusals) refuse();
  for (const delivery of taken) {
    if (delivery.stored !== undefined) run.known.delete(delivery.stored);
    acknowledge(state, run, delivery);
  }
  for (const event of out) follow(state, run, event);
  if (state.followers.size > 0) for (const follower of state.followers.get(run.key) ?? []) follower();
  if (run.progress.closed) close(state, run, out.at(-1));
  else if (run.guest || run.parked !== undefined || (unparked && run.execution === undefined))
    setAside(state, run);
  else settleDown(state, run);
}

function settleDown(state: EngineState, run: LiveRun): void {
  state.alarms.watch(run);
  if (run.idle) state.memory.rest(run);
  else state.memory.wake(run);
}

function acknowledge(state: EngineState, run: LiveRun, { receipt, answer, operation }: Delivery): void {
  receipt?.accept();
  if (answer === undefined) return;
  if (!run.progress.operations.has(operation)) return;
  state.answers.add(run.key, operation, answer);
  // A repeat of an update that is done: its answer is in the history, or comes with this very commit.
  if (run.progress.updates.has(operation) || run.progress.closed) return;
  answerRepeat(state, run, operation).catch((error: Error) => state.answers.reject(run.key, error));
}

/** Answers a repeat of an update that is done from the history. */
async function answerRepeat(state: EngineState, run: LiveRun, operation: string): Promise<void> {
  const event = await completionOf(state, run.key, operation);
  if (event !== undefined) return state.answers.completed(run.key, event);
  // An earlier generation has taken it.
  const closed = new RunClosedError({ runId: run.id, status: "continued_as_new" });
  state.answers.take(run.key, operation)?.reject(closed);
}

function follow(state: EngineState, run: LiveRun, event: Event): void {
  switch (event.type) {
    case "activity_scheduled":
    case "activity_interrupted":
    case "activity_restarted":
      return state.activities.start(run, event.ref);
    case "activity_canceled":
      return state.activities.abort(run, event.ref, new CanceledError());
    case "run_resumed":
      return resume(state, run);
    case "update_completed":
      return state.answers.completed(run.key, event);
    default:
  }
}

/** Work that was held back while the run was paused. */
function resume(state: EngineState, run: LiveRun): void {
  const { cold, unbegun } = run;
  run.cold = undefined;
  if (unbegun !== undefined)
    state.loop.push(run, { message: { type: "begin", event: unbegun }, operation: "begin" });
  if (cold !== undefined) {
    state.attendance.noteInterruptions(run, (ref) => cold.has(ref));
    state.loop.touch(run);
  }
  for (const [ref, { nextAt }] of run.progress.activities) {
    if (nextAt === undefined && cold?.has(ref) !== true) state.activities.start(run, ref);
  }
  state.attend(run.key);
}

/** C1: a closed run holds nothing. */
function close(state: EngineState, run: LiveRun, event: Event | undefined): void {
  if (run.attempts.size > 0)
    state.activities.abortAll(run, new CanceledError({ reason: "its run has closed" }));
  if (state.answers.awaited(run.key))
    state.answers.reject(run.key, new RunClosedError({ runId: run.id, status: run.progress.status }));
  const waiting = [...run.waiting.splice(0), ...(state.closings.get(run.key) ?? [])];
  const tooLate = run.queue.drain();
  dropRun(state, run);
  for (const delivery of tooLate) afterClose(state, run, delivery);
  if (event === undefined || !isClosed(run.progress.status)) return;
  if (waiting.length === 0 && !state.options.checkDeterminism) return;
  state.closings.delete(run.key);
  if (!state.options.checkDeterminism) return tell(waiting, event, undefined);
  void determinismError(state, run).then((error) => tell(waiting, event, error));
}

/** What came while the closing commit was on its way. */
function afterClose(state: EngineState, run: LiveRun, delivery: Delivery): void {
  const { message, operation, receipt } = delivery;
  const becomes = refuseClosed(run, delivery, (say) => say());
  if (becomes !== "moved" || !isMessage(message)) return;
  state.loop.post({ message: { to: { id: run.id }, body: JSON.stringify(message), operation }, receipt });
}

function tell(waiting: readonly Closing[], event: Event, error: Error | undefined): void {
  for (const { closed, parked } of waiting) {
    if (error === undefined) closed(event);
    else parked(error);
  }
}

/** Another holder has the run: what had happened here since the last commit has not happened. Messages go to the new holder. */
export function afterFence(state: EngineState, run: LiveRun): void {
  state.counters.fenced++;
  const deliveries = [...run.taken, ...run.queue.drain()];
  state.answers.reject(run.key, fencedError(run));
  state.activities.abortAll(run, new CanceledError({ reason: "another worker has taken over the run" }));
  dropRun(state, run);
  for (const delivery of deliveries) passOn(state, run, delivery);
}

function passOn(
  state: EngineState,
  run: LiveRun,
  { message, operation, stored, receipt, answer }: Delivery,
): void {
  const error = fencedError(run);
  answer?.reject(error);
  if (!isMessage(message) || message.type === "answer" || message.type === "update") {
    if (message.type === "answer") state.counters.late++;
    receipt?.refuse(error);
    return;
  }
  if (stored !== undefined) return receipt?.accept();
  state.loop.post({ message: { to: { id: run.id }, body: JSON.stringify(message), operation }, receipt });
}

function fencedError({ id }: LiveRun): DarumaError {
  return new DarumaError("DRM-FENCED", { message: `The run ${id} has been taken over by another worker.` });
}
