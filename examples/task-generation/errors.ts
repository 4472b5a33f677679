/**
 * The errors of the example. The state machine knows them by their names: the first retrier of each state gives up at once on the permanent ones,
 * the second one tries the others again.
 */

/** The input is wrong: another attempt cannot help. */
export class ValidationError extends Error {
  override readonly name: string = "ValidationError";
}

/** Somebody asks for what is not theirs, or a service refuses the credentials. Permanent. */
export class PermissionError extends Error {
  override readonly name: string = "PermissionError";
}

/** The provider's quota is used up. Permanent. */
export class QuotaExceededError extends Error {
  override readonly name: string = "QuotaExceededError";
}

/** The goal is being worked on by another execution. Permanent for this one. */
export class GoalBusyError extends Error {
  override readonly name: string = "GoalBusyError";
}

/** Something was not there, was slow, or answered nonsense: another attempt may help. */
export class TransientError extends Error {
  override readonly name: string = "TransientError";
}

const permanent: ReadonlySet<string> = new Set([
  "ValidationError",
  "PermissionError",
  "QuotaExceededError",
  "GoalBusyError",
]);

/** False for errors that another attempt cannot help. */
export function isRetryable(name: string): boolean {
  return !permanent.has(name);
}

/** One line that says what went wrong, for whatever was thrown. */
export function describeError(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
}

/** The name by which the state machine knows an error. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : "Error";
}
