/** From recorded failures to the errors that workflow code and callers catch. */
import {
  CanceledError,
  ChildError,
  RunCanceledError,
  RunFailedError,
  RunTerminatedError,
  RunTimedOutError,
} from "../core/errors.ts";
import type { ActivityFailed, ChildClosed, Event, OutcomeEvent } from "../core/events.ts";
import { activityError, fromFailure } from "../core/failure.ts";
import type { AttemptFailure } from "../core/failure.ts";
import type { Schedule } from "../workflow/seam.ts";

/** The error of an activity or a child that did not complete. */
export function failureOf(
  event: Extract<OutcomeEvent, { ref: number }>,
  command: Schedule,
  childId: string | undefined,
): Error {
  if (event.type === "activity_failed") return activityFailure(event, command);
  if (event.type === "child_closed") return childFailure(event, command, childId ?? "");
  return new CanceledError();
}

function activityFailure(event: ActivityFailed, command: Schedule): Error {
  const activity = command.kind === "activity" ? command.definition.name : "";
  const attempts: readonly AttemptFailure[] = event.failure.attempts ?? [];
  return activityError(event.failure, { activity, attempts });
}

function childFailure(event: ChildClosed, command: Schedule, runId: string): Error {
  const workflow = command.kind === "child" ? command.name : "";
  return new ChildError({ runId, workflow, cause: childCause(event, runId) });
}

function childCause(event: ChildClosed, runId: string): Error {
  const failure = event.failure === undefined ? undefined : fromFailure(event.failure);
  switch (event.status) {
    case "canceled":
      return new CanceledError({ reason: event.failure?.message });
    case "timed_out":
      return new RunTimedOutError({ runId });
    case "terminated":
      return new RunTerminatedError({ runId, reason: event.failure?.message });
    default:
      return failure ?? new RunFailedError({ runId });
  }
}

/** The error with which `result()` of a run rejects that closed with `event`. */
export function closingError(event: Event, runId: string): Error {
  switch (event.type) {
    case "run_failed":
      return new RunFailedError({ runId, cause: fromFailure(event.failure) });
    case "run_canceled":
      return new RunCanceledError({ runId, reason: event.reason });
    case "run_timed_out":
      return new RunTimedOutError({ runId });
    case "run_terminated":
      return new RunTerminatedError({ runId, reason: event.reason });
    default:
      return new RunFailedError({ runId });
  }
}
