/**
 * A lane: one process at a time, and the jobs that wait for it.
 *
 * Invariants:
 * - An expression is at work beside others for `patienceMs` at most. Then its job is handed to `onStuck` with the process it is in, and the others begin
 *   again in another process.
 * - If a process ends by itself, the job at work is to blame, unless somebody has killed it from outside. Which one that is, is known: answers come in order.
 * - There is no process before the first job, and none after `idleMs` without one.
 */
import { StatesError } from "../../notations/asl/states-error.ts";
import type { EvaluationAnswer } from "../../notations/asl/task-host.ts";
import { EvaluatorProcess } from "./evaluator-process.ts";
import type { FairQueue, Job } from "./job.ts";

export interface LaneOptions {
  readonly queue: FairQueue;
  /** How many jobs a process has before it at once. */
  readonly window: number;
  readonly patienceMs: number;
  readonly heapMb: number;
  readonly idleMs: number;
  /** Once a process has been taken away, another one stands by. */
  readonly spare: boolean;
  onStuck(job: Job, process: EvaluatorProcess): void;
  /** False: the job has been given to another lane. */
  accepts(job: Job): boolean;
}

/** How long a process may take to start; and how often in a row none may start. */
const startMs = 20_000;
const maxFailedStarts = 3;

export class Lane {
  readonly #options: LaneOptions;
  #process: EvaluatorProcess | undefined;
  /** Takes over at once. */
  #spare: EvaluatorProcess | undefined;
  readonly #alive: Set<EvaluatorProcess> = new Set();
  #running: Job[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** What the timer is there for. */
  #waitsFor: "start" | "answer" | "work" | undefined;
  /** When an answer came, or the first job was sent to a process without any. */
  #progressAt = 0;
  #failedStarts = 0;
  #closed = false;
  #woken = false;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  get idle(): boolean {
    return this.#running.length === 0;
  }

  get pids(): readonly number[] {
    return [...this.#alive].flatMap(({ pid }) => pid ?? []);
  }

  /** Something has been put into the queue. What is put there in one go leaves in one write. */
  wake(): void {
    if (this.#woken || this.#closed) return;
    this.#woken = true;
    setImmediate(() => {
      this.#woken = false;
      this.#fill();
    });
  }

  async close(reason: Error): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const job of this.#running.splice(0)) job.reject(reason);
    for (const process of this.#alive) {
      process.hold(true);
      process.kill();
    }
    await Promise.all([...this.#alive].map(({ ended }) => ended));
  }

  #fill(): void {
    const { queue, window } = this.#options;
    if (this.#closed || (queue.size === 0 && this.idle)) return;
    if (this.#process === undefined) return this.#start();
    if (!this.#process.ready || this.#running.length > window / 2) return;
    const lines: string[] = [];
    if (this.idle) this.#progressAt = performance.now();
    while (this.#running.length < window) {
      const job = queue.take();
      if (job === undefined) break;
      if (!this.#options.accepts(job)) continue;
      this.#running.push(job);
      lines.push(job.line);
    }
    if (lines.length > 0) this.#process.write(lines);
    this.#watch();
  }

  #start(): void {
    const process = this.#spare ?? this.#spawn();
    this.#process = process;
    this.#spare = undefined;
    process.listener = {
      onReady: () => this.#resume(),
      onLine: (line) => this.#answer(line),
      onEnd: (reason) => this.#over(reason),
    };
    process.hold(true);
    if (process.ready) this.#resume();
    else this.#arm("start", startMs, () => process.kill());
  }

  #spawn(): EvaluatorProcess {
    const process = new EvaluatorProcess(this.#options.heapMb, unheard);
    this.#alive.add(process);
    void this.#forget(process);
    return process;
  }

  async #forget(process: EvaluatorProcess): Promise<void> {
    await process.ended;
    this.#alive.delete(process);
    if (this.#spare === process) this.#spare = undefined;
  }

  /** Sends what was sent to a process that is no more, and then what waits. */
  #resume(): void {
    this.#failedStarts = 0;
    this.#progressAt = performance.now();
    this.#running = this.#running.filter((job) => this.#options.accepts(job));
    for (const job of this.#running) job.restart();
    if (!this.idle) this.#process?.write(this.#running.map(({ line }) => line));
    this.#watch();
    this.#fill();
  }

  #answer(line: string): void {
    this.#progressAt = performance.now();
    const last = this.#running[0]?.answer(JSON.parse(line) as EvaluationAnswer) ?? false;
    if (!last) return;
    this.#running.shift();
    if (this.#options.queue.size > 0) this.wake();
    else if (this.idle) this.#watch();
  }

  /** Sets the clock for what is at work, or for the time without work. */
  #watch(): void {
    const { patienceMs, idleMs } = this.#options;
    if (this.idle) {
      this.#process?.hold(false);
      return this.#arm("work", idleMs, () => this.#stop());
    }
    if (this.#waitsFor === "answer") return;
    this.#process?.hold(true);
    const leftMs = Math.max(1, this.#progressAt + patienceMs - performance.now());
    // If this thread was busy, what has been answered meanwhile has not been read yet: it is, before an immediate.
    this.#arm("answer", leftMs, () => setImmediate(() => this.#look()));
  }

  #look(): void {
    if (this.#closed || this.idle || this.#waitsFor !== undefined) return;
    if (performance.now() - this.#progressAt >= this.#options.patienceMs) this.#stuck();
    else this.#watch();
  }

  #arm(waitsFor: "start" | "answer" | "work", delayMs: number, ring: () => void): void {
    clearTimeout(this.#timer);
    this.#waitsFor = waitsFor;
    this.#timer = setTimeout(() => {
      this.#waitsFor = undefined;
      ring();
    }, delayMs);
    if (waitsFor === "work") this.#timer.unref();
  }

  #stop(): void {
    const processes = [this.#process, this.#spare];
    this.#process = undefined;
    this.#spare = undefined;
    for (const process of processes) {
      if (process === undefined) continue;
      process.listener = unheard;
      process.kill();
    }
  }

  #stuck(): void {
    const job = this.#running.shift();
    const process = this.#process;
    this.#process = undefined;
    if (job !== undefined && process !== undefined) this.#options.onStuck(job, process);
    this.#fill();
    if (!this.#options.spare) return;
    this.#spare ??= this.#spawn();
    this.#spare.hold(false);
  }

  #over(reason: string): void {
    const { ready = false } = this.#process ?? {};
    this.#process = undefined;
    if (this.#closed) return;
    if (!ready && ++this.#failedStarts >= maxFailedStarts) return this.#giveUp(reason);
    const [job] = this.#running;
    if (ready && job !== undefined && !job.survives(reason)) this.#running.shift();
    this.#fill();
  }

  #giveUp(reason: string): void {
    this.#failedStarts = 0;
    const error = new StatesError("States.Runtime", {
      cause: `The process that evaluates JSONata expressions does not start: ${reason}`,
    });
    for (const job of this.#running.splice(0)) job.reject(error);
    this.#options.queue.reject(error);
  }
}

const unheard = { onLine: () => {}, onEnd: () => {} };
