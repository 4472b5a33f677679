/** The errors that callers of a run catch: how it ended, and why a call about it was refused. */
import { DarumaError, type DarumaErrorOptions, nameClass, setFields } from "./error-base.ts";
import { quoted } from "./error-classes.ts";
import type { ErrorCode } from "./error-catalog.ts";

/** What these errors say about a run. */
export interface RunErrorOptions extends Partial<DarumaErrorOptions> {
  readonly runId: string;
  readonly workflow?: string | undefined;
  /** Why it was canceled or terminated. */
  readonly reason?: string | undefined;
  /** The run's status, where the error is about it. */
  readonly status?: string | undefined;
}

/** The common base of the errors about one run; users catch its subclasses. */
class RunError extends DarumaError {
  declare readonly runId: string;
  declare readonly workflow?: string;
  declare readonly reason?: string;
  declare readonly status?: string;

  constructor(code: ErrorCode, what: string, options: RunErrorOptions) {
    const { runId, workflow, reason, status } = options;
    const why = reason === undefined || reason === "" ? "." : `: ${reason}`;
    super(code, { message: `The run ${quoted(runId)} ${what}${why}`, subject: runId, ...options });
    setFields(this, { runId, workflow, reason, status });
  }
}

/** The workflow threw an error, which is `cause`. */
export class RunFailedError extends RunError {
  static {
    nameClass(this, "RunFailedError");
  }
  constructor(options: RunErrorOptions) {
    const { cause } = options;
    super(
      "DRM-RUN-FAILED",
      cause instanceof Error ? `failed: ${cause.name}: ${cause.message}` : "failed",
      options,
    );
  }
}

/** The run was canceled and has ended. */
export class RunCanceledError extends RunError {
  static {
    nameClass(this, "RunCanceledError");
  }
  constructor(options: RunErrorOptions) {
    super("DRM-RUN-CANCELED", "was canceled", options);
  }
}

/** The run reached its own time limit. */
export class RunTimedOutError extends RunError {
  static {
    nameClass(this, "RunTimedOutError");
  }
  constructor(options: RunErrorOptions) {
    super("DRM-RUN-TIMED-OUT", "reached its time limit", options);
  }
}

/** The run was ended at once, with no chance to clean up. */
export class RunTerminatedError extends RunError {
  static {
    nameClass(this, "RunTerminatedError");
  }
  constructor(options: RunErrorOptions) {
    super("DRM-RUN-TERMINATED", "was terminated", options);
  }
}

/** A run with this id exists already. */
export class DuplicateRunError extends RunError {
  static {
    nameClass(this, "DuplicateRunError");
  }
  constructor(options: RunErrorOptions) {
    super("DRM-DUPLICATE-RUN", "exists already", options);
  }
}

/** The store knows no run with this id. */
export class RunNotFoundError extends RunError {
  static {
    nameClass(this, "RunNotFoundError");
  }
  constructor(options: RunErrorOptions) {
    super("DRM-RUN-NOT-FOUND", "is not known", options);
  }
}

/** The run has ended and takes no more messages. */
export class RunClosedError extends RunError {
  static {
    nameClass(this, "RunClosedError");
  }
  constructor(options: RunErrorOptions) {
    super(
      "DRM-RUN-CLOSED",
      `is closed${options.status === undefined ? "" : ` (${options.status})`}`,
      options,
    );
  }
}
