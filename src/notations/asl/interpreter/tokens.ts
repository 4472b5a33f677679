/**
 * Task tokens: what a `.waitForTaskToken` task, or a task of a Step Functions activity, gives to whoever completes it.
 *
 * Invariants:
 * - A token is a function of the run and of recorded randomness: the same on every replay.
 * - A report for a token whose task is over is refused and leaves no trace.
 * - A report that was copied, or came along, from another run's history names that run, and is for the same task here.
 */
import { ApplicationError } from "../../../core/errors.ts";
import type { Json } from "../json.ts";
import { StatesError } from "../states-error.ts";
import { secretOfToken } from "../execution.ts";
import type { TaskReport } from "../execution.ts";
import type { World } from "./world.ts";

/** How a task ended; `again`: it is to be given out once more. */
export type Outcome = { readonly value: Json } | { readonly error: StatesError } | { readonly again: true };

interface Open {
  /** Set while nobody has taken the task of an activity. */
  take?: ((workerName: string | undefined) => string) | undefined;
  readonly settle: (outcome: Outcome) => void;
  readonly beat: () => void;
}

export class Tokens {
  readonly #runId: string;
  readonly #world: World;
  readonly #open: Map<string, Open> = new Map();
  readonly #over: Set<string> = new Set();

  constructor(runId: string, world: World) {
    this.#runId = runId;
    this.#world = world;
  }

  make(): string {
    return this.#text(this.#world.uuid());
  }

  #text(secret: string): string {
    return btoa(JSON.stringify([this.#runId, secret]));
  }

  /** The token as this run has made it, if it is one. */
  #own(token: string): string {
    const secret = secretOfToken(token);
    return secret === undefined ? token : this.#text(secret);
  }

  open(token: string, open: Open): void {
    this.#open.set(token, open);
  }

  close(token: string): void {
    this.#open.delete(token);
    this.#over.add(token);
  }

  /** @throws ApplicationError `TaskTimedOut` or `TaskDoesNotExist` */
  check(token: string): Open {
    const own = this.#own(token);
    const open = this.#open.get(own);
    if (open !== undefined) return open;
    throw new ApplicationError(this.#over.has(own) ? "TaskTimedOut" : "TaskDoesNotExist");
  }

  report(report: TaskReport): void {
    const open = this.check(report.taskToken);
    if (report.kind === "heartbeat") return open.beat();
    if (report.kind === "success") return open.settle({ value: JSON.parse(report.output) as Json });
    open.settle({ error: new StatesError(report.error, { cause: report.cause }) });
  }

  checkTake(token: string): void {
    if (this.check(token).take === undefined) throw new ApplicationError("TaskTimedOut");
  }

  take(token: string, workerName: string | undefined): { readonly input: string } {
    const open = this.check(token);
    const { take } = open;
    if (take === undefined) throw new ApplicationError("TaskTimedOut");
    open.take = undefined;
    return { input: take(workerName) };
  }
}
