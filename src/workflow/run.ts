/** What workflow and activity code can ask about itself, and how a run goes on as a new one. */
import type { Duration } from "../core/duration.ts";
import { DarumaError } from "../core/errors.ts";
import { currentScope, promised } from "./scope.ts";
import type { RunInfo } from "./seam.ts";

/** Facts about the run whose workflow code calls. */
export function runInfo(): RunInfo {
  return currentScope("runInfo()").run.seam.info();
}

/**
 * Ends this run as `continued_as_new` and goes on in a new run with the same id, a fresh history and this input. Unread signals go over.
 * The promise never settles: `return continueAsNew(input)`.
 */
export function continueAsNew(input?: unknown): Promise<never> {
  return promised(() => {
    currentScope("continueAsNew()").run.seam.continueAsNew(input);
    return new Promise<never>(() => {});
  });
}

/** What an activity knows of the call that it is. */
export interface ActivityContext {
  readonly runId: string;
  readonly workflow: string;
  readonly activity: string;
  /** Counts calls from 1. */
  readonly attempt: number;
  /** The same for every attempt of this activity, also after a crash; no other activity has it. */
  readonly idempotencyKey: string;
  /** Aborted when the activity is canceled, times out, or its run closes. Its reason is the error. */
  readonly signal: AbortSignal;
  /** What the last attempt said in its last heartbeat. */
  readonly heartbeatDetails: unknown;
  /** Says that the attempt is alive; `details` reach the next attempt. */
  heartbeat(details?: unknown): void;
  /** Resolves after `duration`; rejects when the activity is aborted. */
  sleep(duration: Duration): Promise<void>;
}

let activityHolder: (() => ActivityContext | undefined) | undefined;

/** The engine calls this before it runs any activity. */
export function setActivityHolder(get: () => ActivityContext | undefined): void {
  activityHolder = get;
}

/** The context of the activity that calls. @throws DarumaError DRM-NOT-IN-ACTIVITY */
export function activityContext(): ActivityContext {
  const context = activityHolder?.();
  if (context !== undefined) return context;
  throw new DarumaError("DRM-NOT-IN-ACTIVITY", {
    message: "activityContext() was called outside of an activity.",
    subject: "activityContext()",
  });
}
