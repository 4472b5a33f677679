/**
 * Goals with their actions, and who works on a goal: one execution at a time.
 *
 * An execution holds its goal from ValidateInput until the goal's status is written. Nobody can hold one for longer than an execution may last,
 * so a goal whose execution was stopped from outside is free again after that time at the latest.
 */
import type { ActionContext, GoalContext } from "../types.ts";
import { first } from "./sql.ts";
import type { Sql } from "./sql.ts";

/** TimeoutSeconds of the state machine. */
export const longestExecutionMs = 900_000;

export type GoalStatus = "active" | "partial" | "failed";

export interface GoalRow extends GoalContext {
  readonly userId: string;
  readonly status: string;
}

export function findGoal(sql: Sql, id: string): Promise<GoalRow | undefined> {
  return first<GoalRow>(
    sql,
    `SELECT id, user_id AS "userId", title, description, status FROM goals WHERE id = ?`,
    [id],
  );
}

/** Those of the actions that the goal has, with their sub-goals, in the order of the ids. */
export async function findActions(
  sql: Sql,
  goalId: string,
  ids: readonly string[],
): Promise<readonly ActionContext[]> {
  const rows = await sql.all<ActionContext & { readonly subTitle: string; readonly subDescription: string }>(
    `SELECT a.id, a.title, a.description, s.title AS "subTitle", s.description AS "subDescription"
     FROM actions a JOIN sub_goals s ON s.id = a.sub_goal_id
     WHERE a.goal_id = ? AND a.id IN (${ids.map(() => "?").join(", ")})`,
    [goalId, ...ids],
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    if (row === undefined) return [];
    const { title, description, subTitle, subDescription } = row;
    return [{ id, title, description, subGoal: { title: subTitle, description: subDescription } }];
  });
}

/** True if the execution has the goal now: it was free, or had it already. */
export async function takeGoal(
  sql: Sql,
  goalId: string,
  { run, now }: { readonly run: string; readonly now: number },
): Promise<boolean> {
  const changed = await sql.run(
    `UPDATE goals SET active_run = ?, active_since = CASE WHEN active_run = ? THEN active_since ELSE ? END, updated_at = ?
     WHERE id = ? AND (active_run IS NULL OR active_run = ? OR active_since <= ?)`,
    [run, run, now, now, goalId, run, now - longestExecutionMs],
  );
  return changed === 1;
}

/** True if the execution still has the goal. In a transaction, nobody else can take it before the end. */
export async function holdsGoal(
  sql: Sql,
  goalId: string,
  { run, now }: { readonly run: string; readonly now: number },
): Promise<boolean> {
  const text = "UPDATE goals SET status = 'processing', updated_at = ? WHERE id = ? AND active_run = ?";
  return (await sql.run(text, [now, goalId, run])) === 1;
}

/** Which execution has the goal, if one has. */
export async function holderOf(sql: Sql, goalId: string): Promise<string | undefined> {
  const row = await first<{ readonly run: string | null }>(
    sql,
    `SELECT active_run AS run FROM goals WHERE id = ?`,
    [goalId],
  );
  return row?.run ?? undefined;
}

/** Lets go of the goal, if the execution has it, and says how it ended; without a status, the goal keeps the one it has. */
export async function releaseGoal(
  sql: Sql,
  goalId: string,
  ending: { readonly run: string; readonly now: number; readonly status?: GoalStatus },
): Promise<void> {
  const { run, now, status = null } = ending;
  await sql.run(
    `UPDATE goals SET active_run = NULL, active_since = NULL, status = COALESCE(?, status), updated_at = ?,
     completed_at = CASE WHEN CAST(? AS TEXT) IS NULL THEN completed_at ELSE CAST(? AS BIGINT) END
     WHERE id = ? AND active_run = ?`,
    [status, now, status, now, goalId, run],
  );
}
