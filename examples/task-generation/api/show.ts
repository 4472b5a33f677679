/** An execution as the interface shows it. */
import type { ExecutionRow, ExecutionStatus } from "../database/executions.ts";
import type { Progress, WorkflowOutput } from "../types.ts";

/** Times are ISO 8601. */
export interface ExecutionView {
  readonly executionId: string;
  readonly executionArn: string;
  readonly goalId: string;
  readonly userId: string;
  readonly status: ExecutionStatus;
  /** 0 to 100, of the actions that are over. */
  readonly percentage: number;
  readonly processed: number;
  readonly total: number;
  /** Milliseconds; null while nothing was measured. */
  readonly estimatedRemaining: number | null;
  readonly startedAt: string;
  readonly completedAt: string | null;
  readonly tokens: { readonly input: number; readonly output: number };
  readonly output: WorkflowOutput | null;
  readonly error: string | null;
}

export function showExecution(row: ExecutionRow, progress: Progress): ExecutionView {
  return {
    executionId: row.name,
    executionArn: row.executionArn,
    goalId: row.goalId,
    userId: row.userId,
    status: row.status,
    percentage: Math.max(row.percentage, progress.percentage),
    processed: progress.processed,
    total: progress.total,
    estimatedRemaining: row.status === "running" ? progress.estimatedRemaining : 0,
    startedAt: new Date(row.startedAt).toISOString(),
    completedAt: row.completedAt === null ? null : new Date(row.completedAt).toISOString(),
    tokens: { input: row.inputTokens, output: row.outputTokens },
    output: row.output === null ? null : (JSON.parse(row.output) as WorkflowOutput),
    error: row.error,
  };
}
