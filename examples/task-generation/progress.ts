/**
 * How far an execution is. The counts come from the database, where every action that is over has its row, so progress never goes backwards, however
 * many batches run side by side. The remaining time rests on how long actions really took here, retries included.
 */
import { findExecution, raiseProgress } from "./database/executions.ts";
import { countResults } from "./database/results.ts";
import type { ResultCounts } from "./database/results.ts";
import type { Sql } from "./database/sql.ts";
import type { Progress } from "./types.ts";

/** Actions that are worked on at once: 3 batches of 8. */
const slots = 24;

/** Progress by counts: actions that are left come in rounds, each as long as an action takes in the mean. */
export function estimate({ succeeded, failed, meanMs }: ResultCounts, total: number): Progress {
  const processed = succeeded + failed;
  const left = total - processed;
  const rounds = Math.ceil(left / slots);
  const known = left === 0 ? 0 : meanMs === null ? null : Math.round(rounds * meanMs);
  const percentage = total === 0 ? 0 : Math.floor((processed / total) * 100);
  return { processed, total, percentage, estimatedRemaining: known };
}

/** Counts, and writes what it found. */
export async function updateProgress(sql: Sql, executionArn: string): Promise<Progress> {
  const row = await findExecution(sql, executionArn);
  const now = estimate(await countResults(sql, executionArn), row?.total ?? 0);
  await raiseProgress(sql, executionArn, now);
  return { ...now, percentage: Math.max(now.percentage, row?.percentage ?? 0) };
}
