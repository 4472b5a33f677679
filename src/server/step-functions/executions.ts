/** Executions: descriptions of them, their events, their end. The operations of the API are thin shells around this. */
import type { Client } from "../../client/client.ts";
import type { RunSummary } from "../../client/backend.ts";
import { isClosed } from "../../core/status.ts";
import type { ExecutionInput } from "../../notations/asl/execution.ts";
import { workflowName } from "../../notations/asl/execution.ts";
import type { Records } from "../../store/records.ts";
import { ExecutionRuns, type Outcome, reasonText } from "./runs.ts";

/** An execution, as its runs tell it. Times in epoch milliseconds. */
export interface ExecutionView {
  readonly arn: string;
  readonly input: ExecutionInput;
  readonly outcome: Outcome;
  readonly startedAt: number;
  readonly stoppedAt: number | undefined;
  readonly redrives: readonly number[];
}

export class Executions {
  readonly runs: ExecutionRuns;
  readonly #client: Client;

  constructor(client: Client, records: Records) {
    this.#client = client;
    this.runs = new ExecutionRuns(client, records);
  }

  /** @throws ApiError ExecutionDoesNotExist */
  async view(arn: string): Promise<ExecutionView> {
    const first = await this.runs.describe(arn);
    return await this.viewOf(first);
  }

  /** The execution whose first run is `first`. */
  async viewOf(first: RunSummary): Promise<ExecutionView> {
    const { id: arn, createdAt } = first;
    const redrives = isClosed(first.status) ? await this.runs.redriveDates(arn) : [];
    const last = redrives.length === 0 ? first : await this.runs.describe(arn, await this.runs.latest(arn));
    return {
      arn,
      input: await this.runs.input(arn),
      outcome: await this.runs.outcome(last),
      startedAt: createdAt,
      stoppedAt: last.closedAt,
      redrives,
    };
  }

  /** Ends an execution that is running; resolves when it has ended. Returns when that was, in epoch milliseconds. @throws ApiError ExecutionDoesNotExist */
  async stop(arn: string, error: string | undefined, cause: string | undefined): Promise<number | undefined> {
    const runId = await this.runs.latest(arn);
    const before = await this.runs.describe(arn, runId);
    if (isClosed(before.status)) return before.closedAt;
    const handle = this.#client.get(runId);
    await handle.terminate(reasonText(error, cause)).catch(async (refused: unknown) => {
      if (!isClosed((await handle.summary()).status)) throw refused;
    });
    await this.runs.result(runId);
    return (await handle.summary()).closedAt;
  }

  /** Ends all executions of a machine. */
  async stopAll(machineArn: string): Promise<void> {
    const idPrefix = `${machineArn.replace(":stateMachine:", ":execution:")}:`;
    for await (const { id } of this.#client.list({ workflow: workflowName, status: "running", idPrefix }))
      await this.stop(id.replace(/#\d+$/u, ""), undefined, undefined);
  }
}
