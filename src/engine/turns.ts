/**
 * One delivery taken up by its run: an outcome for the code, or something that the engine notes itself.
 *
 * Invariants:
 * - A repeat of an operation that the history holds changes nothing (D3); an answer to a command that is no longer open is late, and counted (D4).
 * - A timer fires only when its time has come by the clock (T1).
 * - What a sender is refused because of what is not durable yet, he is told when it is (D1).
 * - Outcomes for a run that is paused, or has no code, are kept in its inbox; cancel ends a pause.
 */
import { DarumaError, RunClosedError, UpdateRejectedError } from "../core/errors.ts";
import type { Event, OutcomeEvent } from "../core/events.ts";
import { forkedSignal } from "../core/messages.ts";
import type { Answer, Message } from "../core/messages.ts";
import { asControl, isControl, isMessage } from "./delivery.ts";
import type { Delivery, Internal } from "./delivery.ts";
import type { LiveRun } from "./live-run.ts";

/** What became of a delivery. `turn`: the code is running; `kept`: it must go to (or stay in) the inbox; `moved`: it is for the run that continues this one. */
export type Taken = "turn" | "noted" | "ignored" | "late" | "kept" | "moved";

/** Takes up one delivery at time `now` (epoch milliseconds). */
export function take(run: LiveRun, delivery: Delivery, now: number): Taken {
  const message = isMessage(delivery.message) ? asControl(delivery.message) : delivery.message;
  if (run.progress.closed) return refuseClosed(run, delivery, (tell) => void run.refusals.push(tell));
  if (!isMessage(message)) return takeInternal(run, message, now);
  if (run.progress.operations.has(delivery.operation)) return "ignored";
  if (!isControl(message) && mustWait(run, delivery)) return "kept";
  const time = Math.max(now, run.progress.time);
  if (message.type === "cancel" && run.unbegun !== undefined) return cancelUnbegun(run, time);
  return takeMessage(run, { ...delivery, message }, time);
}

/** Nothing comes before the first turn: a cancel ends the pause that holds that up, and waits. */
function cancelUnbegun(run: LiveRun, time: number): Taken {
  if (run.progress.paused) run.append({ type: "run_resumed", time });
  return "kept";
}

/** Nothing overtakes what was kept before it, or the first turn. */
function mustWait({ progress, execution, backlog, unbegun }: LiveRun, { message }: Delivery): boolean {
  if (progress.paused || execution === undefined || unbegun !== undefined) return true;
  return backlog && message.type !== "answer";
}

/** What a closed run does with a delivery. `say`: how senders are told. */
export function refuseClosed(
  run: LiveRun,
  delivery: Delivery,
  say: (tell: () => void) => void,
): "ignored" | "moved" {
  const { message, answer, receipt } = delivery;
  if (run.progress.status === "continued_as_new" && isForSuccessor(message)) {
    if (answer === undefined) return "moved";
    say(() => answer.again());
    return "ignored";
  }
  const error = new RunClosedError({ runId: run.id, status: run.progress.status });
  say(() => {
    receipt?.refuse(error);
    answer?.reject(error);
  });
  return "ignored";
}

/** What is about this run's own commands, or its own history, says nothing to the run that continues it. */
function isForSuccessor(message: Message | Internal): boolean {
  return isMessage(message) && message.type !== "answer" && message.type !== "forked";
}

function takeInternal(run: LiveRun, message: Internal, clock: number): Taken {
  const time = Math.max(clock, run.progress.time);
  switch (message.type) {
    case "start":
      return deliver(run, message.event);
    case "begin":
      run.unbegun = undefined;
      run.execution?.deliver(message.event, 1);
      return "turn";
    case "timer":
      return fire(run, message.ref, clock);
    case "deadline":
      return note(run, { type: "run_timed_out", time });
    case "retry": {
      const { ref, attempt, nextAt, failure, heartbeat } = message;
      run.answered.delete(ref);
      if (!run.progress.activities.has(ref)) return "late";
      // What the store keeps must not be older than what the history says.
      if (heartbeat !== undefined) run.heartbeats.set(ref, heartbeat);
      return note(run, { type: "activity_retrying", ref, attempt, nextAt, failure, heartbeat, time });
    }
  }
}

