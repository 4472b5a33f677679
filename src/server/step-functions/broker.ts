/**
 * Where tasks of activities wait for workers, and workers for tasks.
 *
 * Invariants:
 * - Tasks of an activity are handed out oldest first, each to one worker; workers that wait are served in the order in which they came.
 * - A worker that has gone away takes nothing.
 * - Nothing is kept here that must not be lost: a task is offered by its run, again after a crash, until the run itself has noted that it was taken.
 */
import type { OfferCall } from "../../notations/asl/task-host.ts";

/** A task that a worker has taken. */
export interface TakenTask {
  readonly taskToken: string;
  /** JSON text. */
  readonly input: string;
}

/** One worker's request. */
export interface Poll {
  readonly activityArn: string;
  readonly waitMs: number;
  /** Aborted when the worker has gone away. */
  readonly signal: AbortSignal;
  /** Has the task's run note that it was taken; undefined: it cannot be taken any more. */
  readonly take: (taskToken: string) => Promise<{ readonly input: string } | undefined>;
}

interface Desk {
  /** Tokens, oldest first. */
  readonly tokens: Set<string>;
  readonly waiting: Set<() => void>;
  /** How many workers ask, waiting or not. */
  polls: number;
}

export class ActivityBroker {
  readonly #desks: Map<string, Desk> = new Map();

  /** Holds a task out until the signal is aborted. */
  async offer(
    { activityArn, taskToken }: OfferCall,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<void> {
    if (signal.aborted) return;
    const desk = this.#desk(activityArn);
    desk.tokens.add(taskToken);
    this.#call(desk);
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    desk.tokens.delete(taskToken);
    this.#tidy(activityArn, desk);
  }

  /** The oldest task that can be taken; undefined if none came in time. */
  async poll({ activityArn, waitMs, signal, take }: Poll): Promise<TakenTask | undefined> {
    const desk = this.#desk(activityArn);
    desk.polls++;
    const ended = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
    try {
      for (;;) {
        const token = await nextToken(desk, ended);
        if (token === undefined) return undefined;
        const taken = await this.#take(desk, token, take);
        if (taken !== undefined) return { taskToken: token, input: taken.input };
      }
    } finally {
      desk.polls--;
      // A worker that was woken, and has gone away or has taken another task, leaves what is there to the next one.
      if (desk.tokens.size > 0) this.#call(desk);
      this.#tidy(activityArn, desk);
    }
  }

  async #take(
    desk: Desk,
    token: string,
    take: Poll["take"],
  ): Promise<{ readonly input: string } | undefined> {
    try {
      return await take(token);
    } catch (error) {
      // The run could not be asked: the task waits for the next worker.
      desk.tokens.add(token);
      this.#call(desk);
      throw error;
    }
  }

  #desk(activityArn: string): Desk {
    const desk = this.#desks.get(activityArn) ?? { tokens: new Set(), waiting: new Set(), polls: 0 };
    this.#desks.set(activityArn, desk);
    return desk;
  }

  /** Wakes the worker that has waited longest. */
  #call({ waiting }: Desk): void {
    const [first] = waiting;
    if (first === undefined) return;
    // The next task wakes the next one.
    waiting.delete(first);
    first();
  }

  #tidy(activityArn: string, desk: Desk): void {
    const idle = desk.tokens.size === 0 && desk.polls === 0;
    if (idle && this.#desks.get(activityArn) === desk) this.#desks.delete(activityArn);
  }
}

/** Takes the oldest token off the desk, when there is one; undefined when the wait has ended. */
async function nextToken(desk: Desk, ended: AbortSignal): Promise<string | undefined> {
  while (!ended.aborted) {
    const [token] = desk.tokens;
    if (token !== undefined) {
      desk.tokens.delete(token);
      return token;
    }
    await arrival(desk, ended);
  }
  return undefined;
}

async function arrival({ waiting }: Desk, ended: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  waiting.add(resolve);
  ended.addEventListener("abort", () => resolve(), { once: true });
  await promise;
  waiting.delete(resolve);
}
