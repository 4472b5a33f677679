/**
 * The same metrics as Prometheus text. They are computed from the tables when somebody asks, so they survive a restart and all processes on one
 * database say the same. https://prometheus.io/docs/instrumenting/exposition_formats/
 */
import type { Database } from "../database/sql.ts";
import { first } from "../database/sql.ts";

/** What the tables say. Durations in milliseconds. */
interface Totals {
  readonly count: number;
  readonly sum: number;
}

interface Executions extends Totals {
  readonly succeeded: number;
  readonly failed: number;
}

const noTotals: Executions = { count: 0, sum: 0, succeeded: 0, failed: 0 };

/** Executions that are over; partial success is success, as it is for the state machine. */
const executions = `SELECT COUNT(*) AS count, CAST(COALESCE(SUM(completed_at - started_at), 0) AS BIGINT) AS sum,
  CAST(COALESCE(SUM(CASE WHEN status IN ('succeeded', 'partial') THEN 1 ELSE 0 END), 0) AS BIGINT) AS succeeded,
  CAST(COALESCE(SUM(CASE WHEN status IN ('failed', 'timed_out') THEN 1 ELSE 0 END), 0) AS BIGINT) AS failed
  FROM executions WHERE completed_at IS NOT NULL`;
const started = "SELECT COUNT(*) AS count, 0 AS sum FROM executions";
const actions = `SELECT COUNT(*) AS count, CAST(COALESCE(SUM(finished_at - started_at), 0) AS BIGINT) AS sum, 0 AS succeeded,
  CAST(COALESCE(SUM(CASE WHEN status = 'failed' THEN 1 ELSE 0 END), 0) AS BIGINT) AS failed FROM action_results`;
const batches = `SELECT COUNT(*) AS count, CAST(COALESCE(SUM(ms), 0) AS BIGINT) AS sum FROM
  (SELECT MAX(finished_at) - MIN(started_at) AS ms FROM action_results GROUP BY execution_arn, batch) AS of_batches`;

export async function prometheusText(database: Database): Promise<string> {
  const ask = async (text: string): Promise<Executions> => ({
    ...noTotals,
    ...(await first<Totals>(database, text)),
  });
  const begun = await ask(started);
  const over = await ask(executions);
  const done = await ask(actions);
  const inBatches = await ask(batches);
  return [
    metric(
      "workflow_execution_count",
      { type: "counter", help: "Executions that were started." },
      begun.count,
    ),
    metric(
      "workflow_success_rate",
      gauge("Executions that succeeded, in full or in part"),
      share(over, "succeeded"),
    ),
    metric(
      "workflow_failure_rate",
      gauge("Executions that failed or ran out of time"),
      share(over, "failed"),
    ),
    summary("workflow_duration_seconds", "How long executions took.", over),
    summary("action_processing_time_seconds", "How long actions took, with their retries.", done),
    metric("action_failure_rate", gauge("Actions that failed"), share(done, "failed")),
    summary("batch_processing_time_seconds", "How long batches took.", inBatches),
  ].join("");
}

interface About {
  readonly type: "counter" | "gauge" | "summary";
  readonly help: string;
}

function gauge(help: string): About {
  return { type: "gauge", help: `${help}, of those that are over.` };
}

/** 0 to 1. */
function share(totals: Executions, part: "succeeded" | "failed"): number {
  return totals.count === 0 ? 0 : totals[part] / totals.count;
}

function summary(name: string, help: string, { sum, count }: Totals): string {
  const full = `task_generation_${name}`;
  return `${heading(full, { type: "summary", help })}${full}_sum ${sum / 1000}\n${full}_count ${count}\n`;
}

function metric(name: string, about: About, value: number): string {
  const full = `task_generation_${name}${about.type === "counter" ? "_total" : ""}`;
  return `${heading(full, about)}${full} ${value}\n`;
}

function heading(full: string, { type, help }: About): string {
  return `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n`;
}
