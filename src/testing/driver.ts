/**
 * Moves the clock of a test: waits until nothing is under way, then rings the next alarm.
 *
 * Invariants:
 * - The clock never moves while anything is under way that could go on by itself: a turn, a commit, a look-up, a client's call, an attempt that is awake.
 * - It moves from alarm to alarm; between two of them everything that the first one caused has come to rest.
 * - It moves by itself only while somebody waits for a run, and never during `advance`.
 */
import type { Engine } from "../engine/engine.ts";
import { real } from "../engine/guard/real.ts";
import type { Crew } from "./crew.ts";
import type { Mortal } from "./mortal.ts";
import type { Pulse } from "./pulse.ts";
import { tooManyAlarms } from "./stuck.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** Alarms beyond the last date are those of nobody: the engine's own upkeep. */
const lastDate = 8.64e15;

/** What the driver watches and moves. */
export interface DriverOptions {
  readonly clock: VirtualClock;
  readonly crew: Crew;
  readonly pulse: Pulse;
  readonly mortal: Mortal;
  /** Why the process has ended, once it has. */
  readonly end: () => Error;
  /** What a wait that nothing can end is told: an error that says what everybody waits for. */
  readonly stuck: (what: string) => Promise<Error>;
  readonly autoSkip: boolean;
  /** How many alarms may ring while one wait lasts. */
  readonly maxSkips: number;
}

interface Waiter {
  readonly what: string;
  readonly fail: (error: unknown) => void;
}

/** How far to wait: `whileRunning` does not wait for attempts of activities. */
export interface SettleOptions {
  readonly whileRunning?: boolean | undefined;
}

/** Moves time for one process. */
export class Driver {
  readonly #options: DriverOptions;
  readonly #engine: Engine;
  readonly #waiters: Set<Waiter> = new Set();
  #calls = 0;
  #driving = false;
  #manual: Promise<void> | undefined;

  constructor(engine: Engine, options: DriverOptions) {
    this.#engine = engine;
    this.#options = options;
  }

  /** A client's call that ends by itself: the clock stands still until it does. */
  async calling<T>(work: () => Promise<T>): Promise<T> {
    this.#check();
    this.#calls++;
    try {
      return await this.#alive(work());
    } finally {
      this.#calls--;
    }
  }

  /** A client's call that waits for a run: the clock goes on by itself while it does. `what` is waited for, in words. */
  async waiting<T>(what: string, work: () => Promise<T>): Promise<T> {
    this.#check();
    const { promise, reject } = Promise.withResolvers<never>();
    const waiter = { what, fail: reject };
    this.#waiters.add(waiter);
    void this.#drive();
    try {
      return await this.#alive(Promise.race([work(), promise]));
    } finally {
      this.#waiters.delete(waiter);
    }
  }

  /** Resolves when nothing is under way. Alarms that are due already ring. */
  async settle({ whileRunning = false }: SettleOptions = {}): Promise<void> {
    const { crew, pulse } = this.#options;
    // Calm twice, so that a test that was just told something can act on it first.
    let calm = 0;
    while (calm < 2) {
      await new Promise((resolve) => real.setImmediate(resolve));
      this.#check();
      if (this.#calls > 0 || !this.#engine.settled || this.#ringDue()) calm = 0;
      else if (whileRunning || !crew.awake) calm++;
      else {
        calm = 0;
        await pulse.next();
      }
    }
  }

  /** Moves to `time` (epoch milliseconds), from alarm to alarm. A time that has passed is reached already. */
  advanceTo(time: number, options: SettleOptions = {}): Promise<void> {
    const { clock } = this.#options;
    return this.#byHand(async () => {
      await this.settle(options);
      for (let next = clock.next(); next !== undefined && next <= time; next = clock.next()) {
        clock.ringNext();
        await this.settle(options);
      }
      clock.advanceTo(Math.max(time, clock.now()));
    });
  }

  /** Lets time run until `test` says true. False: no alarm is left and it still does not. */
  until(test: () => boolean | Promise<boolean>): Promise<boolean> {
    return this.#byHand(async () => {
      for (let skips = 0; ; skips++) {
        await this.settle();
        if (await test()) return true;
        if (!this.#skip(skips)) return false;
      }
    });
  }

  #check(): void {
    if (this.#options.mortal.dead) throw this.#options.end();
  }

  /** What `work` answers, unless the process ends first. */
  async #alive<T>(work: Promise<T>): Promise<T> {
    const { mortal, end } = this.#options;
    const answer = await Promise.race([work.then((value) => ({ value })), mortal.died]);
    if (answer === undefined) throw end();
    return answer.value;
  }

  /** One thing after the other, and nothing by itself meanwhile. */
  async #byHand<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#manual;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#manual = promise;
    try {
      await before;
      return await work();
    } finally {
      if (this.#manual === promise) this.#manual = undefined;
      resolve();
    }
  }

  /** Lets time run for as long as somebody waits. */
  async #drive(): Promise<void> {
    if (this.#driving || !this.#options.autoSkip) return;
    this.#driving = true;
    try {
      for (let skips = 0; this.#waiters.size > 0; skips++) {
        await this.settle();
        if (this.#manual !== undefined) await this.#manual;
        else if (this.#waiters.size > 0 && !this.#skip(skips)) await this.#giveUp();
      }
    } catch (error) {
      for (const { fail } of this.#waiters) fail(error);
      this.#waiters.clear();
    } finally {
      this.#driving = false;
    }
  }

  async #giveUp(): Promise<void> {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const { what, fail } of waiters) fail(await this.#options.stuck(what));
  }

  #ringDue(): boolean {
    const { clock } = this.#options;
    const next = clock.next();
    return next !== undefined && next <= clock.now() && clock.ringNext();
  }

  /** Rings the next alarm. False: there is none. @throws DarumaError DRM-TEST-STUCK when there is no end to it */
  #skip(skips: number): boolean {
    const { clock, maxSkips } = this.#options;
    if ((clock.next() ?? Number.POSITIVE_INFINITY) > lastDate) return false;
    if (skips >= maxSkips) throw tooManyAlarms(maxSkips, clock.now());
    return clock.ringNext();
  }
}
