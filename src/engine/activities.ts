/**
 * Attempts of activities: slots, time limits, retries, heartbeats.
 *
 * Invariants:
 * - An attempt starts only after the commit that scheduled it, or that noted the failure before it (D1).
 * - Each attempt has one outcome: what comes first of result, error, time limit and cancel. The rest is late, and counted (D4).
 * - An attempt that is over holds neither a slot nor an alarm (C1).
 * - No attempt begins while its run is paused; the resume starts what was held back.
 */
import { TimeoutError } from "../core/errors.ts";
import type { TimeoutKind } from "../core/errors.ts";
import { toFailure } from "../core/failure.ts";
import type { Failure } from "../core/failure.ts";
import type { Limits } from "../core/limits.ts";
import type { Answer } from "../core/messages.ts";
import { decodePayload } from "../core/payload.ts";
import type { Ports } from "../core/ports.ts";
import type { OpenActivity } from "../core/progress.ts";
import { nextDelay } from "../core/retry.ts";
import { activitySettings } from "./activity-settings.ts";
import { answerOf } from "./answers.ts";
import type { Ended } from "./answers.ts";
import { asActivity } from "./async-context.ts";
import { Attempt } from "./attempt.ts";
import type { Internal } from "./delivery.ts";
import type { LiveRun } from "./live-run.ts";
import type { EngineOptions } from "./options.ts";
import type { Slots } from "./slots.ts";

/** What the attempts need of the engine. */
export interface ActivityHost {
  readonly ports: Ports;
  readonly limits: Limits;
  readonly slots: Slots;
  /** What is called in the place of an activity. */
  readonly intercept?: EngineOptions["interceptActivity"];
  /** An activity's outcome, or the note that it will be repeated. */
  settled(
    run: LiveRun,
    message: Extract<Internal, { type: "retry" }> | { readonly type: "answer"; readonly event: Answer },
  ): void;
  /** Heartbeat details that are to be kept. */
  heartbeat(run: LiveRun, ref: number, details: string): void;
  /** True: the process is about to end, and begins nothing. */
  closing(): boolean;
  /** Something came from an attempt whose outcome was decided already. */
  late(run: LiveRun, ref: number): void;
}

const heartbeatEveryMs = 1000;

/** Runs attempts. */
export class Activities {
  readonly #host: ActivityHost;
  /** Attempts that hold a slot. */
  running = 0;

  constructor(host: ActivityHost) {
    this.#host = host;
  }

