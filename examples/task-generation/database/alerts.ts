/** Alerts: what is to be told, written down in the transaction that finds it, and crossed out when it was told. */
import { randomUUID } from "node:crypto";
import type { ExecutionFacts } from "../types.ts";
import type { Sql } from "./sql.ts";

export interface Alert {
  readonly id: string;
  readonly failed: number;
  readonly total: number;
  /** The idempotency key of the call that found it. */
  readonly raisedBy: string;
  readonly facts: ExecutionFacts;
}

/** Adds the alert unless there is one that is newer than `unlessSince` (epoch milliseconds). */
export async function addAlert(
  sql: Sql,
  { failed, total, raisedBy, facts }: Omit<Alert, "id">,
  { now, unlessSince }: { readonly now: number; readonly unlessSince: number },
): Promise<void> {
  await sql.run(
    `INSERT INTO alerts (id, raised_at, failed, total, raised_by, facts)
     SELECT CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS TEXT)
     WHERE NOT EXISTS (SELECT 1 FROM alerts WHERE raised_at > ?)`,
    [randomUUID(), now, failed, total, raisedBy, JSON.stringify(facts), unlessSince],
  );
}

/** Alerts that nobody was told of, oldest first: all, or those that one call has found. */
export async function untoldAlerts(sql: Sql, raisedBy?: string): Promise<readonly Alert[]> {
  const rows = await sql.all<Omit<Alert, "facts"> & { readonly facts: string }>(
    `SELECT id, failed, total, raised_by AS "raisedBy", facts FROM alerts
     WHERE told_at IS NULL ${raisedBy === undefined ? "" : "AND raised_by = ?"} ORDER BY raised_at`,
    raisedBy === undefined ? [] : [raisedBy],
  );
  return rows.map((row) => ({ ...row, facts: JSON.parse(row.facts) as ExecutionFacts }));
}

export async function markTold(sql: Sql, id: string, now: number): Promise<void> {
  await sql.run("UPDATE alerts SET told_at = ? WHERE id = ?", [now, id]);
}
