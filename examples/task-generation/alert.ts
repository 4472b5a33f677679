/** The alert: more than 10 % of the actions that were over in the last 5 minutes have failed. It is raised once in 5 minutes. */
import { randomUUID } from "node:crypto";
import type { Application } from "./application.ts";
import { countRecent } from "./database/results.ts";
import type { ResultCounts } from "./database/results.ts";
import type { Sql } from "./database/sql.ts";
import { describeError } from "./errors.ts";
import type { ExecutionFacts } from "./types.ts";

const windowMs = 300_000;
const highestRate = 0.1;

/** True for more than 10 %; exactly 10 % is none too many. */
export function isTooMany({ succeeded, failed }: Pick<ResultCounts, "succeeded" | "failed">): boolean {
  const total = succeeded + failed;
  return total > 0 && failed / total > highestRate;
}

/** Logs and notifies, if it is time to. A notification that cannot be delivered is logged: the alert must not stop the work that it is about. */
export async function alertIfNeeded(
  app: Application,
  facts: ExecutionFacts,
  idempotencyKey: string,
): Promise<void> {
  const counts = await app.database.transaction((sql) => raise(sql, app.now()));
  if (counts === undefined) return;
  const total = counts.succeeded + counts.failed;
  const message = `${counts.failed} of ${total} actions have failed within 5 minutes.`;
  let delivered: readonly string[] | string;
  try {
    const notification = { subject: "Task generation: too many actions fail", message };
    delivered = await app.notify(notification, { idempotencyKey: `${idempotencyKey}/alert` });
  } catch (error) {
    delivered = describeError(error);
  }
  const details = { failed: counts.failed, total, windowMinutes: 5, message, delivered };
  app.log("ERROR", "failure_rate_alert", { facts, details });
}

/** Writes the alert down and returns what it is about; undefined if there is none to raise. */
async function raise(sql: Sql, now: number): Promise<ResultCounts | undefined> {
  const counts = await countRecent(sql, now - windowMs);
  if (!isTooMany(counts)) return undefined;
  const raised = await sql.run(
    `INSERT INTO alerts (id, raised_at, failed, total) SELECT CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT)
     WHERE NOT EXISTS (SELECT 1 FROM alerts WHERE raised_at > ?)`,
    [randomUUID(), now, counts.failed, counts.succeeded + counts.failed, now - windowMs],
  );
  return raised === 1 ? counts : undefined;
}
