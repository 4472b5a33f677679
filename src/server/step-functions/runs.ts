/**
 * The runs of an execution. The first has the execution's ARN as its id; each redrive adds one (`ARN#1`, …), which goes on where the one before it stood.
 * A record says how many there are.
 *
 * Invariant: a redrive's run is started before the record names it, under an operation that makes a repeat of the start the same start. So a crash between the two is
 * mended by asking again.
 */
import type { Client } from "../../client/client.ts";
import type { RunSummary } from "../../client/backend.ts";
import {
  DuplicateRunError,
  RunFailedError,
  RunNotFoundError,
  RunTerminatedError,
} from "../../core/errors.ts";
import type { Records } from "../../store/records.ts";
import type { ExecutionFailure, ExecutionInput } from "../../notations/asl/execution.ts";
import { workflowName } from "../../notations/asl/execution.ts";
import { decodePayload } from "../../core/payload.ts";
import { executionDoesNotExist } from "./api-error.ts";
import { Shelf } from "./shelf.ts";

/** Statuses of an execution as the API has them. */
export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

/** How an execution stands. */
export interface Outcome {
  readonly status: ExecutionStatus;
  readonly output?: string | undefined;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

interface Redrives {
  /** Epoch milliseconds, oldest first. */
  readonly dates: readonly number[];
  /** `clientToken` of the last one. */
  readonly token?: string | undefined;
}

const remembered = 2000;

export class ExecutionRuns {
  readonly #client: Client;
  readonly #redrives: Shelf<Redrives>;
  /** Inputs never change. */
  readonly #inputs: Map<string, ExecutionInput> = new Map();

  constructor(client: Client, records: Records) {
    this.#client = client;
    this.#redrives = new Shelf(records, "step-functions/redrives");
  }

  /** When the execution was redriven, oldest first, in epoch milliseconds. */
  async redriveDates(arn: string): Promise<readonly number[]> {
    if (isChildOfMapRun(arn)) return await this.#childRedrives(arn);
    return (await this.#redrives.get(arn))?.dates ?? [];
  }

  /** Children are redriven by their map run, which keeps no record: their runs tell. */
  async #childRedrives(arn: string): Promise<readonly number[]> {
    const dates: number[] = [];
    for (;;) {
      const run = await this.#find(`${arn}#${dates.length + 1}`);
      if (run === undefined) return dates;
      dates.push(run.createdAt);
    }
  }

  /** When the redrive of this `clientToken` was, if it was the last one. */
  async repeated(arn: string, token: string): Promise<number | undefined> {
    const known = await this.#redrives.get(arn);
    return known?.token === token ? known.dates.at(-1) : undefined;
  }

  /** The ids of its runs, oldest first. */
  async ids(arn: string): Promise<readonly string[]> {
    const dates = await this.redriveDates(arn);
    return [arn, ...dates.map((_, index) => `${arn}#${index + 1}`)];
  }

  /** The id of the run that moves it, or moved it last. */
  async latest(arn: string): Promise<string> {
    return (await this.ids(arn)).at(-1) ?? arn;
  }

  /** @throws ApiError ExecutionDoesNotExist */
  async describe(arn: string, runId: string = arn): Promise<RunSummary> {
    const found = await this.#find(runId);
    if (found === undefined) throw executionDoesNotExist(arn);
    return found;
  }

  async #find(runId: string): Promise<RunSummary | undefined> {
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
    for await (const event of this.#client.get(runId).history()) {
      if (event.type !== "run_started" || event.input === undefined) break;
      return this.#remember(runId, decodePayload(event.input) as ExecutionInput);
    }
    throw new RunNotFoundError({ runId });
  }

  #remember(runId: string, input: ExecutionInput): ExecutionInput {
    this.#inputs.set(runId, input);
    const [oldest] = this.#inputs.keys();
    if (this.#inputs.size > remembered && oldest !== undefined) this.#inputs.delete(oldest);
    return input;
  }

  /** Starts the run of a new execution. @throws DuplicateRunError */
  async start(runId: string, input: ExecutionInput, options: StartOptions): Promise<void> {
    await this.#client.start<ExecutionInput, unknown>(workflowName, { id: runId, input, ...options });
    this.#remember(runId, input);
  }

  /** Starts redrive number `number` and notes it. */
  async redrive(
    arn: string,
    input: ExecutionInput,
    { number, date, timeout, token }: Redrive,
  ): Promise<void> {
    const options = { operation: `redrive ${number}`, timeout };
    await this.start(`${arn}#${number}`, input, options).catch((error: unknown) => {
      // Another request was faster, or the process died before it was noted.
      if (!(error instanceof DuplicateRunError)) throw error;
    });
    if ((await this.#redrives.add(arn, { dates: [date], token })) === undefined) return;
    await this.#redrives.change(arn, (before) =>
      before.dates.length >= number ? before : { dates: [...before.dates, date], token },
    );
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

interface Redrive {
  readonly number: number;
  /** Epoch milliseconds. */
  readonly date: number;
  readonly timeout: number | undefined;
  readonly token: string | undefined;
}

/** `execution:MACHINE/LABEL:ID` */
function isChildOfMapRun(arn: string): boolean {
  return arn.includes("/");
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
