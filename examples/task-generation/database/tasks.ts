/** The tasks of actions. All tasks of an action are replaced together, so a repeat leaves no duplicate. */
import type { Generated, GeneratedTask } from "../types.ts";
import type { Sql } from "./sql.ts";

/** A task as it is kept. */
export interface TaskRow extends GeneratedTask {
  readonly id: string;
  readonly actionId: string;
  readonly executionArn: string;
  readonly generator: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Deletes what the action has and inserts these. Call it in a transaction. */
export async function replaceTasks(
  sql: Sql,
  of: { readonly executionArn: string; readonly actionId: string; readonly now: number },
  generated: Generated,
): Promise<void> {
  await sql.run("DELETE FROM tasks WHERE action_id = ?", [of.actionId]);
  for (const [index, task] of generated.tasks.entries()) {
    await sql.run(
      `INSERT INTO tasks (id, action_id, execution_arn, position, title, description, estimated_minutes, priority, type, generator,
       input_tokens, output_tokens, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        `${of.actionId}-task-${index + 1}`,
        of.actionId,
        of.executionArn,
        index + 1,
        task.title,
        task.description,
        task.estimatedMinutes,
        task.priority,
        task.type,
        generated.generator,
        generated.usage.inputTokens,
        generated.usage.outputTokens,
        of.now,
      ],
    );
  }
}

/** The tasks of a goal, in the order of its actions. */
export function listTasks(sql: Sql, goalId: string): Promise<TaskRow[]> {
  return sql.all(
    `SELECT t.id, t.action_id AS "actionId", t.execution_arn AS "executionArn", t.title, t.description,
     t.estimated_minutes AS "estimatedMinutes", t.priority, t.type, t.generator, t.input_tokens AS "inputTokens", t.output_tokens AS "outputTokens"
     FROM tasks t JOIN actions a ON a.id = t.action_id WHERE a.goal_id = ? ORDER BY a.position, t.position`,
    [goalId],
  );
}
