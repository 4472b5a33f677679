/** Keys for new runs, reserved from the store in blocks so that a commit never waits for one. */
import type { Runs } from "../store/runs.ts";

const block = 10_000;

export class Keys {
  readonly #runs: Runs;
  #next = 0;
  #end = 0;

  constructor(runs: Runs) {
    this.#runs = runs;
  }

  /** Makes sure that `count` keys can be taken. */
  async ensure(count: number): Promise<void> {
    if (this.#end - this.#next >= count) return;
    const size = Math.max(block, count);
    this.#next = await this.#runs.reserveKeys(size);
    this.#end = this.#next + size;
  }

  /** A key that nobody else has; only after `ensure`. */
  take(): number {
    return this.#next++;
  }
}
