/**
 * What one run's history says, folded a second time and independently of the engine, with the rules that a history must keep by itself:
 * - nothing before `run_started`, nothing after the closing event, times that never go back (H1); numbers of commands are new (H3);
 * - outcomes only for what is open: so each activity has one outcome (D4), each timer fires once and not early (T1);
 * - each operation once (D3, S1); no turn while the run is paused; no more calls of an activity than its policy allows (D4).
 */
import type {
  ActivityRetrying,
  ActivityScheduled,
  ChildStarted,
  Event,
  RunForked,
  RunStarted,
} from "../../src/core/events.ts";
import { isOutcome } from "../../src/core/events.ts";
import type { NormalizedRetry } from "../../src/core/retry.ts";
import type { RunStatus } from "../../src/core/status.ts";
import type { Findings } from "./violation.ts";

/** What the rules go by. */
export interface Rules {
  /** How many commands of a run may wait for an answer at once (B1). */
  readonly pendingCommands: number;
  /** How often an activity may be interrupted before it is given up (B1). */
  readonly interruptions: number;
}

export interface ModelActivity {
  readonly scheduled: ActivityScheduled;
  readonly retries: ActivityRetrying[];
  interruptions: number;
  /** When the next call may start; absent: now. */
  nextAt: number | undefined;
  open: boolean;
}

const closings: Readonly<Record<string, RunStatus>> = {
  run_completed: "completed",
  run_failed: "failed",
  run_canceled: "canceled",
  run_timed_out: "timed_out",
  run_terminated: "terminated",
  run_continued_as_new: "continued_as_new",
};

export class RunModel {
  readonly key: number;
  readonly name: string;
  readonly events: Event[] = [];
  readonly activities: Map<number, ModelActivity> = new Map();
  readonly timers: Map<number, number> = new Map();
  readonly children: Map<number, ChildStarted> = new Map();
  /** Operations of signals and updates. */
  readonly operations: Set<string> = new Set();
  readonly updates: Map<string, Event | undefined> = new Map();
  readonly #findings: Findings;
  readonly #rules: Rules;
  status: RunStatus = "running";
  paused = false;
  /** How many of its events are another run's. */
  copied = 0;
  time = 0;
  #lastRef = 0;
  #lastCopied = 0;

  /** `name` is for people: id and generation. */
  constructor(about: { readonly key: number; readonly name: string }, rules: Rules, findings: Findings) {
    this.key = about.key;
    this.name = about.name;
    this.#rules = rules;
    this.#findings = findings;
  }

  get started(): RunStarted | undefined {
    const [first] = this.events;
    return first?.type === "run_started" ? first : undefined;
  }

  get closed(): boolean {
    return this.status !== "running";
  }

  /** Commands that wait for an answer. */
  get open(): number {
    return (
      [...this.activities.values()].filter(({ open }) => open).length + this.timers.size + this.children.size
    );
  }

