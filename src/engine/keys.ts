/** Keys for new runs, reserved from the store in blocks so that a commit hardly ever waits for one. */
import type { Runs } from "../store/runs.ts";

const block = 10_000;

export class Keys {
  readonly #runs: Runs;
  #next = 0;
  #end = 0;

  constructor(runs: Runs) {
    this.#runs = runs;
  }

  /** True if `count` keys can be taken now. Ask, and take, without waiting in between: others take keys too. */
  has(count: number): boolean {
    return this.#end - this.#next >= count;
  }

  /** Reserves a new block of at least `count` keys. */
  async refill(count: number): Promise<void> {
    const size = Math.max(block, count);
    const first = await this.#runs.reserveKeys(size);
    // Somebody else may have refilled meanwhile; keys that nobody takes are no loss.
    if (this.has(count)) return;
    this.#next = first;
    this.#end = first + size;
  }

  /** A key that nobody else has; only if there is one. */
  take(): number {
    return this.#next++;
  }
}
