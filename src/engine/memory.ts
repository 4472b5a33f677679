/**
 * The runs in memory: found by key and id, and forgotten when they have been idle longest and there are too many.
 *
 * A forgotten run loses nothing: it comes back by replay. So memory is bounded by the runs at work, not by the runs that are open.
 * The maps hold positions instead of runs: a map that many entries pass through leaves discarded tables behind, and what those held would stay alive until
 * the next full collection (measured: a third of the time at 20,000 runs a second went there).
 */
import { Slab } from "../core/slab.ts";
import type { LiveRun } from "./live-run.ts";

export class Memory {
  readonly #runs: Slab<LiveRun> = new Slab();
  readonly #byKey: Map<number, number> = new Map();
  readonly #byId: Map<string, number> = new Map();
  /** Positions of idle runs. Insertion order is the order of last use. */
  readonly #idle: Set<number> = new Set();
  readonly #size: number;
  readonly #onEvict: (run: LiveRun) => void;

  /** At most `size` idle runs stay. */
  constructor(size: number, onEvict: (run: LiveRun) => void) {
    this.#size = size;
    this.#onEvict = onEvict;
  }

  get count(): number {
    return this.#byKey.size;
  }

  get(key: number): LiveRun | undefined {
    return this.#runs.at(this.#byKey.get(key));
  }

  /** The run that has this id; its latest generation. */
  byId(id: string): LiveRun | undefined {
    return this.#runs.at(this.#byId.get(id));
  }

  add(run: LiveRun): void {
    run.place = this.#runs.add(run);
    this.#byKey.set(run.key, run.place);
    this.#byId.set(run.id, run.place);
  }

  remove(run: LiveRun): void {
    run.dropped = true;
    if (run.place === undefined) return;
    this.#idle.delete(run.place);
    if (this.#byKey.get(run.key) === run.place) this.#byKey.delete(run.key);
    if (this.#byId.get(run.id) === run.place) this.#byId.delete(run.id);
    this.#runs.free(run.place);
    run.place = undefined;
  }

  /** The run is being used. */
  wake(run: LiveRun): void {
    if (run.place !== undefined) this.#idle.delete(run.place);
  }

  /** The run has nothing to do for now. */
  rest(run: LiveRun): void {
    if (run.place === undefined) return;
    this.#idle.delete(run.place);
    this.#idle.add(run.place);
    if (this.#idle.size <= this.#size) return;
    const [oldest] = this.#idle;
    const evicted = this.#runs.at(oldest);
    if (evicted === undefined) return;
    this.remove(evicted);
    this.#onEvict(evicted);
  }

  all(): LiveRun[] {
    return this.#runs.all();
  }
}