  /** Starts the next attempt of an open activity, as soon as there is a slot. */
  start(run: LiveRun, ref: number): void {
    const open = run.progress.activities.get(ref);
    const definition = run.execution?.definitionOf(ref);
    if (open === undefined || definition === undefined || run.attempts.has(ref)) return;
    if (this.#host.closing()) return;
    // Not while its run is paused, and not before its last failure is durable.
    if (run.progress.paused || open.noted > run.head || run.answered.has(ref)) return;
    open.nextAt = undefined;
    const called = this.#host.intercept?.(definition) ?? definition;
    const settings = activitySettings(called, open.scheduled.options);
    const attempt = this.#attempt(run, open, settings);
    run.attempts.set(ref, attempt);
    const { scheduleToStartMs, scheduleToCloseMs } = settings;
    if (scheduleToStartMs !== undefined)
      this.#limit(attempt, "schedule-to-start", this.#now() + scheduleToStartMs);
    if (scheduleToCloseMs !== undefined)
      this.#limit(attempt, "schedule-to-close", open.scheduled.time + scheduleToCloseMs);
    this.#host.slots.take(settings.taskQueue, () => this.#begin(attempt, open));
  }

  /** Ends an attempt whose activity was closed otherwise: canceled, or its run has closed. */
  abort(run: LiveRun, ref: number, reason: Error): void {
    const attempt = run.attempts.get(ref);
    if (attempt !== undefined) this.#over(attempt, reason);
  }

  abortAll(run: LiveRun, reason: Error): void {
    for (const attempt of run.attempts.values()) this.#over(attempt, reason);
  }

  #attempt(run: LiveRun, open: OpenActivity, settings: Attempt["settings"]): Attempt {
    let kept = Number.NEGATIVE_INFINITY;
    return new Attempt({
      run,
      ref: open.scheduled.ref,
      number: open.failures.length + open.interruptions + 1,
      settings,
      clock: this.#host.ports.clock,
      heartbeat: open.heartbeat,
      payloadBytes: this.#host.limits.payloadBytes,
      onHeartbeat: (attempt) => {
        if (this.#now() - kept < heartbeatEveryMs || attempt.details === undefined) return;
        kept = this.#now();
        this.#host.heartbeat(run, attempt.ref, attempt.details);
      },
    });
  }

  #begin(attempt: Attempt, open: OpenActivity): void {
    const { settings } = attempt;
    // It is called again when its run is resumed.
    if (attempt.run.progress.paused) this.#over(attempt);
    if (attempt.over || this.#host.closing()) return this.#host.slots.release(settings.taskQueue);
    attempt.running = true;
    this.running++;
    const { startToCloseMs } = settings;
    if (startToCloseMs !== undefined) this.#limit(attempt, "start-to-close", this.#now() + startToCloseMs);
    // It could not beat while it waited for a slot.
    attempt.lastHeartbeat = this.#now();
    if (settings.heartbeatMs !== undefined) this.#watchHeartbeat(attempt, settings.heartbeatMs);
    const run = settings.run as (...args: unknown[]) => unknown;
    // One that was scheduled in another run may name that run; and its arguments may have been corrected.
    const input = attempt.run.execution?.emitter.pending.get(attempt.ref)?.input ?? open.scheduled.input;
    // Always a promise, so that an activity that throws or returns at once settles like any other.
    const call = asActivity(attempt, async () => run(...(decodePayload(input) as unknown[])));
    call.then(
      (value) => this.#ended(attempt, { value }),
      (error: unknown) => this.#ended(attempt, { error }),
    );
  }

  #ended(attempt: Attempt, ended: Ended): void {
    if (attempt.over) return this.#host.late(attempt.run, attempt.ref);
    const { settings, ref, number } = attempt;
    const answer = answerOf(ended, this.#host.limits, `the result of activity ${settings.name}`);
    if (answer.failure !== undefined) return this.#failed(attempt, answer.failure);
    this.#over(attempt);
    const event = { type: "activity_completed", ref, attempt: number, ...answer } as const;
    this.#host.settled(attempt.run, { type: "answer", event });
  }

  #failed(attempt: Attempt, failure: Failure, final = false): void {
    const { run, ref, number, settings, details } = attempt;
    const open = run.progress.activities.get(ref);
    this.#over(attempt);
    const failures = open?.failures ?? [];
    const delay = final ? null : this.#delay(settings, failures.length + 1, failure);
    const nextAt = this.#now() + (delay ?? 0);
    const closeAt = (open?.scheduled.time ?? 0) + (settings.scheduleToCloseMs ?? Number.POSITIVE_INFINITY);
    if (delay !== null && nextAt < closeAt) {
      return this.#host.settled(run, {
        type: "retry",
        ref,
        attempt: number,
        nextAt,
        failure,
        heartbeat: details,
      });
    }
    const attempts = [...failures, { attempt: number, time: this.#now(), failure }];
    const event = {
      type: "activity_failed",
      ref,
      attempt: number,
      failure: { ...failure, attempts },
    } as const;
    this.#host.settled(run, { type: "answer", event });
  }

  #delay({ retry }: Attempt["settings"], attempt: number, failure: Failure): number | null {
    return nextDelay(retry, { attempt, failure, random: () => this.#host.ports.ids.random() });
  }

  /** Takes the attempt out of everything: slot, alarms, the run's table. */
  #over(attempt: Attempt, reason?: Error): void {
    if (attempt.over) return;
    attempt.end(reason);
    attempt.run.attempts.delete(attempt.ref);
    if (!attempt.running) return;
    attempt.running = false;
    this.running--;
    this.#host.slots.release(attempt.settings.taskQueue);
  }

  #limit(attempt: Attempt, timeout: TimeoutKind, at: number): void {
    const alarm = this.#host.ports.clock.alarm(at, () => {
      if (attempt.over || (timeout === "schedule-to-start" && attempt.running)) return;
      this.#timedOut(attempt, timeout);
    });
    attempt.alarms.push(alarm);
  }

  #timedOut(attempt: Attempt, timeout: TimeoutKind): void {
    const { name: activity } = attempt.settings;
    const error = new TimeoutError({ timeout, activity, subject: activity });
    attempt.abort(error);
    // The whole activity is out of time, or waited too long for a slot: another attempt would not help.
    this.#failed(
      attempt,
      toFailure(error),
      timeout === "schedule-to-close" || timeout === "schedule-to-start",
    );
  }

  #watchHeartbeat(attempt: Attempt, limitMs: number): void {
    const due = attempt.lastHeartbeat + limitMs;
    const alarm = this.#host.ports.clock.alarm(due, () => {
      if (attempt.over) return;
      if (attempt.lastHeartbeat + limitMs <= this.#now()) this.#timedOut(attempt, "heartbeat");
      else this.#watchHeartbeat(attempt, limitMs);
    });
    attempt.heartbeatAlarm = alarm;
  }

  #now(): number {
    return this.#host.ports.clock.now();
  }
}
