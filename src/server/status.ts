/** Which HTTP status goes with an error. Clients of Daruma read the error itself; the status is for people with other tools. */
import { DarumaError } from "../core/errors.ts";
import type { ErrorCode } from "../core/errors.ts";

const statuses: Partial<Record<ErrorCode, number>> = {
  "DRM-RUN-NOT-FOUND": 404,
  "DRM-UNKNOWN-WORKFLOW": 404,
  "DRM-UNKNOWN-QUERY": 404,
  "DRM-UNKNOWN-UPDATE": 404,
  "DRM-DUPLICATE-RUN": 409,
  "DRM-RUN-CLOSED": 409,
  "DRM-NOT-RETRYABLE": 409,
  "DRM-RUN-FAILED": 409,
  "DRM-RUN-CANCELED": 409,
  "DRM-RUN-TERMINATED": 409,
  "DRM-RUN-TIMED-OUT": 409,
  "DRM-NONDETERMINISM": 409,
  "DRM-PAYLOAD-TOO-LARGE": 413,
  "DRM-UPDATE-REJECTED": 422,
  "DRM-INVALID-INPUT": 422,
  "DRM-CLOSED": 503,
  "DRM-STORE-UNAVAILABLE": 503,
  "DRM-STORE-FAILED": 500,
  "DRM-INTERNAL": 500,
};

/** 400 for other errors of Daruma, 500 for what nobody foresaw. */
export function statusOf(error: unknown): number {
  return error instanceof DarumaError ? (statuses[error.code] ?? 400) : 500;
}
