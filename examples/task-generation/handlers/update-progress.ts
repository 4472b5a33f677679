/** UpdateProgress: a batch is over. Writes how far the execution is, and raises the alert if too many actions fail. */
import { alertIfNeeded } from "../alert.ts";
import type { Application } from "../application.ts";
import { batchDuration } from "../database/results.ts";
import { updateProgress } from "../progress.ts";
import type { Progress } from "../types.ts";
import { progressInput, read } from "./inputs.ts";

export async function updateBatchProgress(
  app: Application,
  given: unknown,
  context: { readonly idempotencyKey?: string },
): Promise<Progress> {
  const { batch, ...facts } = read(progressInput, given);
  const { executionArn } = facts;
  const progress = await app.database.transaction((sql) => updateProgress(sql, executionArn));
  const durationMs = await batchDuration(app.database, executionArn, batch);
  app.log("INFO", "batch_completed", { facts, details: { batch, durationMs, ...progress } });
  app.emit({ BatchProcessingTime: durationMs }, { executionArn, batch });
  await alertIfNeeded(app, facts, context.idempotencyKey ?? `${executionArn}/${batch}`);
  return progress;
}
