/** All functions that the state machine calls, by their names, working with one application. `open` is called by each call; it should open once. */
import type { Application } from "../application.ts";
import type { Handler } from "../types.ts";
import { aggregateResults } from "./aggregate-results.ts";
import { createBatches } from "./create-batches.ts";
import { generateTasks } from "./generate-tasks.ts";
import { getActions } from "./get-actions.ts";
import { handleError } from "./handle-error.ts";
import { publish } from "./publish.ts";
import { saveTasks } from "./save-tasks.ts";
import { updateGoalStatus } from "./update-goal-status.ts";
import { updateBatchProgress } from "./update-progress.ts";
import { validateInput } from "./validate-input.ts";

export interface Handlers {
  readonly ValidateInputFunction: Handler;
  readonly GetActionsFunction: Handler;
  readonly CreateBatchesFunction: Handler;
  readonly TaskGenerationFunction: Handler;
  readonly SaveTasksFunction: Handler;
  readonly UpdateProgressFunction: Handler;
  readonly AggregateResultsFunction: Handler;
  readonly UpdateGoalStatusFunction: Handler;
  readonly HandleErrorFunction: Handler;
  /** Where AWS is, this is the service itself. */
  readonly "sns:publish": Handler;
}

export function createHandlers(open: () => Promise<Application>): Handlers {
  return {
    ValidateInputFunction: async (input) => validateInput(await open(), input),
    GetActionsFunction: async (input) => getActions(await open(), input),
    CreateBatchesFunction: async (input) => createBatches(await open(), input),
    TaskGenerationFunction: async (input, context) => generateTasks(await open(), input, context),
    SaveTasksFunction: async (input) => saveTasks(await open(), input),
    UpdateProgressFunction: async (input, context) => updateBatchProgress(await open(), input, context),
    AggregateResultsFunction: async (input) => aggregateResults(await open(), input),
    UpdateGoalStatusFunction: async (input) => updateGoalStatus(await open(), input),
    HandleErrorFunction: async (input) => handleError(await open(), input),
    "sns:publish": async (input, context) => publish(await open(), input, context),
  };
}
