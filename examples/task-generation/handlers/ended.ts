/** What the last states of the state machine need when an execution is over: its output, what Fail says, and the text of the notification. */
import type { Application } from "../application.ts";
import type { LogEvent, LogLine } from "../log.ts";
import type { ExecutionFacts, WorkflowOutput } from "../types.ts";

export interface Ended {
  readonly output: WorkflowOutput;
  /** The error and the cause of the state Fail; the cause is the output as JSON text, because a failed execution has no other. */
  readonly failure: { readonly Error: string; readonly Cause: string };
  readonly notification: {
    readonly subject: string;
    readonly message: string;
    readonly goalId: string;
    readonly userId: string;
  };
}

const endings: Readonly<Record<WorkflowOutput["status"], readonly [LogLine["level"], LogEvent, string]>> = {
  SUCCEEDED: ["INFO", "workflow_succeeded", "Task generation succeeded"],
  PARTIAL: ["WARN", "workflow_partially_succeeded", "Task generation partially succeeded"],
  FAILED: ["ERROR", "workflow_failed", "Task generation failed"],
};

/** Logs and measures the end, unless that was done before (`isNew` is false), and puts the texts together. */
export function ended(
  app: Application,
  end: {
    readonly facts: ExecutionFacts;
    readonly output: WorkflowOutput;
    /** The name of the error, if the output says `FAILED`. */
    readonly error: string;
    readonly isNew: boolean;
  },
): Ended {
  const { facts, output, error } = end;
  const [level, event, subject] = endings[output.status];
  if (end.isNew) {
    app.log(level, event, { facts, details: { ...output } });
    const failed = output.status === "FAILED";
    app.emit(
      {
        WorkflowExecutionCount: 1,
        WorkflowSuccessRate: failed ? 0 : 100,
        WorkflowFailureRate: failed ? 100 : 0,
        WorkflowDuration: output.duration,
      },
      { executionArn: facts.executionArn, goalId: facts.goalId },
    );
  }
  const failure = { Error: error, Cause: JSON.stringify(output) };
  // An attribute of a message must not be empty, and the ids may be what was wrong.
  const about = { goalId: facts.goalId || "unknown", userId: facts.userId || "unknown" };
  return { output, failure, notification: { subject, message: messageFor(output), ...about } };
}

function messageFor(output: WorkflowOutput): string {
  const { goalId, successCount, failedCount, failedActions, executionArn, error } = output;
  return [
    `Goal ${goalId}: ${successCount} of ${successCount + failedCount} actions have tasks.`,
    ...(failedActions.length === 0 ? [] : [`Failed actions: ${failedActions.join(", ")}.`]),
    ...(error === undefined ? [] : [`Error: ${error}.`]),
    `Execution: ${executionArn}`,
  ].join("\n");
}
