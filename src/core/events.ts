/**
 * The words of a history.
 *
 * A history is the dense, append-only record of one run (H1), numbered from 1. It holds three kinds of events:
 * - outcomes: what the world answered; each is delivered to workflow code in one turn;
 * - commands: what workflow code asked for in that turn;
 * - notes: what the engine did meanwhile (an attempt failed and will be repeated, the run was paused). Notes never reach workflow code.
 *
 * Invariant: an outcome is appended only by the commit of its own turn, together with the commands of that turn (D2).
 * (A run that goes on from another's history is born with a copy of it, up to the end of a turn: see `RunForked`.)
 * So every recorded outcome was delivered, and the order of the outcomes alone decides the order of the commands (H2).
 */
import type { Failure } from "./failure.ts";
import type { Payload } from "./payload.ts";
import type { RunStatus } from "./status.ts";

/** Who started a run from inside another run. */
export interface ParentRef {
  readonly key: number;
  readonly id: string;
  readonly ref: number;
}

/** A signal that nobody had read when its run continued as new. */
export interface CarriedSignal {
  readonly name: string;
  readonly payload?: Payload | undefined;
}

/** What happens to a child when its parent closes. */
export type ParentClosePolicy = "terminate" | "cancel" | "abandon";

/** Per-call options of an activity as they are recorded; durations in milliseconds. Absent: as the activity is defined. */
export interface RecordedActivityOptions {
  readonly taskQueue?: string;
  readonly startToCloseMs?: number;
  readonly scheduleToCloseMs?: number;
  readonly scheduleToStartMs?: number;
  readonly heartbeatMs?: number;
  readonly retry?: unknown;
}

interface Timed {
  /** Epoch milliseconds; never decreases along a history. */
  readonly time: number;
}

export interface RunStarted extends Timed {
  readonly type: "run_started";
  readonly workflow: string;
  readonly input?: Payload | undefined;
  /** Seeds the randomness that workflow code sees. */
  readonly seed: string;
  /** Epoch milliseconds after which the run is timed out. */
  readonly deadline?: number | undefined;
  readonly parent?: ParentRef | undefined;
  readonly parentClose?: ParentClosePolicy | undefined;
  /** How many ancestors the run has. */
  readonly depth?: number | undefined;
  readonly carried?: readonly CarriedSignal[] | undefined;
  /** The latest operations of signals and updates that earlier generations have taken up: a repeat of one changes nothing (D3). */
  readonly operations?: readonly string[] | undefined;
}

export interface ActivityCompleted extends Timed {
  readonly type: "activity_completed";
  readonly ref: number;
  readonly attempt: number;
  readonly result?: Payload | undefined;
}

export interface ActivityFailed extends Timed {
  readonly type: "activity_failed";
  readonly ref: number;
  readonly attempt: number;
  readonly failure: Failure;
}

export interface TimerFired extends Timed {
  readonly type: "timer_fired";
  readonly ref: number;
}

export interface ChildClosed extends Timed {
  readonly type: "child_closed";
  readonly ref: number;
  readonly status: Exclude<RunStatus, "running" | "continued_as_new"> | "not_started";
  readonly result?: Payload | undefined;
  readonly failure?: Failure | undefined;
}

export interface SignalReceived extends Timed {
  readonly type: "signal_received";
  readonly name: string;
  readonly payload?: Payload | undefined;
  /** The sender's operation id; a repeat of it changes nothing (D3). */
  readonly operation: string;
}

export interface UpdateAccepted extends Timed {
  readonly type: "update_accepted";
  readonly name: string;
  readonly payload?: Payload | undefined;
  readonly operation: string;
}

export interface CancelRequested extends Timed {
  readonly type: "cancel_requested";
  readonly reason?: string | undefined;
}

/** What the world answered. */
export type OutcomeEvent =
  | RunStarted
  | ActivityCompleted
  | ActivityFailed
  | TimerFired
  | ChildClosed
  | SignalReceived
  | UpdateAccepted
  | CancelRequested;

export interface ActivityScheduled extends Timed {
  readonly type: "activity_scheduled";
  readonly ref: number;
  readonly name: string;
  /** The arguments, as one payload that holds an array. */
  readonly input: Payload;
  readonly options?: RecordedActivityOptions | undefined;
}

export interface ActivityCanceled extends Timed {
  readonly type: "activity_canceled";
  readonly ref: number;
}

export interface TimerStarted extends Timed {
  readonly type: "timer_started";
  readonly ref: number;
  /** Epoch milliseconds. */
  readonly fireAt: number;
  /** What the timer is for: `sleep`, `timeout`, … */
  readonly name: string;
}

export interface TimerCanceled extends Timed {
  readonly type: "timer_canceled";
  readonly ref: number;
}

export interface ChildStarted extends Timed {
  readonly type: "child_started";
  readonly ref: number;
  /** The child's workflow. */
  readonly name: string;
  readonly id: string;
  readonly input?: Payload | undefined;
  readonly parentClose: ParentClosePolicy;
  /** Milliseconds from its start. */
  readonly timeoutMs?: number | undefined;
}

