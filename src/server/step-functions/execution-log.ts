/**
 * Logs of executions in the shape in which AWS sends them to CloudWatch Logs (Developer Guide, "Using CloudWatch Logs to log execution history in Step
 * Functions"): one line of JSON per event, when the execution has ended.
 *
 * The machine's loggingConfiguration decides: `ALL` logs everything, `ERROR` what failed, timed out or was aborted, `FATAL` only the end of an execution that did so;
 * without includeExecutionData inputs and outputs are left out. A log is no record: a crash between an end and its log loses the log.
 */
import type { Client } from "../../client/client.ts";
import { type HistoryEvent, workflowName } from "../../notations/asl/execution.ts";
import { Events } from "./events.ts";
import { withoutData } from "./history.ts";
import type { MachineStore } from "./machine-store.ts";
import type { ExecutionRuns } from "./runs.ts";

/** What a log is made from. */
export interface LogParts {
  readonly client: Client;
  readonly machines: MachineStore;
  readonly runs: ExecutionRuns;
  /** Takes a line, with its end. */
  readonly write: (line: string) => void;
  /** Told of what went wrong. */
  readonly failed: (error: unknown) => void;
}

interface Logging {
  readonly level: string;
  readonly includeExecutionData: boolean;
}

export class ExecutionLog {
  readonly #parts: LogParts;

  constructor(parts: LogParts) {
    this.#parts = parts;
  }

  /** Logs the executions that were running when the server began. */
  async resume(): Promise<void> {
    const filter = { workflow: workflowName, status: "running" } as const;
    for await (const { id } of this.#parts.client.list(filter)) this.follow(id);
  }

  /** Logs this run when it has ended. */
  follow(runId: string): void {
    this.#log(runId).catch(this.#parts.failed);
  }

  async #log(runId: string): Promise<void> {
    const { client, machines, runs, write } = this.#parts;
    const { machine, execution } = await runs.input(runId);
    const revision = await machines.revision(machine.arn, machine.revisionId ?? "");
    const { level, includeExecutionData } = (revision?.loggingConfiguration ?? { level: "OFF" }) as Logging;
    if (level === "OFF") return;
    await runs.result(runId);
    for (const event of await new Events(client, runs).ofRun(runId)) {
      if (!isLogged(event.type, level)) continue;
      const line = lineOf(includeExecutionData ? event : withoutData(event), execution);
      write(`${JSON.stringify(line)}\n`);
    }
  }
}

const ends = /^Execution(?:Aborted|Failed|TimedOut)$/u;
const troubles = /(?:Aborted|Failed|TimedOut|EvaluationFailed)$/u;

function isLogged(type: string, level: string): boolean {
  return level === "ALL" || (level === "FATAL" ? ends : troubles).test(type);
}

function lineOf(
  { id, previousEventId, timestamp, type, ...details }: HistoryEvent,
  { arn, redriveCount = 0 }: { readonly arn: string; readonly redriveCount?: number | undefined },
): object {
  const [own] = Object.values(details);
  return {
    id: String(id),
    type,
    details: own ?? {},
    previous_event_id: String(previousEventId),
    event_timestamp: String(timestamp),
    execution_arn: arn,
    redrive_count: String(redriveCount),
  };
}
