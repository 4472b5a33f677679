/**
 * Tasks that wait for somebody outside, and what becomes of them when their run goes on from the history of another (docs/adr/0010-fork-and-retry.md).
 *
 * Invariants:
 * - In a retry tokens stay valid, because the run has its id: only the task begins again whose failure ended the run. Everything else waits on.
 * - In a fork nobody has the tokens, which name another run: all that has been given out is given out again. What has not been is about to be, by itself.
 * - A task is known by the number of the event with which its state was entered, which is the same in every replay.
 */
import type { Forked } from "../../../workflow/forked.ts";

/** Thrown where a task waits that is to be given out again. No failure: no event tells of it, no retrier counts it, no catcher gets it. */
export class GivenOutAgain extends Error {
  override readonly name: string = "GivenOutAgain";
}

interface Wait {
  readonly again: () => void;
  given: boolean;
}

/** What a run that has failed for such a task says of its retry. */
interface Retry {
  readonly retryAt: number;
  readonly retryWith: { readonly task: number };
}

export class Waits {
  /** The number of the event of the run's history that is being delivered. */
  readonly #at: () => number;
  readonly #open: Map<number, Wait> = new Map();
  #failed: Retry | undefined;

  constructor(at: () => number) {
    this.#at = at;
  }

  /** `again` is called if the task is to begin again. */
  open(task: number, again: () => void): void {
    this.#open.set(task, { again, given: false });
  }

  close(task: number): void {
    this.#open.delete(task);
  }

  /** Somebody has it. */
  given(task: number): void {
    const wait = this.#open.get(task);
    if (wait !== undefined) wait.given = true;
  }

  /** It has failed by what was reported, or because nothing was. */
  failed(task: number): void {
    this.#failed = { retryAt: this.#at(), retryWith: { task } };
  }

  /** Where a retry goes on, if it is such a failure that ends the run now. */
  get retry(): Retry | undefined {
    return this.#failed?.retryAt === this.#at() ? this.#failed : undefined;
  }

  /** The run goes on from the history of another. */
  goesOn({ as, told }: Forked): void {
    const { task } = (told ?? {}) as Partial<Retry["retryWith"]>;
    for (const [entered, { given, again }] of this.#open)
      if (as === "fork" ? given : entered === task) again();
  }
}
