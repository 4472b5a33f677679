/**
 * Work side by side of which the first failure ends the rest: branches, iterations.
 *
 * Invariant: when a group has failed, nothing of it runs on: what waited is canceled, and its events say so.
 */
import type { Json } from "../../json.ts";
import { StatesError } from "../../states-error.ts";
import type { Frame } from "../frame.ts";
import type { StateRun } from "../state-run.ts";

export interface GroupOptions {
  /** How many run at once. Default: all. */
  readonly concurrency?: number | undefined;
  /** Called before each begins, in order. */
  readonly begins?: ((index: number) => void) | undefined;
  /** Called for the one whose failure ends the group. */
  readonly failed: (index: number) => void;
  /** Called for each that was ended by it. */
  readonly aborted: (index: number) => void;
}

/** For a group that was itself ended from outside: whoever ended it has told so, and may be at its own end already. */
const silent = { failed: (): void => {}, aborted: (): void => {} };

type Work = () => Promise<Json>;

export class Group {
  readonly #run: StateRun;
  readonly #running: Map<number, () => void> = new Map();
  #over = false;

  constructor(run: StateRun) {
    this.#run = run;
  }

  /** The results in the order of the works. @throws the first failure */
  async run(works: readonly Work[], options: GroupOptions): Promise<Json[]> {
    const { concurrency = works.length, begins } = options;
    const results: Json[] = [];
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let next = 0;
    let done = 0;
    const more = (): void => {
      const first = next;
      while (next < works.length && this.#running.size + (next - first) < concurrency) next++;
      for (let index = first; index < next; index++) begins?.(index);
      for (let index = first; index < next; index++)
        this.#begin(index, works[index] as Work).then(finished(index), failed(index));
    };
    const finished = (index: number) => (value: Json) => {
      if (this.#over) return;
      this.#running.delete(index);
      results[index] = value;
      done++;
      if (done === works.length) resolve();
      else more();
    };
    const failed = (index: number) => (error: Error) => {
      if (this.#over) return;
      this.#end(index, error instanceof StatesError ? options : silent);
      reject(error);
    };
    if (works.length === 0) resolve();
    else more();
    await promise;
    return results;
  }

  #begin(index: number, work: Work): Promise<Json> {
    const { world } = this.#run.execution;
    const [result, cancel] = world.cancelable(work);
    this.#running.set(index, cancel);
    return result;
  }

  #end(index: number, { failed, aborted }: Pick<GroupOptions, "failed" | "aborted">): void {
    this.#over = true;
    this.#running.delete(index);
    failed(index);
    for (const [other, cancel] of this.#running) {
      cancel();
      aborted(other);
    }
    this.#running.clear();
  }

  /** The event of a state that was ended from outside. */
  abortedState(frame: Frame | undefined): void {
    const { frame: around } = this.#run;
    const { state, mapRun } = frame?.position ?? {};
    const type = state === undefined ? undefined : frame?.machine.States[state]?.Type;
    const { log, mapRuns, world } = around.execution;
    const running = mapRun === undefined ? undefined : mapRuns.find(mapRun.arn);
    if (running?.status === "RUNNING") {
      running.end("ABORTED", world.now());
      log.add("MapRunAborted", around.last);
    }
    if (type !== undefined) log.add(`${type}StateAborted`, around.last);
  }
}