function fire(run: LiveRun, ref: number, now: number): Taken {
  run.firing.delete(ref);
  const timer = run.progress.timers.get(ref);
  if (timer === undefined || timer.fireAt > now || run.progress.paused || run.execution === undefined)
    return "ignored";
  return deliver(run, { type: "timer_fired", ref, time: Math.max(now, run.progress.time) });
}

function takeMessage(run: LiveRun, delivery: Delivery & { readonly message: Message }, time: number): Taken {
  const { message } = delivery;
  const { progress } = run;
  switch (message.type) {
    case "signal":
      return takeSignal(run, delivery, time);
    case "update":
      return takeUpdate(run, delivery, time);
    case "cancel":
      if (progress.cancelRequested) return "ignored";
      if (progress.paused) run.append({ type: "run_resumed", time });
      if (run.execution === undefined) return "kept";
      return deliver(run, { type: "cancel_requested", reason: message.reason, time });
    case "pause":
      return progress.paused ? "ignored" : note(run, { type: "run_paused", reason: message.reason, time });
    case "resume":
      return resume(run, time);
    case "terminate":
      return note(run, { type: "run_terminated", reason: message.reason, time });
    case "forked": {
      const { operation } = delivery;
      if (run.execution?.context.signals.handles(forkedSignal) !== true) return "ignored";
      const { payload } = message;
      return deliver(run, { type: "signal_received", name: forkedSignal, payload, operation, time });
    }
    case "answer":
      return message.run === undefined || message.run === run.key
        ? takeAnswer(run, message.event, time)
        : "late";
  }
}

/** What is stored was acknowledged, so there is always room for it. */
function takeSignal(run: LiveRun, delivery: Delivery & { readonly message: Message }, time: number): Taken {
  const { message, operation, stored, receipt } = delivery;
  // Nobody but the engine says that a run goes on from another's history.
  if (message.type !== "signal" || message.name === forkedSignal) return "ignored";
  const refusal = stored === undefined ? run.execution?.signalRefusal() : undefined;
  if (refusal !== undefined) {
    run.refusals.push(() => receipt?.refuse(refusal));
    return "ignored";
  }
  const { name, payload } = message;
  return deliver(run, { type: "signal_received", name, payload, operation, time });
}

/** Ends a pause, and lets a parked run try its code again. */
function resume(run: LiveRun, time: number): Taken {
  if (run.parked !== undefined) {
    run.parked = undefined;
    run.unparked = true;
  }
  return run.progress.paused ? note(run, { type: "run_resumed", time }) : "ignored";
}

function takeUpdate(run: LiveRun, delivery: Delivery & { readonly message: Message }, time: number): Taken {
  const { message, operation, answer } = delivery;
  if (message.type !== "update") return "ignored";
  const { name, payload } = message;
  try {
    if (delivery.refused !== undefined) throw delivery.refused;
    run.execution?.validateUpdate(name, payload);
  } catch (cause) {
    const unknown = cause instanceof DarumaError && cause.code === "DRM-UNKNOWN-UPDATE";
    const error = unknown ? cause : new UpdateRejectedError({ update: name, runId: run.id, cause });
    run.refusals.push(() => answer?.reject(error));
    return "ignored";
  }
  return deliver(run, { type: "update_accepted", name, payload, operation, time });
}

function takeAnswer(run: LiveRun, event: Answer, time: number): Taken {
  const open = event.type === "child_closed" ? run.progress.children : run.progress.activities;
  if (!open.has(event.ref)) return "late";
  if (event.type !== "child_closed") run.answered.delete(event.ref);
  return deliver(run, { ...event, time });
}

function deliver(run: LiveRun, event: OutcomeEvent): Taken {
  run.deliver(event);
  return "turn";
}

function note(run: LiveRun, event: Event): Taken {
  run.append(event);
  return "noted";
}
