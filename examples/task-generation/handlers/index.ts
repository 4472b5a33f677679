/**
 * The functions that the state machine calls, by their names: found beside `workflow.asl.json`, the module for `--handlers`, and the code of the Lambda
 * functions on AWS. They work with the application of this process, as the environment describes it.
 */
import { application } from "../application.ts";
import type { Handler } from "../types.ts";
import { createHandlers } from "./all.ts";

const handlers = createHandlers(application);

export const ValidateInputFunction: Handler = handlers.ValidateInputFunction;
export const GetActionsFunction: Handler = handlers.GetActionsFunction;
export const CreateBatchesFunction: Handler = handlers.CreateBatchesFunction;
export const TaskGenerationFunction: Handler = handlers.TaskGenerationFunction;
export const SaveTasksFunction: Handler = handlers.SaveTasksFunction;
export const UpdateProgressFunction: Handler = handlers.UpdateProgressFunction;
export const AggregateResultsFunction: Handler = handlers.AggregateResultsFunction;
export const UpdateGoalStatusFunction: Handler = handlers.UpdateGoalStatusFunction;
export const HandleErrorFunction: Handler = handlers.HandleErrorFunction;

const publish: Handler = handlers["sns:publish"];
export { publish as "sns:publish" };