export interface ChildCancelRequested extends Timed {
  readonly type: "child_cancel_requested";
  readonly ref: number;
  readonly reason?: string | undefined;
}

export interface SignalSent extends Timed {
  readonly type: "signal_sent";
  readonly ref: number;
  /** The id of the run that it goes to. */
  readonly target: string;
  readonly name: string;
  readonly payload?: Payload | undefined;
}

export interface UpdateCompleted extends Timed {
  readonly type: "update_completed";
  readonly operation: string;
  readonly result?: Payload | undefined;
  readonly failure?: Failure | undefined;
}

export interface VersionMarked extends Timed {
  readonly type: "version_marked";
  readonly changeId: string;
  readonly version: number;
}

export interface RunCompleted extends Timed {
  readonly type: "run_completed";
  readonly result?: Payload | undefined;
}

export interface RunFailed extends Timed {
  readonly type: "run_failed";
  readonly failure: Failure;
}

export interface RunCanceled extends Timed {
  readonly type: "run_canceled";
  readonly reason?: string | undefined;
}

export interface RunContinuedAsNew extends Timed {
  readonly type: "run_continued_as_new";
  readonly input?: Payload | undefined;
}

/** What workflow code asked for. */
export type CommandEvent =
  | ActivityScheduled
  | ActivityCanceled
  | TimerStarted
  | TimerCanceled
  | ChildStarted
  | ChildCancelRequested
  | SignalSent
  | UpdateCompleted
  | VersionMarked
  | RunCompleted
  | RunFailed
  | RunCanceled
  | RunContinuedAsNew;

export interface ActivityRetrying extends Timed {
  readonly type: "activity_retrying";
  readonly ref: number;
  /** The call that failed, from 1. */
  readonly attempt: number;
  readonly failure: Failure;
  /** When the next call may start, epoch milliseconds. */
  readonly nextAt: number;
  /** The last heartbeat's details, for the next attempt. */
  readonly heartbeat?: Payload | undefined;
}

export interface ActivityInterrupted extends Timed {
  readonly type: "activity_interrupted";
  readonly ref: number;
  /** How many times the process died, or lost the run, while this activity was open. */
  readonly count: number;
}

export interface ActivityRestarted extends Timed {
  readonly type: "activity_restarted";
  /** An activity that was open where a copied history ends: it is called in this run now, for the first time. */
  readonly ref: number;
}

/** A place in the history of another run. */
export interface ForkedFrom {
  readonly id: string;
  readonly generation: number;
  /** The number of the last event that counts. */
  readonly at: number;
}

/** The end of what was copied from another run: all events before it are that run's, and from here on this run is its own. */
export interface RunForked extends Timed {
  readonly type: "run_forked";
  /** `fork`: a run with an id of its own; `retry`: the next generation of a run that did not complete. */
  readonly as: "fork" | "retry";
  readonly from: ForkedFrom;
  /** The operation id of the request (D3). */
  readonly operation: string;
  /** Seeds the randomness from here on; absent: as the run began. */
  readonly seed?: string | undefined;
  /** How much later than in the other run the timers are due that are open here, milliseconds. */
  readonly delayMs: number;
}

export interface RunPaused extends Timed {
  readonly type: "run_paused";
  readonly reason?: string | undefined;
}

export interface RunResumed extends Timed {
  readonly type: "run_resumed";
}

export interface RunTimedOut extends Timed {
  readonly type: "run_timed_out";
}

export interface RunTerminated extends Timed {
  readonly type: "run_terminated";
  readonly reason?: string | undefined;
}

/** What the engine did meanwhile; never delivered to workflow code. */
export type NoteEvent =
  | ActivityRetrying
  | ActivityInterrupted
  | ActivityRestarted
  | RunForked
  | RunPaused
  | RunResumed
  | RunTimedOut
  | RunTerminated;

/** One event as it is written. Its number is its position in the history. */
export type Event = OutcomeEvent | CommandEvent | NoteEvent;

/** One event as it is read, with its number. */
export type HistoryEvent = Event & { readonly seq: number };

const outcomeTypes: ReadonlySet<string> = new Set<OutcomeEvent["type"]>([
  "run_started",
  "activity_completed",
  "activity_failed",
  "timer_fired",
  "child_closed",
  "signal_received",
  "update_accepted",
  "cancel_requested",
]);

const noteTypes: ReadonlySet<string> = new Set<NoteEvent["type"]>([
  "activity_retrying",
  "activity_interrupted",
  "activity_restarted",
  "run_forked",
  "run_paused",
  "run_resumed",
  "run_timed_out",
  "run_terminated",
]);

/** True for events that are delivered to workflow code. */
export function isOutcome(event: Event): event is OutcomeEvent {
  return outcomeTypes.has(event.type);
}

/** True for events that workflow code asked for. */
export function isCommand(event: Event): event is CommandEvent {
  return !outcomeTypes.has(event.type) && !noteTypes.has(event.type);
}
