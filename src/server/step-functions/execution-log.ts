/**
 * Logs of executions in the shape in which AWS sends them to CloudWatch Logs (Developer Guide, "Using CloudWatch Logs to log execution history in Step
 * Functions"): one line of JSON per event, when the execution has ended. Children of a Distributed Map are logged with their execution.
 *
 * The machine's loggingConfiguration decides: `ALL` logs everything, `ERROR` what failed, timed out or was aborted, `FATAL` only the end of an execution that did so;
 * without includeExecutionData inputs and outputs are left out.
 *
 * Invariant: an execution is logged at least once. A record says that it is to be logged, from before its start until its lines are written; whoever serves the store next goes
 * through these records. So a crash while lines are written writes them again, and nothing else does.
 */
import type { Client } from "../../client/client.ts";
import { DuplicateRunError } from "../../core/errors.ts";
import { type ExecutionInput, type HistoryEvent, mapRunsQuery } from "../../notations/asl/execution.ts";
import { workflowName } from "../../notations/asl/execution.ts";
import type { Records } from "../../store/records.ts";
import { Events } from "./events.ts";
import { withoutData } from "./history.ts";
import type { MachineStore } from "./machine-store.ts";
import type { ExecutionRuns } from "./runs.ts";
import { Shelf } from "./shelf.ts";

/** Takes a line, with its end. A promise: resolves when it is written. */
export type WriteLine = (line: string) => void | Promise<void>;

/** What a log is made from. */
export interface LogParts {
  readonly client: Client;
  readonly records: Records;
  readonly machines: MachineStore;
  readonly runs: ExecutionRuns;
  readonly write: WriteLine;
  /** Told of what went wrong. */
  readonly failed: (error: unknown) => void;
}

interface Logging {
  readonly level: string;
  readonly includeExecutionData: boolean;
}

/** A run that is to be logged, and how: the machine may have changed or be gone by then. */
interface Awaited {
  readonly runId: string;
  readonly logging: Logging;
}

export class ExecutionLog {
  readonly #parts: LogParts;
  /** By the run's id. */
  readonly #awaited: Shelf<Awaited>;

  constructor(parts: LogParts) {
    this.#parts = parts;
    this.#awaited = new Shelf(parts.records, "step-functions/unlogged");
  }

  /** Logs what a server before this one has left. To be called before anything is started. */
  async resume(): Promise<void> {
    let after: string | undefined;
    do {
      const page = await this.#awaited.page({ after, limit: 100 });
      for (const one of page.items) this.#follow(one);
      after = page.next;
    } while (after !== undefined);
  }

  /** Starts a run that is to be logged if its machine says so. @throws what `start` throws */
  async launch(runId: string, { machine }: ExecutionInput, start: () => Promise<void>): Promise<void> {
    const logging = await this.#logging(machine);
    if (logging === undefined || logging.level === "OFF") return await start();
    const noted = (await this.#awaited.add(runId, { runId, logging })) === undefined;
    try {
      await start();
    } catch (error) {
      // The run was there before, and its log is a matter of those who started it.
      if (noted && error instanceof DuplicateRunError) await this.#awaited.remove(runId);
      throw error;
    }
    this.#follow({ runId, logging });
  }

  async #logging({ arn, revisionId = "" }: ExecutionInput["machine"]): Promise<Logging | undefined> {
    const revision = await this.#parts.machines.revision(arn, revisionId);
    return revision?.loggingConfiguration as Logging | undefined;
  }

  /** Logs this run when it has ended. */
  #follow(awaited: Awaited): void {
    this.#logAtEnd(awaited).catch(this.#parts.failed);
  }

  async #logAtEnd({ runId, logging }: Awaited): Promise<void> {
    const { runs } = this.#parts;
    // One that is not there was never started: whoever was about to is gone.
    if (await runs.exists(runId)) {
      await runs.result(runId);
      await this.#log(runId, logging);
    }
    await this.#awaited.remove(runId);
  }

  async #log(runId: string, logging: Logging): Promise<void> {
    const { client, runs, write } = this.#parts;
    const { execution } = await runs.input(runId);
    for (const event of await new Events(client, runs).ofRun(runId)) {
      if (!isLogged(event.type, logging.level)) continue;
      const line = lineOf(logging.includeExecutionData ? event : withoutData(event), execution);
      await write(`${JSON.stringify(line)}\n`);
    }
    await this.#logChildren(runId, logging);
  }

  /** The children that this run has started: those of an execution that was redriven belong to the run of their time. */
  async #logChildren(runId: string, logging: Logging): Promise<void> {
    const { client, runs } = this.#parts;
    const mapRuns = await client.get(runId).query(mapRunsQuery, {});
    if (mapRuns.length === 0) return;
    const { createdAt } = await client.get(runId).summary();
    const prefixes = mapRuns.map((mapRun) =>
      (mapRun["stateMachineArn"] as string).replace(":stateMachine:", ":execution:"),
    );
    for (const prefix of new Set(prefixes)) {
      const ids = [];
      const filter = { workflow: workflowName, idPrefix: `${prefix}:` };
      for await (const child of client.list(filter)) if (child.createdAt >= createdAt) ids.push(child.id);
      for (const id of ids.toReversed()) {
        const { mapRunArn } = await runs.input(id);
        if (mapRuns.some((mapRun) => mapRun["mapRunArn"] === mapRunArn)) await this.#log(id, logging);
      }
    }
  }
}

const ends = /^Execution(?:Aborted|Failed|TimedOut)$/u;
/** As AWS's table of levels has them. */
const troubles = /(?:Aborted|Failed|TimedOut)$|^FailStateEntered$/u;

function isLogged(type: string, level: string): boolean {
  return level === "ALL" || (level === "FATAL" ? ends : troubles).test(type);
}

function lineOf(
  { id, previousEventId, timestamp, type, ...details }: HistoryEvent,
  { arn, redriveCount = 0 }: ExecutionInput["execution"],
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
