/** AggregateResults: counts what the batches returned, and holds it against the actions that were asked for. */
import type { Application } from "../application.ts";
import { ValidationError } from "../errors.ts";
import { read, resultsInput } from "./inputs.ts";

export interface Summary {
  readonly successCount: number;
  readonly failedCount: number;
  /** In the order of the input. */
  readonly failedActions: readonly string[];
}

/** @throws ValidationError if an action is missing or there twice: then the definition is wrong */
export async function aggregateResults(app: Application, given: unknown): Promise<Summary> {
  const { actionIds, batches, ...facts } = read(resultsInput, given);
  const outcomes = batches.flat();
  const byId = new Map(outcomes.map(({ actionId, status }) => [actionId, status]));
  if (outcomes.length !== actionIds.length || actionIds.some((id) => !byId.has(id)))
    throw new ValidationError(
      `The batches have results of ${outcomes.length} actions; expected are ${actionIds.length}, each once`,
    );
  const failedActions = actionIds.filter((id) => byId.get(id) === "failed");
  const summary = {
    successCount: actionIds.length - failedActions.length,
    failedCount: failedActions.length,
    failedActions,
  };
  app.log("INFO", "results_aggregated", { facts, details: summary });
  return summary;
}
