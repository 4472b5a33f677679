/** The workflow code of this copy of Daruma that is running: by the async context, and only if this engine runs it. */
import { runningScope } from "../async-context.ts";
import { Execution } from "../execution.ts";

export function runningExecution(): Execution | undefined {
  const seam = runningScope()?.run.seam;
  return seam instanceof Execution ? seam : undefined;
}
