/** Exit codes: what a script can tell from them. */
import { DarumaError } from "../core/errors.ts";
import type { RunStatus } from "../core/status.ts";

/** 0: done, or the run completed. 1: failed. 2: the command line is wrong. 3: canceled, terminated or timed out. */
export const exitCodes = { done: 0, failed: 1, usage: 2, stopped: 3 } as const;

/** The code for an error. */
export function exitCodeOf(error: unknown): number {
  const code = error instanceof DarumaError ? error.code : undefined;
  switch (code) {
    case "DRM-USAGE":
      return exitCodes.usage;
    case "DRM-RUN-CANCELED":
    case "DRM-RUN-TERMINATED":
    case "DRM-RUN-TIMED-OUT":
      return exitCodes.stopped;
    default:
      return exitCodes.failed;
  }
}

const closings: Partial<Record<string, RunStatus>> = {
  "DRM-RUN-FAILED": "failed",
  "DRM-RUN-CANCELED": "canceled",
  "DRM-RUN-TERMINATED": "terminated",
  "DRM-RUN-TIMED-OUT": "timed_out",
};

/** The status of a closed run whose result was this error; undefined if the error is about something else. */
export function statusOfError(error: unknown): RunStatus | undefined {
  return error instanceof DarumaError ? closings[error.code] : undefined;
}
