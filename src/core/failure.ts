/** Errors in and out of the store: what was thrown becomes a Failure, and a Failure becomes an Error again. */
export { toFailure } from "./failure-capture.ts";
export { activityError, fromFailure } from "./failure-restore.ts";
export type { AttemptFailure, Failure } from "./failure-types.ts";
