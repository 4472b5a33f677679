/** Structured logs: one line of JSON per event, with exactly these fields. */
import type { ExecutionFacts } from "./types.ts";

/** Everything that is logged, in the order in which it can happen. */
export type LogEvent =
  | "workflow_started"
  | "actions_loaded"
  | "batches_created"
  | "generation_started"
  | "generation_reused"
  | "generation_failed"
  | "tasks_generated"
  | "tasks_saved"
  | "action_failed"
  | "batch_completed"
  | "failure_rate_alert"
  | "results_aggregated"
  | "goal_status_updated"
  | "notification_sent"
  | "workflow_succeeded"
  | "workflow_partially_succeeded"
  | "workflow_failed";

export interface LogLine extends ExecutionFacts {
  /** ISO 8601, UTC. */
  readonly timestamp: string;
  readonly level: "INFO" | "WARN" | "ERROR";
  readonly event: LogEvent;
  readonly details: Readonly<Record<string, unknown>>;
}

export type Log = (
  level: LogLine["level"],
  event: LogEvent,
  about: { readonly facts: ExecutionFacts; readonly details?: LogLine["details"] },
) => void;

/** A log that writes lines, with a line feed at the end of each. */
export function createLog(write: (line: string) => void, now: () => number): Log {
  return (level, event, { facts, details = {} }) => {
    const { executionArn, goalId, userId } = facts;
    const timestamp = new Date(now()).toISOString();
    const line: LogLine = { timestamp, level, executionArn, goalId, userId, event, details };
    write(`${JSON.stringify(line)}\n`);
  };
}
