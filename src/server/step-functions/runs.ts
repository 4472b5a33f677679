/**
 * The runs of an execution. The first has the execution's ARN as its id; each redrive adds one (`ARN#1`, …), which goes on where the one before it stood.
 *
 * Invariant: redrives are numbered without a hole, and nothing but their runs says how many there are. So a redrive is there or not, whatever crashes.
 */
import type { Client } from "../../client/client.ts";
import type { RunSummary } from "../../client/backend.ts";
import { RunFailedError, RunNotFoundError, RunTerminatedError } from "../../core/errors.ts";
import type { RunStarted } from "../../core/events.ts";
import type { ExecutionFailure, ExecutionInput } from "../../notations/asl/execution.ts";
import { workflowName } from "../../notations/asl/execution.ts";
import { decodePayload } from "../../core/payload.ts";
import { executionDoesNotExist } from "./api-error.ts";

/** Statuses of an execution as the API has them. */
export type ExecutionStatus =
  | "RUNNING"
  | "SUCCEEDED"
  | "FAILED"
  | "TIMED_OUT"
  | "ABORTED"
  | "PENDING_REDRIVE";

/** How an execution stands. */
export interface Outcome {
  readonly status: ExecutionStatus;
  readonly output?: string | undefined;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

const remembered = 2000;

/** So many tokens of redrives are remembered, and so long: AWS's figures ("RedriveExecution", clientToken). */
const rememberedTokens = 10;
const tokenMs = 15 * 60_000;

export class ExecutionRuns {
  readonly #client: Client;
  /** Inputs never change. */
  readonly #inputs: Map<string, ExecutionInput> = new Map();

  constructor(client: Client) {
    this.#client = client;
  }

  /** How often the execution was redriven. */
  async redriveCount(arn: string): Promise<number> {
    // Most were not; of some there are hundreds. So the steps grow until one goes too far, and shrink again.
    let known = 0;
    let step = 1;
    for (; await this.exists(`${arn}#${known + step}`); step *= 2) known += step;
    for (step /= 2; step >= 1; step /= 2) if (await this.exists(`${arn}#${known + step}`)) known += step;
    return known;
  }

  /** When the redrive of this `clientToken` was, if it was one of the last. */
  async repeated(
    arn: string,
    { token, now }: { readonly token: string; readonly now: number },
  ): Promise<number | undefined> {
    const last = await this.redriveCount(arn);
    for (let number = last; number > Math.max(0, last - rememberedTokens); number--) {
      const run = await this.describe(arn, `${arn}#${number}`);
      if (now - run.createdAt > tokenMs) return undefined;
      if ((await this.input(run.id)).redriveToken === token) return run.createdAt;
    }
    return undefined;
  }

  /** The ids of its runs, oldest first. */
  async ids(arn: string): Promise<readonly string[]> {
    const count = await this.redriveCount(arn);
    return Array.from({ length: count + 1 }, (_, number) => (number === 0 ? arn : `${arn}#${number}`));
  }

  /** The id of the run that moves it, or moved it last. */
  async latest(arn: string): Promise<string> {
    const count = await this.redriveCount(arn);
    return count === 0 ? arn : `${arn}#${count}`;
  }

  /** @throws ApiError ExecutionDoesNotExist */
  async describe(arn: string, runId: string = arn): Promise<RunSummary> {
    const found = await this.find(runId);
    if (found === undefined) throw executionDoesNotExist(arn);
    return found;
  }

  async exists(runId: string): Promise<boolean> {
    return (await this.find(runId)) !== undefined;
  }

  /** Undefined: there is no such run. */
  async find(runId: string): Promise<RunSummary | undefined> {
    try {
      return await this.#client.get(runId).summary();
    } catch (error) {
      if (error instanceof RunNotFoundError) return undefined;
      throw error;
    }
  }

  /** What the run was started with. @throws RunNotFoundError */
  async input(runId: string): Promise<ExecutionInput> {
    const known = this.#inputs.get(runId);
    if (known !== undefined) return known;
    const { input } = (await this.#beginning(runId)) ?? {};
    if (input === undefined) throw new RunNotFoundError({ runId });
    return this.#remember(runId, decodePayload(input) as ExecutionInput);
  }

  /** The id of the run that has started it; undefined: none has, or it is not there. */
  async starter(runId: string): Promise<string | undefined> {
    if (!(await this.exists(runId))) return undefined;
    return (await this.#beginning(runId))?.parent?.id;
  }

  /** @throws RunNotFoundError */
  async #beginning(runId: string): Promise<RunStarted | undefined> {
    for await (const event of this.#client.get(runId).history())
      return event.type === "run_started" ? event : undefined;
    return undefined;
  }

  #remember(runId: string, input: ExecutionInput): ExecutionInput {
    this.#inputs.set(runId, input);
    const [oldest] = this.#inputs.keys();
    if (this.#inputs.size > remembered && oldest !== undefined) this.#inputs.delete(oldest);
    return input;
  }

  /** Starts a run: of a new execution, or of a redrive. @throws DuplicateRunError when another operation has started it */
  async start(runId: string, input: ExecutionInput, options: StartOptions): Promise<void> {
    await this.#client.start<ExecutionInput, unknown>(workflowName, { id: runId, input, ...options });
    this.#remember(runId, input);
  }

  /** How a run stands. Asks for the result of closed runs only. */
  async outcome({ id, status }: Pick<RunSummary, "id" | "status">): Promise<Outcome> {
    switch (status) {
      case "running":
      case "continued_as_new":
        return { status: "RUNNING" };
      case "timed_out":
        return { status: "TIMED_OUT" };
      case "canceled":
        return { status: "ABORTED" };
      case "completed":
      case "failed":
      case "terminated":
        return await this.result(id);
    }
  }

  /** Waits until the run has closed. */
  async result(runId: string): Promise<Outcome> {
    try {
      return { status: "SUCCEEDED", output: (await this.#client.get(runId).result()) as string };
    } catch (error) {
      if (error instanceof RunTerminatedError) return { status: "ABORTED", ...reasonOf(error.reason) };
      if (error instanceof RunFailedError) return failed(error.cause);
      if (error instanceof Error && error.name === "RunTimedOutError") return { status: "TIMED_OUT" };
      if (error instanceof Error && error.name === "RunCanceledError") return { status: "ABORTED" };
      throw error;
    }
  }
}

interface StartOptions {
  readonly timeout?: number | undefined;
  readonly operation?: string | undefined;
}

/** The reason with which an execution's run is terminated. */
export function reasonText(error: string | undefined, cause: string | undefined): string {
  return JSON.stringify({ error, cause });
}

/** Runs can be terminated by other means too: their reason is the cause then. */
function reasonOf(reason: string | undefined): ExecutionFailure {
  if (reason === undefined || reason === "") return {};
  try {
    const { error, cause } = JSON.parse(reason) as ExecutionFailure;
    return { error, cause };
  } catch {
    return { cause: reason };
  }
}

function failed(cause: unknown): Outcome {
  const details = (cause as { readonly details?: ExecutionFailure } | undefined)?.details;
  if (typeof details === "object") {
    const { error, cause: text, timedOut = false } = details;
    return { status: timedOut ? "TIMED_OUT" : "FAILED", error, cause: text };
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  return { status: "FAILED", error: "States.Runtime", cause: message };
}
