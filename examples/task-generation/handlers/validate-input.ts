/** ValidateInput: the goal exists and is the user's, every action is the goal's, nobody else works on it; then the goal is this execution's. */
import type { Application } from "../application.ts";
import { beginExecution, nameOf } from "../database/executions.ts";
import { findActions, findGoal, takeGoal } from "../database/goals.ts";
import type { Sql } from "../database/sql.ts";
import { GoalBusyError, PermissionError, ValidationError } from "../errors.ts";
import type { ExecutionFacts, WorkflowInput } from "../types.ts";
import { batchSize } from "./create-batches.ts";
import { read, startInput, workflowInput } from "./inputs.ts";

/** What the rest of the state machine works with. */
export interface Validated extends ExecutionFacts {
  readonly actionIds: readonly string[];
}

/** @throws ValidationError, PermissionError, GoalBusyError */
export async function validateInput(app: Application, given: unknown): Promise<Validated> {
  const { executionArn, startedAt, input } = read(startInput, given);
  const request = read(workflowInput, input);
  const facts = { executionArn, goalId: request.goalId, userId: request.userId };
  await app.database.transaction(async (sql) => {
    await checkRequest(sql, request);
    const now = app.now();
    if (!(await takeGoal(sql, request.goalId, { run: nameOf(executionArn), now })))
      throw new GoalBusyError(`Goal ${request.goalId} is being worked on by another execution`);
    await beginExecution(sql, facts, { total: request.actionIds.length, startedAt });
  });
  const actionCount = request.actionIds.length;
  const { name, note } = app.generator;
  const details = { actionCount, batchCount: Math.ceil(actionCount / batchSize), generator: name, note };
  app.log("INFO", "workflow_started", { facts, details });
  return { ...facts, actionIds: request.actionIds };
}

/** What must be true of a request, whoever makes it. @throws ValidationError, PermissionError */
export async function checkRequest(sql: Sql, { goalId, userId, actionIds }: WorkflowInput): Promise<void> {
  const goal = await findGoal(sql, goalId);
  if (goal === undefined) throw new ValidationError(`Goal ${goalId} does not exist`);
  if (goal.userId !== userId) throw new PermissionError(`Goal ${goalId} does not belong to user ${userId}`);
  const known = new Set((await findActions(sql, goalId, actionIds)).map(({ id }) => id));
  const strange = actionIds.filter((id) => !known.has(id));
  if (strange.length > 0)
    throw new ValidationError(`These actions do not belong to goal ${goalId}: ${strange.join(", ")}`);
}
