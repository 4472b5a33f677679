/**
 * What a history says about its run at any point: what is open, when it wants to wake, where it stands.
 *
 * A pure fold: the same events give the same progress, warm or read back. It needs no workflow code, so a run can be described, paused and ended without any.
 * Invariants: an activity, timer or child is in its table from the command that made it until the event that closes it; a closed run has nothing open (C1).
 */
import type {
  ActivityScheduled,
  ActivityRetrying,
  ChildStarted,
  Event,
  ParentRef,
  ParentClosePolicy,
  RunForked,
  RunStarted,
} from "./events.ts";
import type { AttemptFailure } from "./failure.ts";
import type { Payload } from "./payload.ts";
import { PlacedMap } from "./placed-map.ts";
import type { RunStatus } from "./status.ts";

/** A scheduled activity without an outcome. */
export interface OpenActivity {
  readonly scheduled: ActivityScheduled;
  /** The calls that failed so far. */
  readonly failures: AttemptFailure[];
  /** When the next call may start, if it waits for that. */
  nextAt: number | undefined;
  heartbeat: Payload | undefined;
  interruptions: number;
  /** The number of the event that noted its last failure; 0: it has none. */
  noted: number;
  /** It was scheduled in the run that this one is copied from. `waiting`: it has not been called in this one. */
  copied: "waiting" | "called" | undefined;
}

/** A child that has not closed. */
export interface OpenChild {
  readonly started: ChildStarted;
  readonly parentClose: ParentClosePolicy;
}

const closing: Partial<Record<Event["type"], RunStatus>> = {
  run_completed: "completed",
  run_failed: "failed",
  run_canceled: "canceled",
  run_timed_out: "timed_out",
  run_terminated: "terminated",
  run_continued_as_new: "continued_as_new",
};

/** The fold. `apply` each event once, in order. */
export class Progress {
  readonly activities: Map<number, OpenActivity> = new Map();
  /** When each open timer is due, by ref. */
  readonly timers: Map<number, { readonly name: string; readonly fireAt: number }> = new Map();
  readonly children: PlacedMap<number, OpenChild> = new PlacedMap();
  /** Operations of signals, updates and cancels that the history holds (D3). */
  readonly operations: Set<string> = new Set();
  /** Updates accepted and not yet answered. */
  readonly updates: Set<string> = new Set();
  started: RunStarted | undefined;
  /** Where the run was copied from. */
  origin: RunForked | undefined;
  status: RunStatus = "running";
  paused = false;
  cancelRequested = false;
  /** The time of the last event. */
  time = 0;
  /** How many events there are. */
  head = 0;

  get parent(): ParentRef | undefined {
    return this.started?.parent;
  }

  get closed(): boolean {
    return this.status !== "running";
  }

  /** Seeds the randomness that is drawn now. */
  get seed(): string | undefined {
    return this.origin?.seed ?? this.started?.seed;
  }

  /** The run's time limit in milliseconds, which counts from its start, or from where it became a run of its own. */
  get limitMs(): number | undefined {
    const { deadline, time } = this.started ?? {};
    if (deadline === undefined || time === undefined) return undefined;
    return deadline - (this.origin?.time ?? time);
  }

  apply(event: Event): void {
    this.head++;
    this.time = event.time;
    this.#outcome(event);
    this.#command(event);
    const status = closing[event.type];
    if (status !== undefined) this.#close(status);
  }

  /**
   * 0 if something is to be done now; else the earliest time at which something is due; undefined if all that can move the run comes from outside.
   */
  wakeAt(): number | undefined {
    if (this.closed) return undefined;
    let earliest = this.started?.deadline ?? Number.POSITIVE_INFINITY;
    for (const { nextAt } of this.activities.values()) {
      if (nextAt === undefined) return 0;
      earliest = Math.min(earliest, nextAt);
    }
    for (const { fireAt } of this.timers.values()) earliest = Math.min(earliest, fireAt);
    return Number.isFinite(earliest) ? Math.max(1, earliest) : undefined;
  }

  #outcome(event: Event): void {
    switch (event.type) {
      case "run_started":
        this.started = event;
        for (const operation of event.operations ?? []) this.operations.add(operation);
        return;
      case "activity_completed":
      case "activity_failed":
        this.activities.delete(event.ref);
        return;
      case "timer_fired":
        this.timers.delete(event.ref);
        return;
      case "child_closed":
        this.children.delete(event.ref);
        return;
      case "signal_received":
        this.operations.add(event.operation);
        return;
      case "update_accepted":
        this.operations.add(event.operation);
        this.updates.add(event.operation);
        return;
      case "cancel_requested":
        this.cancelRequested = true;
        return;
      default:
    }
  }

  #command(event: Event): void {
    switch (event.type) {
      case "activity_scheduled":
        this.activities.set(event.ref, openActivity(event));
        return;
      case "activity_canceled":
        this.activities.delete(event.ref);
        return;
      case "timer_started":
        this.timers.set(event.ref, event);
        return;
      case "timer_canceled":
        this.timers.delete(event.ref);
        return;
      case "child_started":
        this.children.set(event.ref, { started: event, parentClose: event.parentClose });
        return;
      case "update_completed":
        this.updates.delete(event.operation);
        return;
      default:
        this.#note(event);
    }
  }

  #note(event: Event): void {
    switch (event.type) {
      case "activity_retrying":
        this.#retrying(event);
        return;
      case "activity_interrupted": {
        const open = this.activities.get(event.ref);
        if (open !== undefined) open.interruptions = event.count;
        return;
      }
      case "activity_restarted": {
        const open = this.activities.get(event.ref);
        if (open !== undefined) open.copied = "called";
        return;
      }
      case "run_forked":
        return this.#forked(event);
      case "run_paused":
        this.paused = true;
        return;
      case "run_resumed":
        this.paused = false;
        return;
      default:
    }
  }

  /** What is open is this run's own from here on: calls begin anew, and timers have as much left as they had. */
  #forked(event: RunForked): void {
    this.origin = event;
    this.paused = false;
    for (const [ref, { scheduled }] of this.activities)
      this.activities.set(ref, { ...openActivity({ ...scheduled, time: event.time }), copied: "waiting" });
    for (const [ref, { name, fireAt }] of this.timers)
      this.timers.set(ref, { name, fireAt: fireAt + event.delayMs });
  }

  #retrying(event: ActivityRetrying): void {
    const open = this.activities.get(event.ref);
    if (open === undefined) return;
    open.failures.push({ attempt: event.attempt, time: event.time, failure: event.failure });
    open.nextAt = event.nextAt;
    open.noted = this.head;
    open.heartbeat = event.heartbeat ?? open.heartbeat;
  }

  #close(status: RunStatus): void {
    this.status = status;
    this.paused = false;
    this.activities.clear();
    this.timers.clear();
    this.children.clear();
    this.updates.clear();
  }
}

/** Where a run with these events stands. */
export function progressOf(events: readonly Event[]): Progress {
  const progress = new Progress();
  for (const event of events) progress.apply(event);
  return progress;
}

function openActivity(scheduled: ActivityScheduled): OpenActivity {
  const none = { nextAt: undefined, heartbeat: undefined, copied: undefined };
  return { scheduled, failures: [], ...none, interruptions: 0, noted: 0 };
}
