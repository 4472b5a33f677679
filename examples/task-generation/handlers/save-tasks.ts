/**
 * SaveTasks: one transaction per action. The tasks that the action has are deleted, the new ones inserted and the action marked as done, or none of it.
 * A repeat leaves the same rows. An execution that has lost its goal to another one writes nothing.
 */
import type { Application } from "../application.ts";
import { nameOf } from "../database/executions.ts";
import { firstAttemptAt } from "../database/generations.ts";
import { holdsGoal } from "../database/goals.ts";
import { recordResult } from "../database/results.ts";
import { replaceTasks } from "../database/tasks.ts";
import { GoalBusyError } from "../errors.ts";
import { read, saveInput } from "./inputs.ts";

/** @throws GoalBusyError if another execution has the goal now */
export async function saveTasks(
  app: Application,
  given: unknown,
): Promise<{ readonly actionId: string; readonly taskCount: number }> {
  const { batch, actionId, generated, ...facts } = read(saveInput, given);
  const { executionArn, goalId } = facts;
  const now = app.now();
  const times = await app.database.transaction(async (sql) => {
    if (!(await holdsGoal(sql, goalId, { run: nameOf(executionArn), now })))
      throw new GoalBusyError(`Goal ${goalId} does not belong to this execution any more`);
    await replaceTasks(sql, { executionArn, actionId, now }, generated);
    const startedAt = await firstAttemptAt(sql, { executionArn, actionId }, now);
    const result = { executionArn, actionId, batch, startedAt, finishedAt: now };
    return { startedAt, isNew: await recordResult(sql, { ...result, status: "success" }) };
  });
  const taskCount = generated.tasks.length;
  app.log("INFO", "tasks_saved", { facts, details: { actionId, batch, taskCount } });
  if (times.isNew)
    app.emit(
      { ActionProcessingTime: now - times.startedAt, ActionFailureRate: 0 },
      { executionArn, actionId },
    );
  return { actionId, taskCount };
}