  /** What the row's `wakeAt` must not be later than; absent: nothing of the run's own is due. */
  get wakeAt(): number | undefined {
    if (this.closed) return undefined;
    const times = [...this.timers.values()];
    const { deadline } = this.started ?? {};
    if (deadline !== undefined) times.push(deadline);
    for (const { open, nextAt } of this.activities.values()) if (open) times.push(nextAt ?? 0);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Nothing is known of a first turn, which would have asked for something: it waits for messages from its first turn on only if its program has them. */
  get unbegun(): boolean {
    return this.events.length === 1 && !/"do":"(?:receive|until)"/.test(String(this.started?.input));
  }

  #check(holds: boolean, invariant: Parameters<Findings["check"]>[1], event: Event, what: string): void {
    this.#findings.check(
      holds,
      invariant,
      () => `${this.name}: ${what}: ${JSON.stringify(event).slice(0, 300)}`,
    );
  }

  fold(event: Event): void {
    const first = this.events.length === 0;
    if (event.type === "run_started")
      for (const operation of event.operations ?? []) this.operations.add(operation);
    this.#check(first === (event.type === "run_started"), "H1", event, "run_started is not the first event");
    this.#check(!this.closed, "H1", event, "an event after the closing one");
    this.#check(event.time >= this.time, "H1", event, "time goes back");
    const ofPause = event.type === "cancel_requested";
    this.#check(
      !this.paused || ofPause || !isOutcome(event),
      "pause",
      event,
      "an outcome while the run is paused",
    );
    this.events.push(event);
    this.time = event.time;
    this.#outcome(event);
    this.#command(event);
    this.#note(event);
    this.status = closings[event.type] ?? this.status;
    const limit = this.#rules.pendingCommands;
    this.#check(
      this.open <= limit,
      "B1",
      event,
      `${this.open} commands are open, at most ${limit} are allowed`,
    );
    if (this.closed) this.paused = false;
  }

  #outcome(event: Event): void {
    switch (event.type) {
      case "activity_completed":
      case "activity_failed": {
        const activity = this.activities.get(event.ref);
        this.#check(activity?.open === true, "D4", event, "an outcome for an activity that is not open");
        if (activity !== undefined) activity.open = false;
        return;
      }
      case "timer_fired": {
        const fireAt = this.timers.get(event.ref);
        this.#check(fireAt !== undefined, "T1", event, "a timer fires that is not open");
        this.#check(event.time >= (fireAt ?? 0), "T1", event, `a timer fires early, it is due at ${fireAt}`);
        this.timers.delete(event.ref);
        return;
      }
      case "child_closed":
        this.#check(this.children.delete(event.ref), "D4", event, "an answer of a child that is not open");
        return;
      case "signal_received":
        this.#check(!this.operations.has(event.operation), "S1", event, "a signal twice");
        this.operations.add(event.operation);
        return;
      case "update_accepted":
        this.#check(!this.operations.has(event.operation), "D3", event, "an update twice");
        this.operations.add(event.operation);
        this.updates.set(event.operation, undefined);
        return;
      default:
    }
  }

  #command(event: Event): void {
    if ("ref" in event && (event.type.endsWith("_started") || event.type.endsWith("_scheduled"))) {
      this.#check(event.ref > this.#lastRef, "H3", event, "the number of a command is not new");
      this.#lastRef = event.ref;
    }
    switch (event.type) {
      case "activity_scheduled":
        this.activities.set(event.ref, {
          scheduled: event,
          retries: [],
          interruptions: 0,
          nextAt: undefined,
          open: true,
        });
        return;
      case "activity_canceled": {
        const activity = this.activities.get(event.ref);
        this.#check(activity?.open === true, "D4", event, "an activity is canceled that is not open");
        if (activity !== undefined) activity.open = false;
        return;
      }
      case "timer_started":
        this.timers.set(event.ref, event.fireAt);
        return;
      case "timer_canceled":
        this.#check(this.timers.delete(event.ref), "T1", event, "a timer is canceled that is not open");
        return;
      case "child_started":
        this.children.set(event.ref, event);
        return;
      case "update_completed":
        this.#check(
          this.updates.has(event.operation) && this.updates.get(event.operation) === undefined,
          "D3",
          event,
          "an update is answered that is not open",
        );
        this.updates.set(event.operation, event);
        return;
      default:
    }
  }

  #note(event: Event): void {
    switch (event.type) {
      case "activity_retrying":
        this.#retrying(event);
        return;
      case "activity_interrupted": {
        const activity = this.activities.get(event.ref);
        this.#check(activity?.open === true, "D4", event, "an interruption of an activity that is not open");
        if (activity === undefined) return;
        activity.interruptions++;
        const bound = this.#rules.interruptions + 1;
        this.#check(activity.interruptions <= bound, "B1", event, `more than ${bound} interruptions`);
        return;
      }
      case "run_paused":
        this.#check(!this.paused, "pause", event, "a pause of a paused run");
        this.paused = true;
        return;
      case "run_resumed":
        this.#check(this.paused, "pause", event, "a resume of a run that is not paused");
        this.paused = false;
        return;
      case "activity_restarted": {
        const activity = this.activities.get(event.ref);
        this.#check(activity?.open === true, "D4", event, "an activity is restarted that is not open");
        this.#check(
          event.ref <= this.#lastCopied,
          "D4",
          event,
          "an activity is restarted that is not copied",
        );
        return;
      }
      case "run_forked":
        this.#forked(event);
        return;
      case "run_timed_out":
        this.#check(event.time >= (this.started?.deadline ?? Infinity), "T1", event, "a run times out early");
        return;
      default:
    }
  }

  /** What is open begins anew. */
  #forked(event: RunForked): void {
    this.copied = this.events.length - 1;
    this.#lastCopied = this.#lastRef;
    this.paused = false;
    for (const [ref, { scheduled, open }] of this.activities)
      this.activities.set(ref, { scheduled, retries: [], interruptions: 0, nextAt: undefined, open });
    for (const [ref, fireAt] of this.timers) this.timers.set(ref, fireAt + event.delayMs);
  }

  #retrying(event: ActivityRetrying): void {
    const activity = this.activities.get(event.ref);
    this.#check(activity?.open === true, "D4", event, "a retry of an activity that is not open");
    if (activity === undefined) return;
    const policy = activity.scheduled.options?.retry as NormalizedRetry | undefined;
    const before = activity.retries.at(-1)?.attempt ?? 0;
    this.#check(event.attempt > before, "D4", event, `attempt ${before} failed already`);
    activity.retries.push(event);
    activity.nextAt = event.nextAt;
    const allowed = (policy?.maximumAttempts ?? 5) - 1;
    this.#check(
      activity.retries.length <= allowed,
      "D4",
      event,
      `a retry more than the policy allows (${allowed})`,
    );
  }
}
