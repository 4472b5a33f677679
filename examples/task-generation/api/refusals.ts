/** What the interface refuses, and how it says so: `{code, message, retryable}` with a status. */
import { describeError, errorName } from "../errors.ts";

export class NotFoundError extends Error {
  override readonly name: string = "NotFoundError";
}

export class NotRunningError extends Error {
  override readonly name: string = "NotRunningError";
}

/** The request itself cannot be understood: method, type, size or form. */
export class RequestError extends Error {
  override readonly name: string = "RequestError";
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface Refusal {
  readonly status: number;
  readonly body: { readonly code: string; readonly message: string; readonly retryable: boolean };
}

const known: Readonly<Record<string, readonly [status: number, code: string, retryable: boolean]>> = {
  ValidationError: [400, "VALIDATION_ERROR", false],
  PermissionError: [403, "PERMISSION_DENIED", false],
  NotFoundError: [404, "NOT_FOUND", false],
  NotRunningError: [409, "NOT_RUNNING", false],
  GoalBusyError: [409, "ALREADY_RUNNING", true],
  TransientError: [503, "UNAVAILABLE", true],
};

/** What an error looks like from outside. An error that nobody expected says nothing of the inside. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof RequestError) {
    const { status, code, message } = error;
    return { status, body: { code, message, retryable: false } };
  }
  const [status, code, retryable] = known[errorName(error)] ?? [500, "INTERNAL_ERROR", true];
  const message = status === 500 ? "Something went wrong inside." : describeError(error);
  return { status, body: { code, message, retryable } };
}
