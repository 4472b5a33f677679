/**
 * Ids and random numbers that are a function of a seed and of how many were asked for: the `Ids` port for tests.
 *
 * Invariant: the n-th id of a seed is always the same, so a test that does the same gets the same histories, byte for byte.
 */
import type { Ids } from "../core/ports.ts";
import { seededRandom } from "../core/random.ts";

/** Ids that ascend in the order in which they are made. */
export class SeededIds implements Ids {
  readonly #seed: string;
  readonly #random: () => number;
  /** How many ids were made. */
  made = 0;
  /** How many of them somebody will remember after a crash. */
  durable = 0;

  constructor(seed: string) {
    this.#seed = seed;
    this.#random = seededRandom(`${seed}/random`);
  }

  // Fields, because callers hand them on as functions.
  readonly unique: () => string = () => {
    const number = this.made++;
    const next = seededRandom(`${this.#seed}/${number}`);
    const part = (): string =>
      Math.floor(next() * 2 ** 40)
        .toString(16)
        .padStart(10, "0");
    return number.toString(16).padStart(12, "0") + part() + part();
  };

  /** After a crash: what is asked for again gets the same id again. */
  rewind(): void {
    this.made = this.durable;
  }

  readonly random: () => number = () => this.#random();
}
