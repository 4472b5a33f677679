/**
 * Evaluates JSONata expressions that may do anything, in processes that can be killed.
 *
 * Invariants:
 * - An expression that does not end, or needs too much memory, fails by itself, after `limitMs` at most; calls beside it are answered.
 * - Nobody waits for somebody else's slow expression longer than `patienceMs`: then it goes on alone, and the others go to another process. It is
 *   remembered, and from then on evaluated in lanes for slow ones, where each expression has its turn.
 *
 * See docs/adr/0008-jsonata-evaluation.md.
 */
import { tooSlow } from "../../notations/asl/jsonata/limits.ts";
import { StatesError } from "../../notations/asl/states-error.ts";
import type { EvaluationAnswer, EvaluationCall } from "../../notations/asl/task-host.ts";
import type { EvaluatorProcess } from "./evaluator-process.ts";
import { FairQueue, Job } from "./job.ts";
import { Lane } from "./lane.ts";
import { letGoOnAlone } from "./loner.ts";

export interface EvaluatorOptions {
  /** How long one expression may take. Default: 1000. */
  readonly limitMs?: number;
  /** How long it may take beside others. Default: 200. */
  readonly patienceMs?: number;
  /** Processes for expressions that are known to be slow, and processes in which such are found out. Default: 2 each. */
  readonly slowProcesses?: number;
  /** Megabytes of heap for each process. Default: 128. */
  readonly heapMb?: number;
  /** After which time without work a process is ended. Default: 60 000. */
  readonly idleMs?: number;
}

export interface Evaluator {
  /**
   * One answer per expression, in their order. If one is killed, those after it have its error.
   *
   * @throws StatesError States.Runtime if no process starts, or the evaluator is closed
   */
  evaluate(call: EvaluationCall): Promise<readonly EvaluationAnswer[]>;
  /** Ids of the processes that there are now. */
  pids(): readonly number[];
  /** Ends all processes; what has been asked for fails. */
  close(): Promise<void>;
}

/** Makes an evaluator. It starts no process before it is asked for something. */
export function createEvaluator(options: EvaluatorOptions = {}): Evaluator {
  return new LanedEvaluator(options);
}

/** How many slow expressions are remembered. */
const maxSlow = 1_000;

class LanedEvaluator implements Evaluator {
  readonly #quickQueue = new FairQueue();
  readonly #slowQueue = new FairQueue();
  readonly #quick: Lane;
  readonly #slow: readonly Lane[];
  readonly #slowOnes: Set<string> = new Set();
  readonly #options: Required<EvaluatorOptions>;
  #alone = 0;
  #closed = false;

  constructor(given: EvaluatorOptions) {
    this.#options = {
      limitMs: 1_000,
      patienceMs: 200,
      slowProcesses: 2,
      heapMb: 128,
      idleMs: 60_000,
      ...given,
    };
    const { limitMs, patienceMs, slowProcesses, heapMb, idleMs } = this.#options;
    const common = { heapMb, idleMs };
    this.#quick = new Lane({
      ...common,
      queue: this.#quickQueue,
      window: 64,
      patienceMs,
      spare: true,
      onStuck: (job, process) => this.#setApart(job, process),
      accepts: (job) => {
        const quick = !this.#isSlow(job.expressions);
        if (!quick) this.#addSlow(job);
        return quick;
      },
    });
    this.#slow = Array.from({ length: slowProcesses }, () => {
      return new Lane({
        ...common,
        queue: this.#slowQueue,
        window: 1,
        patienceMs: limitMs,
        spare: false,
        accepts: () => true,
        onStuck: (job, process) => {
          process.kill();
          job.fail(tooSlow);
        },
      });
    });
  }

  async evaluate(call: EvaluationCall): Promise<readonly EvaluationAnswer[]> {
    if (this.#closed) throw closedError();
    if (call.expressions.length === 0) return [];
    const job = new Job(call);
    if (!this.#isSlow(call.expressions)) {
      this.#quickQueue.add(job);
      this.#quick.wake();
      return job.answers;
    }
    const since = performance.now();
    this.#addSlow(job);
    const answers = await job.answers;
    // Quick again: it was the machine that was slow, or the input is another one.
    if (performance.now() - since < this.#options.patienceMs / 2)
      for (const expression of call.expressions) this.#slowOnes.delete(expression);
    return answers;
  }

  pids(): readonly number[] {
    return [this.#quick, ...this.#slow].flatMap(({ pids }) => pids);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const error = closedError();
    this.#quickQueue.reject(error);
    this.#slowQueue.reject(error);
    await Promise.all([this.#quick, ...this.#slow].map((lane) => lane.close(error)));
  }

  #isSlow(expressions: readonly string[]): boolean {
    return this.#slowOnes.size > 0 && expressions.some((expression) => this.#slowOnes.has(expression));
  }

  #addSlow(job: Job): void {
    if (this.#closed) return job.reject(closedError());
    job.restart();
    this.#slowQueue.add(job);
    for (const lane of this.#slow) if (lane.idle) lane.wake();
  }

  #setApart(job: Job, process: EvaluatorProcess): void {
    this.#remember(job.current);
    const { limitMs, patienceMs, slowProcesses } = this.#options;
    if (this.#alone >= slowProcesses) {
      process.kill();
      return this.#addSlow(job);
    }
    this.#alone += 1;
    letGoOnAlone(process, job, {
      limitMs,
      usedMs: patienceMs,
      onAgain: () => this.#addSlow(job),
      onOver: () => void (this.#alone -= 1),
    });
  }

  #remember(expression: string): void {
    this.#slowOnes.add(expression);
    for (const oldest of this.#slowOnes) {
      if (this.#slowOnes.size <= maxSlow) break;
      this.#slowOnes.delete(oldest);
    }
  }
}

function closedError(): StatesError {
  return new StatesError("States.Runtime", { cause: "The evaluator of JSONata expressions is closed" });
}
