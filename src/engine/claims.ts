/**
 * Claims of runs, in groups: those that are asked for in one turn of the event loop go to the store together, because each transaction has a sync of its own.
 *
 * Invariant: every claim is answered as if it had been made alone.
 */
import type { RunRow } from "../store/runs.ts";
import type { EngineState } from "./state.ts";

type Answer = PromiseWithResolvers<RunRow | undefined>;

export class Claims {
  readonly #state: EngineState;
  #wanted: Map<number, Answer> = new Map();

  constructor(state: EngineState) {
    this.#state = state;
  }

  /** The run's row, if it is held here now. */
  claim(key: number): Promise<RunRow | undefined> {
    const known = this.#wanted.get(key);
    if (known !== undefined) return known.promise;
    const answer: Answer = Promise.withResolvers();
    this.#wanted.set(key, answer);
    if (this.#wanted.size === 1) queueMicrotask(() => void this.#ask());
    return answer.promise;
  }

  async #ask(): Promise<void> {
    const wanted = this.#wanted;
    this.#wanted = new Map();
    const { options, session } = this.#state;
    try {
      const rows = await options.store.runs.claim(session, [...wanted.keys()]);
      const byKey = new Map(rows.map((row) => [row.key, row]));
      for (const [key, { resolve }] of wanted) resolve(byKey.get(key));
    } catch (error) {
      for (const { reject } of wanted.values()) reject(error);
    }
  }
}
