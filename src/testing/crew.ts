/**
 * Which attempts of activities are at work in one process, so that nobody moves the clock under them.
 *
 * Invariant: an attempt is awake while its function may go on by itself (real asynchronous work). One that waits for the clock, or hangs on purpose, is
 * not; nor is one whose outcome was decided otherwise (a time limit, a cancel).
 */
import type { Attempt } from "../engine/attempt.ts";
import { isHanging } from "./stubs.ts";

/** The attempts of one process. */
export class Crew {
  readonly #working: Set<Attempt> = new Set();
  /** How many alarms each attempt waits for. */
  readonly #waits: WeakMap<Attempt, number> = new WeakMap();
  readonly #changed: () => void;

  /** `changed` is called whenever an attempt ends or falls asleep. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Runs the function of an attempt. */
  async work<T>(attempt: Attempt, run: () => T | Promise<T>): Promise<T> {
    this.#working.add(attempt);
    try {
      const going = run();
      if (isHanging(attempt)) this.#changed();
      return await going;
    } finally {
      this.#working.delete(attempt);
      this.#changed();
    }
  }

  /** The attempt waits for an alarm. Returns the end of that, which may be called more than once. */
  doze(attempt: Attempt): () => void {
    this.#waits.set(attempt, (this.#waits.get(attempt) ?? 0) + 1);
    this.#changed();
    let over = false;
    return () => {
      if (!over) this.#waits.set(attempt, (this.#waits.get(attempt) ?? 1) - 1);
      over = true;
    };
  }

  /** True if some attempt is awake. */
  get awake(): boolean {
    for (const attempt of this.#working) {
      if (attempt.running && !isHanging(attempt) && (this.#waits.get(attempt) ?? 0) === 0) return true;
    }
    return false;
  }
}
