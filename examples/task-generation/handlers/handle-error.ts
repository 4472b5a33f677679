/**
 * HandleError: writes an error down, and prepares what the state machine says about it. Three places call it: MarkActionFailed for one action, and the
 * two error handlers, HandleValidationError and HandleWorkflowError, for the whole execution.
 */
import type { Application } from "../application.ts";
import { closeExecution, findExecution, nameOf } from "../database/executions.ts";
import type { ExecutionRow } from "../database/executions.ts";
import { firstAttemptAt } from "../database/generations.ts";
import { releaseGoal } from "../database/goals.ts";
import { countResults, failedActions, recordResult } from "../database/results.ts";
import type { Sql } from "../database/sql.ts";
import { isRetryable } from "../errors.ts";
import type { ActionOutcome, ExecutionFacts, WorkflowOutput } from "../types.ts";
import { ended } from "./ended.ts";
import type { Ended } from "./ended.ts";
import { errorInput, read } from "./inputs.ts";
import type { Caught, ErrorInput } from "./inputs.ts";

type OfAction = Extract<ErrorInput, { scope: "action" }>;
type OfExecution = Exclude<ErrorInput, OfAction>;

export function handleError(app: Application, given: unknown): Promise<ActionOutcome | Ended> {
  const input = read(errorInput, given);
  return input.scope === "action" ? ofAction(app, input) : ofExecution(app, input);
}

async function ofAction(app: Application, input: OfAction): Promise<ActionOutcome> {
  const { executionArn, goalId, userId, batch, actionId, error } = input;
  const now = app.now();
  const message = messageOf(error);
  const { startedAt, isNew } = await app.database.transaction(async (sql) => {
    const begun = await firstAttemptAt(sql, { executionArn, actionId }, now);
    const result = { executionArn, actionId, batch, startedAt: begun, finishedAt: now };
    const failed = { ...result, status: "failed", error: error.Error, message } as const;
    return { startedAt: begun, isNew: await recordResult(sql, failed) };
  });
  const details = { actionId, batch, error: error.Error, message, retryable: isRetryable(error.Error) };
  app.log("ERROR", "action_failed", { facts: { executionArn, goalId, userId }, details });
  if (isNew)
    app.emit({ ActionProcessingTime: now - startedAt, ActionFailureRate: 100 }, { executionArn, actionId });
  return { actionId, status: "failed" };
}

/** The execution ends here. What was saved stays saved; an execution that was refused at validation has no row and never had the goal. */
async function ofExecution(app: Application, input: OfExecution): Promise<Ended> {
  const { executionArn, error } = input;
  const asked = Object(input.input) as { goalId?: unknown; userId?: unknown };
  const facts = { executionArn, goalId: text(asked.goalId), userId: text(asked.userId) };
  const now = app.now();
  const output = await app.database.transaction(async (sql) => {
    const row = await findExecution(sql, executionArn);
    if (row?.output === undefined || row.output === null)
      return close(sql, { facts, error, now, row, input });
    return JSON.parse(row.output) as WorkflowOutput;
  });
  return ended(app, { facts, output, error: error.Error, isNew: true });
}

async function close(
  sql: Sql,
  end: {
    readonly facts: ExecutionFacts;
    readonly error: Caught;
    readonly now: number;
    readonly row: ExecutionRow | undefined;
    readonly input: OfExecution;
  },
): Promise<WorkflowOutput> {
  const { facts, error, now, row, input } = end;
  const { executionArn, goalId } = facts;
  const { succeeded, failed } = await countResults(sql, executionArn);
  const output: WorkflowOutput = {
    goalId,
    executionArn,
    status: "FAILED",
    successCount: succeeded,
    failedCount: failed,
    failedActions: await failedActions(sql, executionArn),
    duration: now - input.startedAt,
    error: `${error.Error}: ${messageOf(error)}`,
  };
  if (row === undefined) return output;
  const status = succeeded > 0 ? "partial" : "failed";
  await closeExecution(sql, executionArn, {
    status: "failed",
    completedAt: now,
    output,
    error: output.error ?? "",
  });
  await releaseGoal(sql, goalId, { run: nameOf(executionArn), now, status });
  return output;
}

/** What the function said: AWS and Daruma put it into JSON, with the stack beside it. */
function messageOf({ Cause }: Caught): string {
  try {
    const { errorMessage } = Object(JSON.parse(Cause)) as { errorMessage?: unknown };
    return typeof errorMessage === "string" ? errorMessage : Cause;
  } catch {
    return Cause;
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
