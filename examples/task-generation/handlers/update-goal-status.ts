/** UpdateGoalStatus: writes how the goal and the execution ended, lets go of the goal, and returns the execution's output. A repeat returns the same. */
import type { Application } from "../application.ts";
import { closeExecution, findExecution, nameOf } from "../database/executions.ts";
import { releaseGoal } from "../database/goals.ts";
import type { GoalStatus } from "../database/goals.ts";
import { updateProgress } from "../progress.ts";
import type { WorkflowOutput } from "../types.ts";
import { ended } from "./ended.ts";
import type { Ended } from "./ended.ts";
import { read, statusInput } from "./inputs.ts";

const outcomes = {
  active: { row: "succeeded", output: "SUCCEEDED" },
  partial: { row: "partial", output: "PARTIAL" },
  failed: { row: "failed", output: "FAILED" },
} as const satisfies Record<GoalStatus, unknown>;

const allFailed = "All actions failed to generate tasks";

export async function updateGoalStatus(app: Application, given: unknown): Promise<Ended> {
  const { executionArn, goalId, userId, startedAt, goalStatus, summary } = read(statusInput, given);
  const facts = { executionArn, goalId, userId };
  const outcome = outcomes[goalStatus];
  const { output, isNew } = await app.database.transaction(async (sql) => {
    const row = await findExecution(sql, executionArn);
    if (row?.status === outcome.row && row.output !== null)
      return { output: JSON.parse(row.output) as WorkflowOutput, isNew: false };
    const now = app.now();
    const made: WorkflowOutput = {
      goalId,
      executionArn,
      status: outcome.output,
      ...summary,
      duration: now - startedAt,
      ...(goalStatus === "failed" ? { error: allFailed } : {}),
    };
    await updateProgress(sql, executionArn);
    await closeExecution(sql, executionArn, { status: outcome.row, completedAt: now, output: made });
    await releaseGoal(sql, goalId, { run: nameOf(executionArn), now, status: goalStatus });
    return { output: made, isNew: true };
  });
  if (isNew) app.log("INFO", "goal_status_updated", { facts, details: { goalStatus } });
  return ended(app, { facts, output, error: "AllActionsFailed", isNew });
}
