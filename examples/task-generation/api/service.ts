/**
 * Starting, watching, canceling and listing executions.
 *
 * A goal has at most one execution: the row and the hold on the goal are written in one transaction, before the run is started. The state machine
 * closes its own row when it ends; a run that was stopped from outside (canceled, out of time) cannot, so this closes it as soon as the run has ended.
 */
import { randomUUID } from "node:crypto";
import type { Application } from "../application.ts";
import { beginExecution, closeExecution, findByName, listExecutions } from "../database/executions.ts";
import type { ExecutionRow, ExecutionStatus, HistoryFilter } from "../database/executions.ts";
import { releaseGoal, takeGoal } from "../database/goals.ts";
import { countResults } from "../database/results.ts";
import { GoalBusyError } from "../errors.ts";
import { checkRequest } from "../handlers/validate-input.ts";
import { read, workflowInput } from "../handlers/inputs.ts";
import { estimate } from "../progress.ts";
import { NotFoundError, NotRunningError } from "./refusals.ts";
import { showExecution } from "./show.ts";
import type { ExecutionView } from "./show.ts";
import type { RunEnd, Runs } from "./runs.ts";

/** Ids of runs that were started here begin like this. */
const prefix = "api-";

const statuses: Readonly<Record<RunEnd, Exclude<ExecutionStatus, "running">>> = {
  completed: "succeeded",
  failed: "failed",
  canceled: "canceled",
  timed_out: "timed_out",
  terminated: "canceled",
};

export class ExecutionService {
  readonly #app: Application;
  readonly #runs: Runs;
  readonly #watched: Set<string> = new Set();

  constructor(app: Application, runs: Runs) {
    this.#app = app;
    this.#runs = runs;
  }

  /** @throws ValidationError, PermissionError, GoalBusyError */
  async start(body: unknown): Promise<ExecutionView> {
    const { database, now } = this.#app;
    const input = read(workflowInput, body);
    const { goalId, userId, actionIds } = input;
    const id = `${prefix}${randomUUID()}`;
    const executionArn = this.#runs.arnOf(id);
    await database.transaction(async (sql) => {
      await checkRequest(sql, input);
      if (!(await takeGoal(sql, goalId, { run: id, now: now() })))
        throw new GoalBusyError(`Goal ${goalId} is being worked on already`);
      const begin = { total: actionIds.length, startedAt: now() };
      await beginExecution(sql, { executionArn, goalId, userId }, begin);
    });
    try {
      await this.#runs.start(id, input);
    } catch (error) {
      await this.#close(await this.#row(id), "failed", "It could not be started");
      throw error;
    }
    this.#watch(id);
    return this.status(id);
  }

  /** @throws NotFoundError */
  async status(id: string): Promise<ExecutionView> {
    const row = await this.#row(id);
    const counts = await countResults(this.#app.database, row.executionArn);
    return showExecution(row, estimate(counts, row.total));
  }

  /** Asks the run to stop, and waits until it has. What was saved is kept. @throws NotFoundError, NotRunningError */
  async cancel(id: string): Promise<ExecutionView> {
    const row = await this.#row(id);
    if (row.status !== "running") throw new NotRunningError(`Execution ${id} is over: ${row.status}`);
    if ((await this.#runs.status(id)) === undefined)
      throw new NotRunningError(`Execution ${id} was not started here and cannot be canceled here`);
    await this.#runs.cancel(id);
    await this.#closeAfter(id, await this.#runs.ended(id));
    return this.status(id);
  }

  /** Newest first. */
  async history(filter: HistoryFilter): Promise<readonly ExecutionView[]> {
    const rows = await listExecutions(this.#app.database, filter);
    return Promise.all(
      rows.map(async (row) =>
        showExecution(row, estimate(await countResults(this.#app.database, row.executionArn), row.total)),
      ),
    );
  }

  /** After a start of this process: closes the rows of runs that ended without it, and goes on watching the others. */
  async recover(): Promise<void> {
    const running = { status: "running" as const, limit: 1000, offset: 0 };
    for (const row of await listExecutions(this.#app.database, running)) {
      const status = await this.#runs.status(row.name);
      if (status === undefined && row.name.startsWith(prefix))
        await this.#close(row, "failed", "The process ended before it could be started");
      else if (status !== undefined) this.#watch(row.name);
    }
  }

  #watch(id: string): void {
    if (this.#watched.has(id)) return;
    this.#watched.add(id);
    void this.#runs
      .ended(id)
      .then((end) => this.#closeAfter(id, end))
      .catch(() => undefined) // The engine is being closed: the next process watches again.
      .finally(() => this.#watched.delete(id));
  }

  async #closeAfter(id: string, end: RunEnd): Promise<void> {
    await this.#close(await this.#row(id), statuses[end], `The run has ended: ${end}`);
  }

  /** Closes a row that is open still, and lets go of its goal. */
  async #close(row: ExecutionRow, status: Exclude<ExecutionStatus, "running">, error: string): Promise<void> {
    const { executionArn, goalId, name } = row;
    const { database, now } = this.#app;
    await database.transaction(async (sql) => {
      const { succeeded } = await countResults(sql, executionArn);
      await closeExecution(sql, executionArn, { status, completedAt: now(), error });
      const goal = succeeded > 0 ? "partial" : "failed";
      await releaseGoal(sql, goalId, { run: name, now: now(), status: goal });
    });
  }

  async #row(id: string): Promise<ExecutionRow> {
    const row = await findByName(this.#app.database, id);
    if (row === undefined) throw new NotFoundError(`There is no execution ${id}`);
    return row;
  }
}
