/** All chance of a simulation: numbers that are a function of a text, so that one seed decides everything. */
import { seededRandom } from "../../src/core/random.ts";

export class Dice {
  readonly #seed: string;
  readonly #next: () => number;

  constructor(seed: string) {
    this.#seed = seed;
    this.#next = seededRandom(seed);
  }

  /** Dice of their own for a part: what one part rolls changes nothing for the others. */
  fork(name: string): Dice {
    return new Dice(`${this.#seed}/${name}`);
  }

  /** From 0 to below 1. */
  number(): number {
    return this.#next();
  }

  chance(probability: number): boolean {
    return probability > 0 && this.#next() < probability;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.#next() * (high - low + 1));
  }

  /** One of the list, which must not be empty. */
  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#next() * list.length)] as T;
  }

  /** Takes one out of the list, which must not be empty. */
  draw<T>(list: T[]): T {
    return list.splice(Math.floor(this.#next() * list.length), 1)[0] as T;
  }
}
