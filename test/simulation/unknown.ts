/** Errors after which nobody knows what became of an operation, or after which another worker may know more: it is to be repeated. */
import { DarumaError } from "../../src/core/errors.ts";

const codes: ReadonlySet<string> = new Set([
  "DRM-STORE-UNAVAILABLE",
  "DRM-FENCED",
  "DRM-CLOSED",
  // The run is with another worker, or only another one has its workflow.
  "DRM-QUERY-FAILED",
  "DRM-UNKNOWN-WORKFLOW",
]);

export function isUnknown(error: unknown): boolean {
  return error instanceof DarumaError && codes.has(error.code);
}
