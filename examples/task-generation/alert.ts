/**
 * The alert: more than 10 % of the actions that were over in the last 5 minutes have failed. It is raised once in 5 minutes, and told of at least once: it stays in the
 * database as untold until its line is written. A call that is repeated after a crash tells of what it had found, and so does every process when it starts.
 */
import type { Application } from "./application.ts";
import { addAlert, markTold, untoldAlerts } from "./database/alerts.ts";
import type { Alert } from "./database/alerts.ts";
import { countRecent } from "./database/results.ts";
import type { ResultCounts } from "./database/results.ts";
import { describeError } from "./errors.ts";
import type { ExecutionFacts } from "./types.ts";

const windowMs = 300_000;
const highestRate = 0.1;

/** What telling takes. */
type Teller = Pick<Application, "database" | "notify" | "log" | "now">;

/** True for more than 10 %; exactly 10 % is none too many. */
export function isTooMany({ succeeded, failed }: Pick<ResultCounts, "succeeded" | "failed">): boolean {
  const total = succeeded + failed;
  return total > 0 && failed / total > highestRate;
}

/** Raises the alert and tells of it, if it is time to. */
export async function alertIfNeeded(
  app: Application,
  facts: ExecutionFacts,
  idempotencyKey: string,
): Promise<void> {
  const now = app.now();
  await app.database.transaction(async (sql) => {
    const counts = await countRecent(sql, now - windowMs);
    if (!isTooMany(counts)) return;
    const { failed, succeeded } = counts;
    const alert = { failed, total: succeeded + failed, raisedBy: idempotencyKey, facts };
    await addAlert(sql, alert, { now, unlessSince: now - windowMs });
  });
  await tellAlerts(app, idempotencyKey);
}

/** Tells of what is untold: of all alerts, or of those that one call has found. */
export async function tellAlerts(app: Teller, raisedBy?: string): Promise<void> {
  for (const alert of await untoldAlerts(app.database, raisedBy)) await tell(app, alert);
}

/** Notifies and logs. A notification that cannot be delivered is logged: the alert must not stop the work that it is about. */
async function tell(app: Teller, { id, failed, total, raisedBy, facts }: Alert): Promise<void> {
  const message = `${failed} of ${total} actions have failed within 5 minutes.`;
  let delivered: readonly string[] | string;
  try {
    const notification = { subject: "Task generation: too many actions fail", message };
    delivered = await app.notify(notification, { idempotencyKey: `${raisedBy}/alert` });
  } catch (error) {
    delivered = describeError(error);
  }
  app.log("ERROR", "failure_rate_alert", {
    facts,
    details: { failed, total, windowMinutes: 5, message, delivered },
  });
  await markTold(app.database, id, app.now());
}
