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
  /** Cut when the run has left memory, or has another entry: then the entry says nothing any more. */
  run: LiveRun | "the store" | undefined;
}

const fewDead = 1000;

/** Alarms of all runs of one engine. */
export class Alarms {
  readonly #clock: Clock;
  readonly #ring: (run: LiveRun | undefined) => void;
  readonly #heap: Heap<Entry> = new Heap((a, b) => a.at - b.at);
  readonly #entries: WeakMap<LiveRun, Entry> = new WeakMap();
  #dead = 0;
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
    const known = this.#entries.get(run);
    if (at === undefined || (known?.run === run && known.at <= at)) return;
    this.forget(run);
    const entry: Entry = { at, run };
    this.#entries.set(run, entry);
    this.#add(entry);
  }

  /** The run has left memory: nothing here keeps it alive. */
  forget(run: LiveRun): void {
    const entry = this.#entries.get(run);
    if (entry?.run !== run) return;
    entry.run = undefined;
    this.#dead++;
    if (this.#dead < fewDead || this.#dead * 2 < this.#heap.size) return;
    this.#heap.keep((kept) => kept.run !== undefined);
    this.#dead = 0;
  }

  /** Rings at `at` (epoch milliseconds) for a run that is not in memory. */
  watchStored(at: number | undefined): void {
    if (at === undefined || at >= this.#stored) return;
    this.#stored = at;
    this.#add({ at, run: "the store" });
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
    const due: Entry[] = [];
    for (let next = this.#heap.peek(); next !== undefined && next.at <= now; next = this.#heap.peek()) {
      this.#heap.pop();
      due.push(next);
    }
    // What is added meanwhile rings next time, even if it is due: a run that is always due must not keep the thread.
    for (const entry of due) this.#due(entry);
    this.#arm();
  }

  #due({ at, run }: Entry): void {
    if (run === undefined) this.#dead--;
    else if (run !== "the store") {
      this.#entries.delete(run);
      this.#ring(run);
    } else if (at >= this.#stored) {
      this.#stored = Number.POSITIVE_INFINITY;
      this.#ring(undefined);
    }
  }
}
