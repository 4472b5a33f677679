/** The handlers of an execution, called one by one as the state machine calls them. */
import { generateTasks } from "../../../examples/task-generation/handlers/generate-tasks.ts";
import { getActions } from "../../../examples/task-generation/handlers/get-actions.ts";
import { handleError } from "../../../examples/task-generation/handlers/handle-error.ts";
import { saveTasks } from "../../../examples/task-generation/handlers/save-tasks.ts";
import { validateInput } from "../../../examples/task-generation/handlers/validate-input.ts";
import type { ActionContext, GoalContext } from "../../../examples/task-generation/types.ts";
import { arnOf, requestFor, startedAt } from "./app.ts";
import type { TestApplication } from "./app.ts";

export interface Begun {
  readonly executionArn: string;
  readonly goalId: string;
  readonly userId: string;
  readonly goal: GoalContext;
  readonly actions: readonly ActionContext[];
}

/** ValidateInput and GetActions. */
export async function begin(
  app: TestApplication,
  options: { readonly goalId?: string; readonly name?: string; readonly count?: number } = {},
): Promise<Begun> {
  const { goalId = "goal-marathon", name = "first", count = 64 } = options;
  const input = await requestFor(goalId, count);
  const began = new Date(startedAt).toISOString();
  const { actionIds, ...facts } = await validateInput(app, {
    executionArn: arnOf(name),
    startedAt: began,
    input,
  });
  return { ...facts, ...(await getActions(app, { ...facts, actionIds })) };
}

/** GenerateTasks and SaveTasks. */
export async function succeed(app: TestApplication, begun: Begun, index: number): Promise<void> {
  const { executionArn, goalId, userId, goal, actions } = begun;
  const facts = { executionArn, goalId, userId, batch: Math.floor(index / 8) + 1 };
  const action = actions[index];
  const generated = await generateTasks(app, { ...facts, goal, action }, {});
  await saveTasks(app, { ...facts, actionId: action?.id, generated });
}

/** MarkActionFailed. */
export async function fail(app: TestApplication, begun: Begun, index: number): Promise<unknown> {
  const { executionArn, goalId, userId, actions } = begun;
  const Cause = JSON.stringify({ errorType: "TransientError", errorMessage: "not today" });
  const batch = Math.floor(index / 8) + 1;
  const error = { Error: "TransientError", Cause };
  const facts = { executionArn, goalId, userId };
  return handleError(app, { scope: "action", ...facts, batch, actionId: actions[index]?.id, error });
}
