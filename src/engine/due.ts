/**
 * Finding runs that are due: when the clock rings for one in memory, when it rings for the store, and, as the safety net, now and then (P1).
 */
import type { Cancelable } from "../core/ports.ts";
import { DarumaError } from "../core/errors.ts";
import { recheck } from "./recheck.ts";
import { lookForAllClosed } from "./closings.ts";
import type { LiveRun } from "./live-run.ts";
import { Retention } from "./retention.ts";
import type { EngineState } from "./state.ts";

const batch = 1000;

/** Looks for due runs, and keeps the session's lease. */
export class Due {
  readonly #state: EngineState;
  readonly #retention: Retention | undefined;
  #lastMessage = 0;
  #looking: Promise<void> | undefined;
  #again = false;
  #alarm: Cancelable | undefined;
  /** The lease may have been over. */
  #late = false;

  constructor(state: EngineState) {
    this.#state = state;
    const { retentionMs, store, ports } = state.options;
    if (retentionMs !== undefined) this.#retention = new Retention(store.runs, ports.clock, retentionMs);
  }

  /** The clock has rung for a run in memory: its timers, retries and deadline that are due. */
  ring(run: LiveRun): void {
    const { loop, options, memory, activities } = this.#state;
    const now = options.ports.clock.now();
    const { progress } = run;
    if (progress.paused || progress.closed || this.#state.closed) return;
    memory.wake(run);
    if (!run.overdue && progress.started?.deadline !== undefined && progress.started.deadline <= now) {
      run.overdue = true;
      loop.push(run, { message: { type: "deadline" }, operation: "deadline" });
    }
    for (const ref of dueTimers(run, now)) {
      run.firing.add(ref);
      loop.push(run, { message: { type: "timer", ref }, operation: `timer.${ref}` });
    }
    for (const [ref, { nextAt }] of progress.activities) {
      if (nextAt !== undefined && nextAt <= now) activities.start(run, ref);
    }
    this.#state.alarms.watch(run);
    if (run.idle) memory.rest(run);
  }

  /** Attends to all due runs of the store. `parked`: those that were parked too. */
  look(parked = false): Promise<void> {
    if (this.#looking !== undefined) {
      this.#again = true;
      return this.#looking;
    }
    this.#looking = this.#lookOnce(parked).finally(() => {
      this.#looking = undefined;
      const again = this.#again;
      this.#again = false;
      if (again && !this.#state.closed) void this.look();
      this.#state.loop.poke();
    });
    return this.#looking;
  }

  get idle(): boolean {
    return this.#looking === undefined;
  }

  async #lookOnce(parked: boolean): Promise<void> {
    const { options, alarms } = this.#state;
    const seen = new Set<number>();
    try {
      while (await this.#page(parked, seen));
      alarms.watchStored(await options.store.runs.nextWake(options.ports.clock.now()));
    } catch (error) {
      this.#failed(error as Error);
    }
  }

  /** Attends to one page of due runs. True: there may be more, and this page had some that were not `seen` before. */
  async #page(parked: boolean, seen: Set<number>): Promise<boolean> {
    const { options, session, workflows, memory } = this.#state;
    // The runs at work here are due too, and come back on every page: the page must be longer than they are many.
    const limit = batch + memory.count;
    const due = await options.store.runs.due({
      session,
      workflows: [...workflows.keys()],
      now: options.ports.clock.now(),
      afterMessage: this.#lastMessage,
      parked,
      limit,
    });
    this.#lastMessage = due.lastMessage;
    await Promise.all(due.keys.map((key) => this.#attend(key)));
    const before = seen.size;
    for (const key of due.keys) seen.add(key);
    return due.keys.length >= limit && seen.size > before;
  }

  #attend(key: number): Promise<unknown> {
    return this.#state.attendance.attend(key).catch(() => {});
  }

  /** Renews the lease for as long as the engine is open, and looks for due runs each time. */
  keep(): void {
    const { options } = this.#state;
    const { clock } = options.ports;
    this.#alarm = clock.alarm(clock.now() + options.leaseMs / 3, () => {
      if (this.#state.closed) return;
      this.keep();
      this.#renew().catch((error: unknown) => this.#failed(error as Error));
    });
  }

  stop(): void {
    this.#alarm?.cancel();
  }

  async #renew(): Promise<void> {
    const { options, session } = this.#state;
    const { sessions } = options.store;
    const renewal = await sessions.renew(session, options.leaseMs);
    if (renewal === "unknown") {
      this.#state.session = await sessions.open(options.label, options.leaseMs);
      for (const run of this.#state.memory.all()) this.#state.lose(run);
    }
    this.#late ||= renewal === "late";
    if (this.#late) this.#late = !(await recheck(this.#state));
    await Promise.all([...this.#state.attendance.foreign].map((key) => this.#attend(key)));
    // From the first message: some were for runs whose holder has died since, or came while the store did not answer.
    this.#lastMessage = 0;
    await this.look();
    await lookForAllClosed(this.#state);
    await this.#retention?.sweep();
  }

  /** A store that cannot be reached is asked again at the next renewal. */
  #failed(error: Error): void {
    if (this.#state.closed) return;
    if (error instanceof DarumaError && error.code === "DRM-STORE-UNAVAILABLE") {
      // The answer that is lost may have said so.
      this.#late = true;
      return;
    }
    this.#state.options.onFatal(error);
  }
}

/** Timers that are due and not firing yet, in the order in which they are due. */
function dueTimers(run: LiveRun, now: number): number[] {
  return [...run.progress.timers]
    .filter(([ref, { fireAt }]) => fireAt <= now && !run.firing.has(ref))
    .toSorted(([refA, a], [refB, b]) => a.fireAt - b.fireAt || refA - refB)
    .map(([ref]) => ref);
}
