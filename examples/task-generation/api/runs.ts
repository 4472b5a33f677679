/** What the REST interface needs of whatever runs the workflow. */
import type { WorkflowInput } from "../types.ts";

/** How a run ended, in Daruma's words. */
export type RunEnd = "completed" | "failed" | "canceled" | "timed_out" | "terminated";

export interface Runs {
  /** The ARN that the run with this id has as an execution. */
  arnOf(id: string): string;
  /** Starts a run; resolves when it is durable. */
  start(id: string, input: WorkflowInput): Promise<void>;
  /** Asks it to stop. */
  cancel(id: string): Promise<void>;
  /** Where it stands; undefined: there is no such run. */
  status(id: string): Promise<"running" | RunEnd | undefined>;
  /** Resolves when the run has ended. */
  ended(id: string): Promise<RunEnd>;
}
