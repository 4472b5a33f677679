/**
 * Who waits in this process for the answers of updates.
 *
 * Invariant: everyone who waits is told once: the answer when it is durable, or why none will come here (C1).
 */
import type { UpdateCompleted } from "../core/events.ts";
import { fromFailure } from "../core/failure.ts";
import type { Answering } from "./delivery.ts";

/** Those who wait, by run and operation. */
export class UpdateAnswers {
  readonly #runs: Map<number, Map<string, Answering[]>> = new Map();

  /** One more waits; repeats of an operation wait together. */
  add(key: number, operation: string, answer: Answering): void {
    const run = this.#runs.get(key) ?? new Map<string, Answering[]>();
    this.#runs.set(key, run);
    const waiting = run.get(operation) ?? [];
    waiting.push(answer);
    run.set(operation, waiting);
  }

  /** Takes all who wait for an operation out, as one. */
  take(key: number, operation: string): Answering | undefined {
    const run = this.#runs.get(key);
    const waiting = run?.get(operation);
    if (run === undefined || waiting === undefined) return undefined;
    run.delete(operation);
    if (run.size === 0) this.#runs.delete(key);
    return together(waiting);
  }

  /** The update is done, and that is durable. */
  completed(key: number, event: UpdateCompleted): void {
    const answer = this.take(key, event.operation);
    if (answer !== undefined) settle(answer, event);
  }

  /** The runs that somebody waits for. */
  keys(): Iterable<number> {
    return this.#runs.keys();
  }

  /** True if somebody waits for an update of this run. Ask before making an error for nobody: errors are expensive. */
  awaited(key: number): boolean {
    return this.#runs.has(key);
  }

  /** No update of this run will be answered here. */
  reject(key: number, error: Error): void {
    const run = this.#runs.get(key);
    this.#runs.delete(key);
    for (const waiting of run?.values() ?? []) for (const { reject } of waiting) reject(error);
  }

  /** The run was never born: its updates are for whoever has its id. */
  again(key: number): void {
    const run = this.#runs.get(key);
    this.#runs.delete(key);
    for (const waiting of run?.values() ?? []) for (const { again } of waiting) again();
  }

  /** No update will be answered here. */
  rejectAll(error: Error): void {
    for (const key of this.#runs.keys()) this.reject(key, error);
  }
}

/** Passes on what an update came to. */
export function settle(answer: Answering, { failure, result }: UpdateCompleted): void {
  if (failure === undefined) answer.resolve(result);
  else answer.reject(fromFailure(failure));
}

function together(waiting: readonly Answering[]): Answering {
  return {
    resolve: (result) => waiting.forEach(({ resolve }) => resolve(result)),
    reject: (error) => waiting.forEach(({ reject }) => reject(error)),
    again: () => waiting.forEach(({ again }) => again()),
  };
}
