/** From what code returned or threw to what a history keeps. */
import { toFailure } from "../core/failure.ts";
import type { Failure } from "../core/failure.ts";
import type { Limits } from "../core/limits.ts";
import type { Payload } from "../core/payload.ts";
import { encodeOptional } from "./commands.ts";

/** How a function ended. */
export type Ended = { readonly value: unknown } | { readonly error: unknown };

/** A result or a failure, ready for an event. A result that cannot be stored is a failure. */
export function answerOf(
  ended: Ended,
  limits: Limits,
  subject: string,
): { result?: Payload; failure?: Failure } {
  if ("error" in ended) return { failure: toFailure(ended.error) };
  try {
    const result = encodeOptional(ended.value, limits, subject);
    return result === undefined ? {} : { result };
  } catch (error) {
    return { failure: toFailure(error) };
  }
}
