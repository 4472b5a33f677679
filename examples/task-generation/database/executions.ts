/** Executions as people ask for them: how far, how it ended, and the history. A row is closed once and stays as it is then. */
import type { ExecutionFacts, WorkflowOutput } from "../types.ts";
import { first } from "./sql.ts";
import type { Sql, Value } from "./sql.ts";

export const executionStatuses = [
  "running",
  "succeeded",
  "partial",
  "failed",
  "canceled",
  "timed_out",
] as const;
export type ExecutionStatus = (typeof executionStatuses)[number];

/** Times are epoch milliseconds. */
export interface ExecutionRow extends ExecutionFacts {
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly total: number;
  readonly percentage: number;
  readonly estimatedRemaining: number | null;
  readonly startedAt: number;
  readonly completedAt: number | null;
  /** JSON text of a {@link WorkflowOutput}. */
  readonly output: string | null;
  readonly error: string | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

const columns = `execution_arn AS "executionArn", name, goal_id AS "goalId", user_id AS "userId", status, total, percentage,
  estimated_remaining AS "estimatedRemaining", started_at AS "startedAt", completed_at AS "completedAt", output, error,
  input_tokens AS "inputTokens", output_tokens AS "outputTokens"`;

/** The last part of the ARN, which is the run's id in Daruma and the execution's name in AWS. */
export function nameOf(executionArn: string): string {
  return executionArn.split(":").at(-1) ?? executionArn;
}

/** Adds the row; if it is there, it stays. */
export async function beginExecution(
  sql: Sql,
  facts: ExecutionFacts,
  begin: { readonly total: number; readonly startedAt: number },
): Promise<void> {
  await sql.run(
    `INSERT INTO executions (execution_arn, name, goal_id, user_id, status, total, percentage, started_at, input_tokens, output_tokens)
     VALUES (?, ?, ?, ?, 'running', ?, 0, ?, 0, 0) ON CONFLICT (execution_arn) DO NOTHING`,
    [
      facts.executionArn,
      nameOf(facts.executionArn),
      facts.goalId,
      facts.userId,
      begin.total,
      begin.startedAt,
    ],
  );
}

export function findExecution(sql: Sql, executionArn: string): Promise<ExecutionRow | undefined> {
  return first(sql, `SELECT ${columns} FROM executions WHERE execution_arn = ?`, [executionArn]);
}

export function findByName(sql: Sql, name: string): Promise<ExecutionRow | undefined> {
  return first(sql, `SELECT ${columns} FROM executions WHERE name = ? ORDER BY started_at DESC`, [name]);
}

/** Writes how far it is; what is lower than what stands there changes nothing. */
export async function raiseProgress(
  sql: Sql,
  executionArn: string,
  progress: { readonly percentage: number; readonly estimatedRemaining: number | null },
): Promise<void> {
  await sql.run(
    `UPDATE executions SET percentage = ?, estimated_remaining = ? WHERE execution_arn = ? AND percentage <= ? AND status = 'running'`,
    [progress.percentage, progress.estimatedRemaining, executionArn, progress.percentage],
  );
}

export async function addTokens(
  sql: Sql,
  executionArn: string,
  use: { readonly inputTokens: number; readonly outputTokens: number },
): Promise<void> {
  await sql.run(
    "UPDATE executions SET input_tokens = input_tokens + ?, output_tokens = output_tokens + ? WHERE execution_arn = ?",
    [use.inputTokens, use.outputTokens, executionArn],
  );
}

/** How an execution ended. */
export interface Ending {
  readonly status: Exclude<ExecutionStatus, "running">;
  readonly completedAt: number;
  readonly output?: WorkflowOutput;
  readonly error?: string;
}

/** Closes a row that is open. */
export async function closeExecution(sql: Sql, executionArn: string, ending: Ending): Promise<void> {
  await sql.run(
    `UPDATE executions SET status = ?, completed_at = ?, output = ?, error = ?, estimated_remaining = 0
     WHERE execution_arn = ? AND status = 'running'`,
    [
      ending.status,
      ending.completedAt,
      ending.output === undefined ? null : JSON.stringify(ending.output),
      ending.error ?? null,
      executionArn,
    ],
  );
}

/** All given conditions must hold. `from` and `to` are epoch milliseconds of the start, the first included, the second not. */
export interface HistoryFilter {
  readonly goalId?: string | undefined;
  readonly status?: ExecutionStatus | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** Newest first. */
export function listExecutions(sql: Sql, filter: HistoryFilter): Promise<ExecutionRow[]> {
  const conditions: readonly (readonly [string, Value | undefined])[] = [
    ["goal_id = ?", filter.goalId],
    ["status = ?", filter.status],
    ["started_at >= ?", filter.from],
    ["started_at < ?", filter.to],
  ];
  const used = conditions.flatMap(([text, value]) => (value === undefined ? [] : [{ text, value }]));
  const where = used.length === 0 ? "" : `WHERE ${used.map(({ text }) => text).join(" AND ")}`;
  return sql.all(
    `SELECT ${columns} FROM executions ${where} ORDER BY started_at DESC, execution_arn DESC LIMIT ? OFFSET ?`,
    [...used.map(({ value }) => value), filter.limit, filter.offset],
  );
}
