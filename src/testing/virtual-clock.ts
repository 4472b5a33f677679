/**
 * A clock that stands still until somebody moves it: the `Clock` port for tests and simulations.
 *
 * Invariants:
 * - Alarms ring in the order of their times, and those of one time in the order in which they were made; nothing else decides it.
 * - While an alarm rings, `now()` is the alarm's time, or later if the alarm was made for a time that had passed.
 * - Nothing rings by itself, not even an alarm for a time that has passed: only `ringNext` and `advanceTo` ring. Time never goes back.
 */
import { DarumaError } from "../core/errors.ts";
import { Heap } from "../core/heap.ts";
import type { Cancelable, Clock } from "../core/ports.ts";

interface Alarm {
  readonly at: number;
  readonly order: number;
  readonly ring: () => void;
}

/** Canceled alarms stay in the heap until they are this many more than twice the live ones. */
const slack = 64;

/** A clock under the control of a test. Times are epoch milliseconds. */
export class VirtualClock implements Clock {
  readonly #heap: Heap<Alarm> = new Heap((a, b) => a.at - b.at || a.order - b.order);
  readonly #live: Set<Alarm> = new Set();
  #now: number;
  #made = 0;

  /** `start`: where the clock begins, epoch milliseconds. Default: 2026-01-01T00:00:00Z. */
  constructor(start: number = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  // A field, because callers hand `clock.now` on as a function.
  readonly now: () => number = () => this.#now;

  /** Calls `ring` once, when the clock is moved to `at` or beyond. */
  alarm(at: number, ring: () => void): Cancelable {
    const alarm = { at, order: this.#made++, ring };
    this.#live.add(alarm);
    this.#heap.push(alarm);
    return { cancel: () => this.#cancel(alarm) };
  }

  /** How many alarms are set. */
  get pending(): number {
    return this.#live.size;
  }

  /** The time of the alarm that is to ring next; it may have passed. Undefined: no alarm is set. */
  next(): number | undefined {
    return this.#peek()?.at;
  }

  /** Moves to the time of the next alarm and rings that one alarm. False: no alarm is set. */
  ringNext(): boolean {
    const alarm = this.#peek();
    if (alarm === undefined) return false;
    this.#heap.pop();
    this.#live.delete(alarm);
    this.#now = Math.max(this.#now, alarm.at);
    alarm.ring();
    return true;
  }

  /**
   * Moves to `time`, and rings on the way all that is due until then, also what the rings themselves set. What they cause asynchronously runs later.
   * @throws DarumaError DRM-INVALID-OPTION for a time before now
   */
  advanceTo(time: number): void {
    if (!(time >= this.#now)) throw backwards(this.#now, time);
    for (let next = this.next(); next !== undefined && next <= time; next = this.next()) this.ringNext();
    this.#now = Math.max(this.#now, time);
  }

  #peek(): Alarm | undefined {
    for (let alarm = this.#heap.peek(); alarm !== undefined; alarm = this.#heap.peek()) {
      if (this.#live.has(alarm)) return alarm;
      this.#heap.pop();
    }
    return undefined;
  }

  #cancel(alarm: Alarm): void {
    if (!this.#live.delete(alarm) || this.#heap.size <= 2 * this.#live.size + slack) return;
    this.#heap.clear();
    for (const live of this.#live) this.#heap.push(live);
  }
}

function backwards(now: number, time: number): DarumaError {
  return new DarumaError("DRM-INVALID-OPTION", {
    message: "A virtual clock cannot be moved back.",
    subject: "virtual clock",
    expected: `a time at or after ${now}`,
    found: String(time),
  });
}
