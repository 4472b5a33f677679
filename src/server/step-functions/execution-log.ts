/**
 * Logs of executions in the shape in which AWS sends them to CloudWatch Logs (Developer Guide, "Using CloudWatch Logs to log execution history in Step
 * Functions"): one line of JSON per event, when the execution has ended. Children of a Distributed Map are logged with their execution.
 *
 * The machine's loggingConfiguration decides, whoever starts the execution: `ALL` logs everything, `ERROR` what failed, timed out or was aborted, `FATAL` only the end of an
 * execution that did so; without includeExecutionData inputs and outputs are left out.
 *
 * Invariant: an execution is logged at least once. A record says that it is to be logged, from before its start until its lines are written; whoever serves the store next goes
 * through these records. So a crash while lines are written writes them again, and nothing else does. What a task starts is started by its run, some time after the record
 * or never: the record stays until that is settled (see task-starts.ts).
 */
import { randomUUID } from "node:crypto";
import type { Client } from "../../client/client.ts";
import { DarumaError, DuplicateRunError } from "../../core/errors.ts";
import { type ExecutionInput, mapRunsQuery } from "../../notations/asl/execution.ts";
import { workflowName } from "../../notations/asl/execution.ts";
import type { CallOptions, ResolveCall } from "../../notations/asl/task-host.ts";
import type { Records } from "../../store/records.ts";
import { executionArn } from "./arn.ts";
import type { Revision } from "./documents.ts";
import { Events } from "./events.ts";
import { isLogged, lineOf, type Logging } from "./log-line.ts";
import type { MachineStore, Target } from "./machine-store.ts";
import type { ExecutionRuns } from "./runs.ts";
import { Shelf } from "./shelf.ts";
import { TaskStarts } from "./task-starts.ts";

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

/** A run that is to be logged, and how: the machine may have changed or be gone by then. */
interface Awaited {
  readonly runId: string;
  readonly logging: Logging;
  /** Set if it is for a task to start it. */
  readonly task?: Task | undefined;
}

/** A task that is about to start an execution. */
interface Task {
  /** The id of its run. */
  readonly starter: string;
  /** The same for every attempt. */
  readonly call: string;
  /** What the execution will be called. */
  readonly name: string;
}

type TaskStart = Pick<ResolveCall, "name" | "starter"> & Pick<CallOptions, "idempotencyKey">;

export class ExecutionLog {
  readonly #parts: LogParts;
  readonly #awaited: Shelf<Awaited>;
  readonly #taskStarts: TaskStarts;

  constructor(parts: LogParts) {
    this.#parts = parts;
    this.#awaited = new Shelf(parts.records, "step-functions/unlogged");
    this.#taskStarts = new TaskStarts(parts.client, parts.runs);
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
    const { machines } = this.#parts;
    const logging = loggingOf(await machines.revision(machine.arn, machine.revisionId ?? ""));
    if (logging === undefined) return await start();
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

  /** Takes note of an execution that a task is about to start, if its machine says so. Returns what the execution must be called: the same for each attempt of the task. */
  async announce({ machine, revision }: Target, start: TaskStart): Promise<string | undefined> {
    const logging = loggingOf(revision);
    if (logging === undefined) return undefined;
    const { starter, name = randomUUID() } = start;
    const runId = executionArn(machine.arn, name);
    // The run was there before, and its log is a matter of those who started it.
    if (await this.#parts.runs.exists(runId)) return undefined;
    const { createdAt } = await this.#parts.runs.describe(starter);
    // Names of executions can be used again when the runs are gone.
    const call = `${createdAt} ${start.idempotencyKey}`;
    const awaited = { runId, logging, task: { starter, call, name } };
    const noted = await this.#awaited.add(keyOf(awaited), awaited);
    if (noted === undefined) this.#follow(awaited);
    return (noted ?? awaited).task?.name;
  }

  /** Logs this run when it has ended. */
  #follow(awaited: Awaited): void {
    this.#logAtEnd(awaited).catch((error: unknown) => {
      // The server is being closed: the next one logs it.
      if (error instanceof DarumaError && error.code === "DRM-CLOSED") return;
      this.#parts.failed(error);
    });
  }

  async #logAtEnd(awaited: Awaited): Promise<void> {
    const { runId, logging } = awaited;
    if (await this.#isStarted(awaited)) {
      await this.#parts.runs.result(runId);
      await this.#log(runId, logging);
    }
    await this.#awaited.remove(keyOf(awaited));
  }

  async #isStarted({ runId, task }: Awaited): Promise<boolean> {
    if (task !== undefined) return await this.#taskStarts.happened(task.starter, runId);
    // One that is not there was never started: whoever was about to is gone.
    return await this.#parts.runs.exists(runId);
  }

  async #log(runId: string, logging: Logging): Promise<void> {
    const { client, runs, write } = this.#parts;
    const input = await runs.input(runId);
    for (const event of await new Events(client, runs).ofRun(runId))
      if (isLogged(event.type, logging.level)) await write(lineOf(event, logging, input));
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

function keyOf({ runId, task }: Awaited): string {
  return task === undefined ? runId : `task ${task.call}`;
}

/** Undefined: nothing is logged. */
function loggingOf(revision: Revision | undefined): Logging | undefined {
  const logging = revision?.loggingConfiguration as Logging | undefined;
  return logging?.level === "OFF" ? undefined : logging;
}
