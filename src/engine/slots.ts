/**
 * Task queues: how many activities of a kind run at once in this process.
 *
 * A queue's waiters start in the order in which they came. A slot is given back when an attempt's outcome is decided, also if its function never returns,
 * so that a hung activity with a time limit cannot starve the others.
 */
import { Queue } from "../core/queue.ts";

interface Line {
  free: number;
  readonly waiting: Queue<() => void>;
}

/** Slots per task queue. Unknown queues get the default number. */
export class Slots {
  readonly #lines: Map<string, Line> = new Map();
  readonly #counts: Readonly<Record<string, number>>;
  readonly #fallback: number;

  constructor(counts: Readonly<Record<string, number>>, fallback: number) {
    this.#counts = counts;
    this.#fallback = fallback;
  }

  #line(name: string): Line {
    let line = this.#lines.get(name);
    if (line === undefined) {
      const own = Object.hasOwn(this.#counts, name) ? this.#counts[name] : undefined;
      line = { free: own ?? this.#fallback, waiting: new Queue() };
      this.#lines.set(name, line);
    }
    return line;
  }

  /** Calls `start` as soon as there is a slot: now, if there is one. */
  take(name: string, start: () => void): void {
    const line = this.#line(name);
    if (line.free === 0) return line.waiting.push(start);
    line.free--;
    start();
  }

  /** Gives a slot back. */
  release(name: string): void {
    const line = this.#line(name);
    const next = line.waiting.shift();
    if (next === undefined) line.free++;
    else next();
  }
}
