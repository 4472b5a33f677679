/** How the work on each action of an execution ended. There is one row per action, written when it is over; success is not taken back. */
import { first } from "./sql.ts";
import type { Sql } from "./sql.ts";

export interface ActionResult {
  readonly executionArn: string;
  readonly actionId: string;
  /** The batch's number, from 1. */
  readonly batch: number;
  readonly status: "success" | "failed";
  readonly error?: string;
  readonly message?: string;
  /** When its first attempt began, and now; epoch milliseconds. */
  readonly startedAt: number;
  readonly finishedAt: number;
}

/** Writes the row, or changes a failure into what it is now. False: the action had succeeded, nothing is changed. */
export async function recordResult(sql: Sql, result: ActionResult): Promise<boolean> {
  const changed = await sql.run(
    `INSERT INTO action_results (execution_arn, action_id, batch, status, error, message, started_at, finished_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (execution_arn, action_id) DO UPDATE SET status = excluded.status, error = excluded.error, message = excluded.message,
       finished_at = excluded.finished_at WHERE action_results.status = 'failed'`,
    [
      result.executionArn,
      result.actionId,
      result.batch,
      result.status,
      result.error ?? null,
      result.message ?? null,
      result.startedAt,
      result.finishedAt,
    ],
  );
  return changed === 1;
}

export interface ResultCounts {
  readonly succeeded: number;
  readonly failed: number;
  /** Of the actions that are over, milliseconds; null if there are none. */
  readonly meanMs: number | null;
}

const counts = `SELECT CAST(COALESCE(SUM(CASE WHEN status = 'success' THEN 1 ELSE 0 END), 0) AS BIGINT) AS succeeded,
  CAST(COALESCE(SUM(CASE WHEN status = 'failed' THEN 1 ELSE 0 END), 0) AS BIGINT) AS failed,
  CAST(AVG(finished_at - started_at) AS DOUBLE PRECISION) AS "meanMs" FROM action_results`;

const none: ResultCounts = { succeeded: 0, failed: 0, meanMs: null };

export async function countResults(sql: Sql, executionArn: string): Promise<ResultCounts> {
  return (await first<ResultCounts>(sql, `${counts} WHERE execution_arn = ?`, [executionArn])) ?? none;
}

/** Of all executions, over since `since`. */
export async function countRecent(sql: Sql, since: number): Promise<ResultCounts> {
  return (await first<ResultCounts>(sql, `${counts} WHERE finished_at > ?`, [since])) ?? none;
}

/** The failed actions in the goal's order. */
export async function failedActions(sql: Sql, executionArn: string): Promise<readonly string[]> {
  const rows = await sql.all<{ readonly id: string }>(
    `SELECT a.id FROM action_results r JOIN actions a ON a.id = r.action_id
     WHERE r.execution_arn = ? AND r.status = 'failed' ORDER BY a.position`,
    [executionArn],
  );
  return rows.map(({ id }) => id);
}

/** How long a batch took from the first attempt to the last result, milliseconds. */
export async function batchDuration(sql: Sql, executionArn: string, batch: number): Promise<number> {
  const row = await first<{ readonly ms: number | null }>(
    sql,
    "SELECT MAX(finished_at) - MIN(started_at) AS ms FROM action_results WHERE execution_arn = ? AND batch = ?",
    [executionArn, batch],
  );
  return row?.ms ?? 0;
}
