/**
 * The statuses of a run and their legal transitions.
 *
 * A run is born `running` and leaves that status once, for good. `paused` is no status: it is a flag on a running run.
 */

/** Where a run stands. One spelling for every surface: table, API, terminal. */
export type RunStatus =
  | "running"
  | "completed"
  | "failed"
  | "canceled"
  | "timed_out"
  | "terminated"
  | "continued_as_new";

/** Every status, in the order in which people expect to read them. */
export const runStatuses: readonly RunStatus[] = [
  "running",
  "completed",
  "failed",
  "canceled",
  "timed_out",
  "terminated",
  "continued_as_new",
];

/** True when a run with this status will never move again. */
export function isClosed(status: RunStatus): boolean {
  return status !== "running";
}
