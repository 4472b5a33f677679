/** Work for a process: a call's line, the answers that have come, and who waits for them. */
import { tooLarge } from "../../notations/asl/jsonata/limits.ts";
import type { EvaluationAnswer, EvaluationCall } from "../../notations/asl/task-host.ts";

/** Signals that come from outside. A process that runs out of memory or stack ends with another one. */
const outsideSignals: ReadonlySet<string> = new Set(["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"]);

/** How often a job is tried again after such a signal: whoever kills processes for their memory sends one too. */
const maxEnds = 2;

export class Job {
  readonly expressions: readonly string[];
  readonly line: string;
  readonly answers: Promise<readonly EvaluationAnswer[]>;
  #given: EvaluationAnswer[] = [];
  #ends = 0;
  #resolve!: (answers: readonly EvaluationAnswer[]) => void;
  #reject!: (error: Error) => void;

  constructor(call: EvaluationCall) {
    this.expressions = call.expressions;
    this.line = JSON.stringify(call);
    this.answers = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** The expression at work, or the next one. */
  get current(): string {
    return this.expressions[this.#given.length] ?? "";
  }

  /** The answer to the expression at work. True: that was the last one. */
  answer(answer: EvaluationAnswer): boolean {
    this.#given.push(answer);
    if (this.#given.length < this.expressions.length) return false;
    this.#resolve(this.#given);
    return true;
  }

  /** The expression at work fails, and with it whoever asked: what comes after it is not evaluated. */
  fail(error: string): void {
    while (!this.answer({ error }));
  }

  /** It begins again in another process. */
  restart(): void {
    this.#given = [];
  }

  /** Its process has ended. True: it may be tried again. */
  survives(reason: string): boolean {
    if (outsideSignals.has(reason) && ++this.#ends <= maxEnds) return true;
    this.fail(tooLarge);
    return false;
  }

  reject(error: Error): void {
    this.#reject(error);
  }
}

/** A queue in which each expression has its turn: one of which there is much does not keep the others waiting. */
export class FairQueue {
  readonly #turns: Map<string, Job[]> = new Map();
  size = 0;

  add(job: Job): void {
    const key = job.expressions.join("\n");
    const jobs = this.#turns.get(key);
    if (jobs === undefined) this.#turns.set(key, [job]);
    else jobs.push(job);
    this.size += 1;
  }

  take(): Job | undefined {
    const [first] = this.#turns;
    if (first === undefined) return undefined;
    const [key, jobs] = first;
    const job = jobs.shift();
    this.#turns.delete(key);
    if (jobs.length > 0) this.#turns.set(key, jobs);
    this.size -= 1;
    return job;
  }

  /** Gives up everything. */
  reject(error: Error): void {
    for (let job = this.take(); job !== undefined; job = this.take()) job.reject(error);
  }
}
