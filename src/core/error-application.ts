/** The error that activity code may throw to say how it wants to be retried. */
import { nameClass, setFields } from "./error-base.ts";
import type { Duration } from "./duration.ts";

/** What an ApplicationError can say besides its message. */
export interface ApplicationErrorOptions {
  /** Becomes the `name` of the error: what retry lists and `catch` blocks compare. Default: the name of the class. */
  readonly type?: string;
  /** True: no further attempt is made, whatever the retry policy says. */
  readonly nonRetryable?: boolean;
  /** How long to wait before the next attempt, instead of the policy's delay. */
  readonly retryAfter?: Duration;
  /** Data that the workflow gets with the error; must be a payload. */
  readonly details?: unknown;
  readonly cause?: unknown;
}

/**
 * A failure of user code with a type, data and wishes for its retry. Any other error may say the same by having the
 * properties `nonRetryable: true` or `retryAfter`.
 */
export class ApplicationError extends Error {
  declare readonly type: string;
  declare readonly nonRetryable?: boolean;
  declare readonly retryAfter?: Duration;
  declare readonly details?: unknown;

  static {
    nameClass(this, "ApplicationError");
  }

  constructor(message: string, options: ApplicationErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    const { type = new.target.name || "ApplicationError", nonRetryable, retryAfter, details } = options;
    Object.defineProperty(this, "name", { value: type, writable: true, configurable: true });
    setFields(this, { type, nonRetryable, retryAfter, details });
  }
}
