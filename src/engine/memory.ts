/**
 * The runs in memory: found by key and id, and forgotten when they have been idle longest and there are too many.
 *
 * A forgotten run loses nothing: it comes back by replay. So memory is bounded by the runs at work, not by the runs that are open.
 */
import type { LiveRun } from "./live-run.ts";

export class Memory {
  readonly #byKey: Map<number, LiveRun> = new Map();
  readonly #byId: Map<string, LiveRun> = new Map();
  /** Insertion order is the order of last use. */
  readonly #idle: Set<LiveRun> = new Set();
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
    return this.#byKey.get(key);
  }

  /** The run that has this id; its latest generation. */
  byId(id: string): LiveRun | undefined {
    return this.#byId.get(id);
  }

  add(run: LiveRun): void {
    this.#byKey.set(run.key, run);
    this.#byId.set(run.id, run);
  }

  remove(run: LiveRun): void {
    run.dropped = true;
    this.#idle.delete(run);
    if (this.#byKey.get(run.key) === run) this.#byKey.delete(run.key);
    if (this.#byId.get(run.id) === run) this.#byId.delete(run.id);
  }

  /** The run is being used. */
  wake(run: LiveRun): void {
    this.#idle.delete(run);
  }

  /** The run has nothing to do for now. */
  rest(run: LiveRun): void {
    this.#idle.delete(run);
    this.#idle.add(run);
    if (this.#idle.size <= this.#size) return;
    const [oldest] = this.#idle;
    if (oldest === undefined) return;
    this.remove(oldest);
    this.#onEvict(oldest);
  }

  all(): LiveRun[] {
    return [...this.#byKey.values()];
  }
}
