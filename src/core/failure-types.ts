/** The stored form of an error: plain JSON, so that it can be part of an event. */
import type { Payload } from "./payload-encode.ts";

/** One error as it is stored. Everything but `name` and `message` is there only if the error had it. */
export interface Failure {
  /** The error's `name`; for classes that set none, the name of the class. */
  readonly name: string;
  /** Cut at 8,192 characters. */
  readonly message: string;
  /** Cut at 16,384 characters. */
  readonly stack?: string;
  /** The error's `code` if it is a text: a code of the catalogue, or one like "ENOENT". */
  readonly code?: string;
  /** The class of Daruma that the error is an instance of, or "value" for a thrown value that is no error. */
  readonly kind?: string;
  readonly cause?: Failure;
  /** The parts of an AggregateError or NoQuorumError. */
  readonly errors?: readonly Failure[];
  /** The error's `details` (if they cannot be stored: a text that says why); for a thrown value that is no error, the value. */
  readonly details?: Payload;
  /** The calls of the activity that failed, the newest at the end. */
  readonly attempts?: readonly AttemptFailure[];
  /** True: the error asked for no further attempt. */
  readonly nonRetryable?: true;
  /** The delay that the error asked for. */
  readonly retryAfterMs?: number;
  /** A payload of one object: the error's other own properties that can be stored. */
  readonly props?: Payload;
}

/** One failed call of an activity: `attempt` from 1, `time` in ms since 1970; the failure has no attempts of its own. */
export interface AttemptFailure {
  readonly attempt: number;
  readonly time: number;
  readonly failure: Failure;
}

/** Properties of errors that have a field of their own in a Failure, or are set by the engine that made the error. */
export const reservedProps: ReadonlySet<string> = new Set([
  "name",
  "message",
  "stack",
  "cause",
  "details",
  "attempts",
  "nonRetryable",
  "retryAfter",
  "$daruma",
]);
