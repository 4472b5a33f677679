/**
 * Counts of a map run, once for items and once for child executions (AWS, "MapRunExecutionCounts").
 *
 * Invariants:
 * - Each is counted once, where it stands now; `total` is the sum.
 * - What had begun before a redrive is known from the beginning: it has succeeded, or waits to be redriven. When the map run is over nothing waits: what was
 *   not redriven is again what it was.
 */
import type { JsonObject } from "../../json.ts";
import type { Carried } from "../position.ts";

/** Ways not to succeed. */
export type Failing = "failed" | "timedOut" | "aborted";

const failings: readonly Failing[] = ["failed", "timedOut", "aborted"];

interface Circumstances {
  /** True: of a map run that was ended from outside and cannot say so itself. */
  readonly closed: boolean;
  readonly redriven: boolean;
}

export class Tally {
  pending = 0;
  running = 0;
  succeeded: number;
  failed = 0;
  timedOut = 0;
  aborted = 0;
  resultsWritten: number;
  /** Of the unsuccessful ones: those that were not redriven because they cannot be. */
  failuresNotRedrivable = 0;
  /** Those that wait to be redriven, by what they were. */
  readonly #waiting: Record<Failing, number>;

  constructor(before?: Carried) {
    this.succeeded = before?.succeeded ?? 0;
    this.resultsWritten = before?.resultsWritten ?? 0;
    const { failed = 0, timedOut = 0, aborted = 0 } = before ?? {};
    this.#waiting = { failed, timedOut, aborted };
  }

  /** How many did not succeed, in this attempt. */
  get unsuccessful(): number {
    return this.failed + this.timedOut + this.aborted;
  }

  /** How many have begun, those before a redrive included. */
  get begun(): number {
    const { running, succeeded, unsuccessful } = this;
    return running + succeeded + unsuccessful + this.#waits();
  }

  /** So many of those that wait have their turn. */
  redriven(was: Failing, count: number): void {
    this.#waiting[was] -= count;
  }

  ended(how: Failing | "succeeded", count: number): void {
    this[how] += count;
    if (how === "succeeded") this.resultsWritten += count;
  }

  /** The map run is over: what runs is aborted with it. */
  close(): void {
    Object.assign(this, this.#over());
    for (const how of failings) this.#waiting[how] = 0;
  }

  /** For a redrive. */
  carried(): Carried {
    const { succeeded, resultsWritten } = this;
    const { failed, timedOut, aborted } = this.#over();
    return { succeeded, resultsWritten, failed, timedOut, aborted };
  }

  /** As the API shows it. What only redrives lead to is shown after one, as AWS does. */
  describe({ closed, redriven }: Circumstances): JsonObject {
    const { pending, succeeded, resultsWritten, failuresNotRedrivable } = this;
    const { running, failed, timedOut, aborted } = closed ? this.#over() : this;
    const pendingRedrive = closed ? 0 : this.#waits();
    return {
      pending,
      running,
      succeeded,
      failed,
      timedOut,
      aborted,
      total: pending + running + succeeded + failed + timedOut + aborted + pendingRedrive,
      resultsWritten,
      ...(redriven ? { failuresNotRedrivable, pendingRedrive } : {}),
    };
  }

  #waits(): number {
    return failings.reduce((sum, how) => sum + this.#waiting[how], 0);
  }

  #over(): Readonly<Record<Failing | "running", number>> {
    return {
      running: 0,
      failed: this.failed + this.#waiting.failed,
      timedOut: this.timedOut + this.#waiting.timedOut,
      aborted: this.aborted + this.running + this.#waiting.aborted,
    };
  }
}
