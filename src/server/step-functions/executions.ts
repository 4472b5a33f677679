/** Executions: descriptions of them, their events, their end. The operations of the API are thin shells around this. */
import type { Client } from "../../client/client.ts";
import type { RunSummary } from "../../client/backend.ts";
import { isClosed } from "../../core/status.ts";
import type { ExecutionInput } from "../../notations/asl/execution.ts";
import { mapRunsQuery, workflowName } from "../../notations/asl/execution.ts";
import { ExecutionRuns, type Outcome, reasonText } from "./runs.ts";

/** An execution, as its runs tell it. Times in epoch milliseconds. */
export interface ExecutionView {
  readonly arn: string;
  readonly input: ExecutionInput;
  readonly outcome: Outcome;
  readonly startedAt: number;
  readonly stoppedAt: number | undefined;
  readonly redriveCount: number;
  /** When it was redriven last. */
  readonly redrivenAt: number | undefined;
}

export class Executions {
  readonly runs: ExecutionRuns;
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
    this.runs = new ExecutionRuns(client);
  }

  /** @throws ApiError ExecutionDoesNotExist */
  async view(arn: string): Promise<ExecutionView> {
    const first = await this.runs.describe(arn);
    return await this.viewOf(first);
  }

  /** The execution whose first run is `first`. */
  async viewOf(first: RunSummary): Promise<ExecutionView> {
    const { id: arn, createdAt } = first;
    const redriveCount = isClosed(first.status) ? await this.runs.redriveCount(arn) : 0;
    const last = redriveCount === 0 ? first : await this.runs.describe(arn, `${arn}#${redriveCount}`);
    const input = await this.runs.input(arn);
    const outcome = await this.runs.outcome(last);
    return {
      arn,
      input,
      outcome: (await this.#isPendingRedrive(input, last, outcome))
        ? { ...outcome, status: "PENDING_REDRIVE" }
        : outcome,
      startedAt: createdAt,
      stoppedAt: last.closedAt,
      redriveCount,
      redrivenAt: redriveCount === 0 ? undefined : last.createdAt,
    };
  }

  /** True for a child of a map run that did not succeed, while its map run is redriven and has not come to it. */
  async #isPendingRedrive(
    { mapRunArn, parentArn }: ExecutionInput,
    last: RunSummary,
    { status }: Outcome,
  ): Promise<boolean> {
    if (parentArn === undefined || status === "RUNNING" || status === "SUCCEEDED") return false;
    const parent = await this.runs.find(await this.runs.latest(parentArn));
    if (parent === undefined || isClosed(parent.status)) return false;
    const mapRuns = await this.#client.get(parent.id).query(mapRunsQuery, {});
    const mapRun = mapRuns.find((one) => one["mapRunArn"] === mapRunArn);
    return mapRun?.["status"] === "RUNNING" && Number(mapRun["redriveDate"] ?? 0) > last.createdAt;
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
