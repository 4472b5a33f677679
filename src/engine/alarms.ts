/**
 * When the engine must look at which run: one alarm of the clock for the earliest of many.
 *
 * Runs in memory ring for their timers, retries and deadlines. For runs that have left memory one alarm stands for all: the store knows when.
 */
import { Heap } from "../core/heap.ts";
import type { Cancelable, Clock } from "../core/ports.ts";
import type { LiveRun } from "./live-run.ts";

interface Entry {
  readonly at: number;
  /** Absent: look for due runs in the store. */
  readonly run: LiveRun | undefined;
}

/** Alarms of all runs of one engine. */
export class Alarms {
  readonly #clock: Clock;
  readonly #ring: (run: LiveRun | undefined) => void;
  readonly #heap: Heap<Entry> = new Heap((a, b) => a.at - b.at);
  readonly #set: WeakMap<LiveRun, number> = new WeakMap();
  #stored = Number.POSITIVE_INFINITY;
  #alarm: { readonly at: number; readonly handle: Cancelable } | undefined;

  /** `ring` is called for each run that is due; without a run: some run in the store is due. */
  constructor(clock: Clock, ring: (run: LiveRun | undefined) => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Rings for `run` when it is next due. */
  watch(run: LiveRun): void {
    const at = run.nextDue();
    if (at === undefined || (this.#set.get(run) ?? Number.POSITIVE_INFINITY) <= at) return;
    this.#set.set(run, at);
    this.#add({ at, run });
  }

  /** Rings at `at` (epoch milliseconds) for a run that is not in memory. */
  watchStored(at: number | undefined): void {
    if (at === undefined || at >= this.#stored) return;
    this.#stored = at;
    this.#add({ at, run: undefined });
  }

  stop(): void {
    this.#alarm?.handle.cancel();
    this.#alarm = undefined;
    this.#heap.clear();
  }

  #add(entry: Entry): void {
    this.#heap.push(entry);
    this.#arm();
  }

  #arm(): void {
    const next = this.#heap.peek();
    if (next === undefined || (this.#alarm !== undefined && this.#alarm.at <= next.at)) return;
    this.#alarm?.handle.cancel();
    this.#alarm = { at: next.at, handle: this.#clock.alarm(next.at, () => this.#rang()) };
  }

  #rang(): void {
    this.#alarm = undefined;
    const now = this.#clock.now();
    for (let next = this.#heap.peek(); next !== undefined && next.at <= now; next = this.#heap.peek()) {
      this.#heap.pop();
      this.#due(next);
    }
    this.#arm();
  }

  #due({ at, run }: Entry): void {
    if (run === undefined) {
      if (at < this.#stored) return;
      this.#stored = Number.POSITIVE_INFINITY;
      this.#ring(undefined);
    } else if (!run.dropped && this.#set.get(run) === at) {
      this.#set.delete(run);
      this.#ring(run);
    }
  }
}
