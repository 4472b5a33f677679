/**
 * From a Failure back to an Error.
 *
 * Invariants:
 * - it never throws, whatever a damaged or newer store holds;
 * - the result depends on the failure only: no stack of this place, no clock.
 */
import { ActivityError, type ActivityAttempt, type ErrorCode, isErrorCode } from "./errors.ts";
import { builtinClasses, construct } from "./failure-classes.ts";
import { type AttemptFailure, type Failure, reservedProps } from "./failure-types.ts";
import { decodeWith } from "./payload-decode.ts";
import type { Payload } from "./payload-encode.ts";

type Fields = Readonly<Record<string, unknown>>;

function hide(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, writable: true, configurable: true, enumerable: false });
}

function show(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, writable: true, configurable: true, enumerable: true });
}

/** A damaged store may hold anything. */
function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}

function tryDecode(payload: Payload | undefined): unknown {
  try {
    return payload === undefined ? undefined : decodeWith(payload, fromFailure);
  } catch {
    return undefined;
  }
}

function fieldsOf(failure: Failure): Fields {
  const fields = tryDecode(failure.props);
  return typeof fields === "object" && fields !== null ? { ...fields } : {};
}

function restoreParts(failure: Failure): Error[] | undefined {
  return Array.isArray(failure.errors) ? failure.errors.map(fromFailure) : undefined;
}

function restoreAttempts(attempts: readonly AttemptFailure[] | undefined): ActivityAttempt[] | undefined {
  return attempts?.map(({ attempt, time, failure }) => ({ attempt, time, error: fromFailure(failure) }));
}

/** A cause may be any value: one that is no error comes back as itself. */
function restoreCause(cause: Failure): unknown {
  return cause.kind === "value" && cause.details !== undefined
    ? tryDecode(cause.details)
    : fromFailure(cause);
}

function create(failure: Failure, fields: Fields): Error {
  const { name, message, kind, code } = failure;
  const errors = restoreParts(failure);
  const parts = errors === undefined ? fields : { ...fields, errors };
  const known = kind === undefined ? undefined : construct({ kind, message, code, fields: parts });
  if (known !== undefined) return known;
  if (errors !== undefined) return new AggregateError(errors, message);
  return new (builtinClasses.get(name) ?? Error)(message);
}

/** What every restored error gets: texts as they were stored, cause, details, wishes for the retry. */
function dress(error: Error, failure: Failure): void {
  const name = textOr(failure.name, "Error");
  const message = textOr(failure.message, "");
  const stack = textOr(failure.stack, `${name}: ${message}`);
  if (error.name !== name) hide(error, "name", name);
  hide(error, "message", message);
  hide(error, "stack", stack);
  if (failure.cause !== undefined) hide(error, "cause", restoreCause(failure.cause));
  if (failure.details !== undefined) show(error, "details", tryDecode(failure.details));
  if (failure.nonRetryable === true) show(error, "nonRetryable", true);
  if (failure.retryAfterMs !== undefined) show(error, "retryAfter", failure.retryAfterMs);
}

function addFields(error: Error, fields: Fields): void {
  for (const [key, value] of Object.entries(fields)) {
    if (!reservedProps.has(key) && !Object.hasOwn(error, key)) show(error, key, value);
  }
}

function restore(failure: Failure): Error {
  const fields = fieldsOf(failure);
  const error = create(failure, fields);
  dress(error, failure);
  if (failure.code !== undefined) show(error, "code", failure.code);
  const attempts = restoreAttempts(failure.attempts);
  if (attempts !== undefined) show(error, "attempts", attempts);
  addFields(error, fields);
  return error;
}

/** The error that a failure stands for: JavaScript's and Daruma's classes as themselves, others as Error with their name. */
export function fromFailure(failure: object): Error {
  try {
    return restore(failure as Failure);
  } catch {
    return new Error("A stored error cannot be read.");
  }
}

/** Where the failed activity stands; `attempts` with the last one at the end. */
interface FailedActivity {
  readonly activity: string;
  readonly attempts: readonly AttemptFailure[];
}

function activityCode(failure: Failure): ErrorCode | undefined {
  return failure.kind !== undefined && isErrorCode(failure.code) ? failure.code : undefined;
}

/**
 * What workflow code gets when an activity has failed for good: an ActivityError with the name, message, stack, cause
 * and details of the last error, or the TimeoutError or CanceledError that it is. Its attempts are attached.
 */
export function activityError(failure: Failure, facts: FailedActivity): Error {
  const { activity } = facts;
  const attempts = restoreAttempts(facts.attempts) ?? [];
  if (failure.kind === "TimeoutError" || failure.kind === "CanceledError") {
    const error = fromFailure(failure);
    show(error, "activity", activity);
    show(error, "attempts", attempts);
    return error;
  }
  const fields = fieldsOf(failure);
  const code = activityCode(failure);
  const ours = code === undefined ? {} : { ...fields, code };
  const error = new ActivityError({ ...ours, message: failure.message, activity, attempts });
  // A bare DarumaError has no name that says more than that an activity failed.
  dress(error, failure.kind === "DarumaError" ? { ...failure, name: "ActivityError" } : failure);
  addFields(error, fields);
  return error;
}
