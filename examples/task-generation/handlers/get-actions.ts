/** GetActions: the goal and the actions with their sub-goals. */
import type { Application } from "../application.ts";
import { findActions, findGoal } from "../database/goals.ts";
import { ValidationError } from "../errors.ts";
import type { ActionContext, GoalContext } from "../types.ts";
import { actionsInput, read } from "./inputs.ts";

/** @throws ValidationError if something was deleted since it was validated */
export async function getActions(
  app: Application,
  given: unknown,
): Promise<{ readonly goal: GoalContext; readonly actions: readonly ActionContext[] }> {
  const { goalId, actionIds, ...rest } = read(actionsInput, given);
  const goal = await findGoal(app.database, goalId);
  const actions = await findActions(app.database, goalId, actionIds);
  if (goal === undefined || actions.length !== actionIds.length)
    throw new ValidationError(`Goal ${goalId} or some of its actions are not there any more`);
  app.log("INFO", "actions_loaded", {
    facts: { ...rest, goalId },
    details: { actionCount: actions.length },
  });
  const { id, title, description } = goal;
  return { goal: { id, title, description }, actions };
}
