/**
 * When a worker dies: at the n-th pass of a named point, by its own hand, with no chance to clean up.
 *
 * Points inside of one call of SQLite cannot be named from JavaScript. For those a second thread kills the process a given time after the call began.
 */
import { Worker } from "node:worker_threads";
import type { Ledger } from "./ledger.ts";

/** Where a worker may die, in the order of a life. */
export const points = [
  /** A statement of the opening of the file: lock, settings, migration, counters. */
  "opening",
  /** A call of the store while the engine takes up what a former life left. */
  "recovering",
  "before-commit",
  "transaction-begun",
  "transaction-writing",
  /** All is written, and COMMIT is next. */
  "transaction-written",
  /** In the middle of COMMIT: while the log is written or synced. */
  "during-commit",
  /** After COMMIT, before the mark. */
  "committed",
  "before-acknowledge",
  /** The caller has been told. */
  "acknowledged",
  "activity-started",
  /** It has done its work, and the engine does not know yet. */
  "activity-finished",
  "during-checkpoint",
  "closing",
] as const;

/** One of them. */
export type Point = (typeof points)[number];

/** How a life ends. */
export interface Death {
  readonly point: Point;
  /** Counts passes of the point from 1. */
  readonly pass: number;
  /** How far into a call of SQLite, microseconds. */
  readonly delayUs: number;
}

// The states that the two threads tell each other.
const [waiting, called, awake, over] = [0, 1, 2, 3];

const killer = `
const { workerData } = require("node:worker_threads");
const { writeSync } = require("node:fs");
const { shared, delayUs, file, point } = workerData;
const state = new Int32Array(shared);
Atomics.wait(state, 0, ${waiting});
Atomics.store(state, 0, ${awake});
Atomics.notify(state, 0);
const until = process.hrtime.bigint() + BigInt(delayUs) * 1000n;
while (process.hrtime.bigint() < until);
const inside = Atomics.load(state, 0) !== ${over};
writeSync(file, JSON.stringify({ type: "dying", point, inside }) + "\\n");
process.kill(process.pid, "SIGKILL");
`;

/** The fate of one worker. */
export class Fate {
  readonly #death: Death | undefined;
  readonly #ledger: Ledger;
  readonly #past: Set<Point> = new Set();
  readonly #state: Int32Array = new Int32Array(new SharedArrayBuffer(4));
  #passes = 0;

  constructor(death: Death | undefined, ledger: Ledger) {
    this.#death = death;
    this.#ledger = ledger;
    if (death?.point === "during-commit" || death?.point === "during-checkpoint") this.#hire(death);
  }

  #hire({ point, delayUs }: Death): void {
    const workerData = { shared: this.#state.buffer, delayUs, file: this.#ledger.file, point };
    new Worker(killer, { eval: true, workerData }).unref();
  }

  /** That part of the life is over. */
  leave(point: Point): void {
    this.#past.add(point);
  }

  /** True if this is the pass at which the life ends. */
  arrives(point: Point): boolean {
    if (this.#death?.point !== point || this.#past.has(point)) return false;
    this.#passes += 1;
    return this.#passes === this.#death.pass;
  }

  /** Dies, if this is the pass. */
  pass(point: Point): void {
    if (!this.arrives(point)) return;
    this.#ledger.mention({ type: "dying", point });
    process.kill(process.pid, "SIGKILL");
  }

  /** Does the work, and dies in the middle of it or, if it was too quick, right after. */
  dieDuring(work: () => void): void {
    Atomics.store(this.#state, 0, called);
    Atomics.notify(this.#state, 0);
    Atomics.wait(this.#state, 0, called);
    work();
    Atomics.store(this.#state, 0, over);
    Atomics.wait(this.#state, 0, over);
  }
}
