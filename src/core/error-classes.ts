/**
 * The errors that users catch where work can fail: one class per case, each with the facts of its case as fields.
 * All take one options object; `message` and the other parts of DarumaErrorOptions have good defaults.
 */
import { DarumaError, type DarumaErrorOptions, nameClass, setFields } from "./error-base.ts";
import type { ErrorCode } from "./error-catalog.ts";
import { printable } from "./printable.ts";

/** The common parts, all optional, plus the fields of the class. */
type Options<Fields> = Partial<DarumaErrorOptions> & Fields;

/** A name or id in quotation marks, safe to print. */
export function quoted(text: unknown): string {
  return `"${printable(String(text))}"`;
}

function because(reason: string | undefined): string {
  return reason === undefined || reason === "" ? "." : `: ${reason}`;
}

/** One failed call of an activity. `attempt` counts calls from 1; `time` is when the call failed, in ms since 1970. */
export interface ActivityAttempt {
  readonly attempt: number;
  readonly time: number;
  readonly error: Error;
}

/** What activity errors of every class carry once the activity has failed for good. */
export interface ActivityFacts {
  readonly activity?: string | undefined;
  readonly attempts?: readonly ActivityAttempt[] | undefined;
}

/**
 * An activity failed for good. `name`, `message`, `stack`, `cause` and `details` are those of its last error, so that
 * `error instanceof ActivityError` and `error.name === "QuotaError"` both hold. `lastError` is that error itself.
 */
export class ActivityError extends DarumaError {
  declare readonly activity: string;
  declare readonly attempts: readonly ActivityAttempt[];

  static {
    nameClass(this, "ActivityError");
  }

  constructor(options: Options<ActivityFacts & { readonly code?: ErrorCode }>) {
    const { code = "DRM-ACTIVITY-FAILED", activity = "", attempts = [] } = options;
    super(code, { message: `The activity ${quoted(activity)} failed.`, ...options });
    setFields(this, { activity, attempts });
  }

  /** The error of the last call, with its own class, `code` and other fields; undefined if there was no call. */
  get lastError(): Error | undefined {
    return this.attempts.at(-1)?.error;
  }
}

/** What a time limit was set on. */
export type TimeoutKind =
  | "start-to-close"
  | "schedule-to-close"
  | "schedule-to-start"
  | "heartbeat"
  | "block"
  | "receive"
  | "condition"
  | "run";

/** A time limit was reached. `timeout` says which one. */
export class TimeoutError extends DarumaError {
  declare readonly timeout: TimeoutKind;
  declare readonly timeoutMs?: number;
  declare readonly activity?: string;
  declare readonly attempts?: readonly ActivityAttempt[];

  static {
    nameClass(this, "TimeoutError");
  }

  constructor(
    options: Options<
      ActivityFacts & { readonly timeout: TimeoutKind; readonly timeoutMs?: number | undefined }
    >,
  ) {
    const { timeout, timeoutMs, activity, attempts } = options;
    const limit = timeoutMs === undefined ? "" : ` of ${timeoutMs} ms`;
    const subject = options.subject === undefined ? "" : ` of ${quoted(options.subject)}`;
    super("DRM-TIMEOUT", { message: `The ${timeout} time-out${limit}${subject} was reached.`, ...options });
    setFields(this, { timeout, timeoutMs, activity, attempts });
  }
}

/** The run, or the block around the call, was canceled. */
export class CanceledError extends DarumaError {
  declare readonly reason?: string;
  declare readonly activity?: string;
  declare readonly attempts?: readonly ActivityAttempt[];

  static {
    nameClass(this, "CanceledError");
  }

  constructor(options: Options<ActivityFacts & { readonly reason?: string | undefined }> = {}) {
    const { reason, activity, attempts } = options;
    super("DRM-CANCELED", { message: `Canceled${because(reason)}`, ...options });
    setFields(this, { reason, activity, attempts });
  }
}

/** A child run did not complete. `cause` is its error: the workflow's own, or a CanceledError, TimeoutError, … */
export class ChildError extends DarumaError {
  declare readonly runId: string;
  declare readonly workflow: string;

  static {
    nameClass(this, "ChildError");
  }

  constructor(options: Options<{ readonly runId: string; readonly workflow: string }>) {
    const { runId, workflow, cause } = options;
    const why = because(cause instanceof Error ? `${cause.name}: ${cause.message}` : undefined);
    super("DRM-CHILD-FAILED", {
      message: `The child run ${quoted(runId)} of ${quoted(workflow)} did not complete${why}`,
      subject: runId,
      ...options,
    });
    setFields(this, { runId, workflow });
  }
}

/** Too few of several parallel calls can still succeed. `errors` holds the failures, in the order of the calls. */
export class NoQuorumError extends DarumaError {
  declare readonly errors: readonly unknown[];
  declare readonly needed: number;
  declare readonly total: number;

  static {
    nameClass(this, "NoQuorumError");
  }

  constructor(
    options: Options<{
      readonly errors: readonly unknown[];
      readonly needed: number;
      readonly total: number;
    }>,
  ) {
    const { errors, needed, total } = options;
    super("DRM-NO-QUORUM", {
      message: `${errors.length} of ${total} calls failed, so ${needed} can no longer succeed.`,
      ...options,
    });
    setFields(this, { errors: [...errors], needed, total });
  }
}
