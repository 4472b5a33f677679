/**
 * Waiting for another execution, with a limit on the time that it may take if there is one.
 *
 * Invariants:
 * - An execution whose time is over is stopped.
 * - A retry for that goes on with the execution where it was stopped, and the time counts anew.
 * - When the wait itself is canceled, it ends with that, whatever becomes of the execution.
 */
import { StatesError } from "../../states-error.ts";
import type { Attempt } from "../states/task.ts";
import type { Ending, StartedRun } from "../world.ts";
import { msOf } from "./call.ts";

/** How it ended. `from`: when its time began, epoch milliseconds. @throws StatesError States.Timeout */
export async function withLimit(
  { run, limits }: Attempt,
  started: StartedRun,
  from: number,
): Promise<Ending> {
  const { waits, world } = run.execution;
  const ms = msOf(limits.timeout);
  const { promise: late, reject } = Promise.withResolvers<never>();
  let stop = (): void => {};
  const over = (): void => {
    started.cancel();
    waits.failed(run.entered);
    reject(new StatesError("States.Timeout"));
  };
  const arm = (begin: number): void => {
    const [waited, wake] = world.cancelable(() =>
      ms === undefined ? world.wait<void>(() => () => {}) : world.sleepUntil(begin + ms),
    );
    stop = wake;
    // Canceled by whoever cancels the task, not because the time begins anew.
    waited.then(over, (error: Error) => void (stop === wake && reject(error)));
  };
  arm(from);
  waits.open(run.entered, () => {
    stop();
    arm(world.now());
  });
  return await Promise.race([started.ending(), late]).finally(() => {
    waits.close(run.entered);
    stop();
  });
}
