/**
 * Retention: runs that closed long enough ago are deleted, with all that they hold.
 *
 * Invariants:
 * - What counts is when a run closed, not when it was created: no open run is ever deleted.
 * - Deleting goes on in batches, so that it never holds the store for long, and a sweep is bounded.
 */
import type { Clock } from "../core/ports.ts";
import type { Runs } from "../store/runs.ts";

/** Runs per commit. */
export const retentionBatch = 500;

/** Batches per sweep; the rest waits for the next one. */
const batches = 20;

/** Deletes closed runs of one store. */
export class Retention {
  readonly #runs: Pick<Runs, "removeClosed">;
  readonly #clock: Clock;
  readonly #afterMs: number;
  #sweeping = false;

  /** `afterMs`: how long a run is kept after it has closed. */
  constructor(runs: Pick<Runs, "removeClosed">, clock: Clock, afterMs: number) {
    this.#runs = runs;
    this.#clock = clock;
    this.#afterMs = afterMs;
  }

  /** Deletes what is due; returns how many runs that were. Does nothing while another sweep is at work. */
  async sweep(): Promise<number> {
    if (this.#sweeping) return 0;
    this.#sweeping = true;
    try {
      return await this.#sweep();
    } finally {
      this.#sweeping = false;
    }
  }

  async #sweep(): Promise<number> {
    const before = this.#clock.now() - this.#afterMs;
    let removed = 0;
    for (let batch = 0; batch < batches; batch++) {
      const count = await this.#runs.removeClosed(before, retentionBatch);
      removed += count;
      if (count < retentionBatch) break;
    }
    return removed;
  }
}
