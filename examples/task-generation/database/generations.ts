/**
 * The ledger of generator calls: a row is on the disk before the call, and its answer after it. An answer that was paid for is used again if
 * the process died before the engine heard of it.
 */
import { randomUUID } from "node:crypto";
import type { Generated } from "../types.ts";
import { first } from "./sql.ts";
import type { Sql } from "./sql.ts";

/** Which action of which execution. */
export interface ActionOfExecution {
  readonly executionArn: string;
  readonly actionId: string;
}

/** One call of a generator. */
export interface GenerationRow extends ActionOfExecution {
  readonly attempt: number;
  readonly idempotencyKey: string;
  /** The process that made the call. */
  readonly process: number;
  readonly status: "completed" | "failed" | null;
  readonly startedAt: number;
}

/** What is known before the call. */
export interface NewGeneration extends ActionOfExecution {
  readonly batch: number;
  readonly idempotencyKey: string;
  readonly generator: string;
  readonly now: number;
}

/** Writes down that a call begins. Attempts count from 1. */
export async function beginGeneration(
  sql: Sql,
  call: NewGeneration,
): Promise<{ readonly id: string; readonly attempt: number }> {
  const id = randomUUID();
  const { executionArn, actionId } = call;
  const attempt = (await countAttempts(sql, call)) + 1;
  await sql.run(
    `INSERT INTO generations (id, execution_arn, action_id, batch, attempt, idempotency_key, process, generator, started_at, input_tokens, output_tokens)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)`,
    [
      id,
      executionArn,
      actionId,
      call.batch,
      attempt,
      call.idempotencyKey,
      process.pid,
      call.generator,
      call.now,
    ],
  );
  return { id, attempt };
}

async function countAttempts(sql: Sql, { executionArn, actionId }: ActionOfExecution): Promise<number> {
  const row = await first<{ readonly n: number }>(
    sql,
    "SELECT COUNT(*) AS n FROM generations WHERE execution_arn = ? AND action_id = ?",
    [executionArn, actionId],
  );
  return row?.n ?? 0;
}

/** How a call ended. */
export interface GenerationEnd {
  readonly now: number;
  readonly answer?: Generated;
  readonly error?: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export async function endGeneration(sql: Sql, id: string, end: GenerationEnd): Promise<void> {
  const { now, answer, error = null, inputTokens, outputTokens } = end;
  await sql.run(
    `UPDATE generations SET finished_at = ?, status = ?, error = ?, output = ?, input_tokens = ?, output_tokens = ? WHERE id = ?`,
    [
      now,
      answer === undefined ? "failed" : "completed",
      error,
      answer === undefined ? null : JSON.stringify(answer),
      inputTokens,
      outputTokens,
      id,
    ],
  );
}

/** The answer that the action has in this execution, if it has one. */
export async function keptAnswer(
  sql: Sql,
  { executionArn, actionId }: ActionOfExecution,
): Promise<Generated | undefined> {
  const row = await first<{ readonly output: string }>(
    sql,
    "SELECT output FROM generations WHERE execution_arn = ? AND action_id = ? AND status = 'completed' ORDER BY attempt",
    [executionArn, actionId],
  );
  return row === undefined ? undefined : (JSON.parse(row.output) as Generated);
}

/** When the first attempt began; `otherwise` if there was none. */
export async function firstAttemptAt(
  sql: Sql,
  { executionArn, actionId }: ActionOfExecution,
  otherwise: number,
): Promise<number> {
  const row = await first<{ readonly at: number | null }>(
    sql,
    "SELECT MIN(started_at) AS at FROM generations WHERE execution_arn = ? AND action_id = ?",
    [executionArn, actionId],
  );
  return row?.at ?? otherwise;
}

/** All calls of an execution in the order in which they began. */
export function listGenerations(sql: Sql, executionArn: string): Promise<GenerationRow[]> {
  return sql.all(
    `SELECT execution_arn AS "executionArn", action_id AS "actionId", attempt, idempotency_key AS "idempotencyKey", process, status,
     started_at AS "startedAt" FROM generations WHERE execution_arn = ? ORDER BY started_at, action_id, attempt`,
    [executionArn],
  );
}
