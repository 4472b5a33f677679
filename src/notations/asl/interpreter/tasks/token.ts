/**
 * Waiting for the report of a task token, with a limit on the whole and a limit on the silence between heartbeats.
 *
 * Invariant: after the wait nothing of it is left: no timer, no open token.
 */
import type { Json } from "../../json.ts";
import { StatesError } from "../../states-error.ts";
import type { Attempt } from "../states/task.ts";
import { msOf } from "./call.ts";

export interface TokenOptions {
  readonly take?: ((workerName: string | undefined) => string) | undefined;
  /** The token, if it is not the state's own. */
  readonly token?: string | undefined;
}

/** What was reported. @throws StatesError what was reported; States.Timeout, States.HeartbeatTimeout */
export function tokenOutcome(
  { run, limits }: Attempt,
  { take, token = run.taskToken ?? "" }: TokenOptions = {},
): Promise<Json> {
  const { tokens, world } = run.execution;
  const { promise, resolve, reject } = Promise.withResolvers<Json>();
  const begin = world.now();
  let beatAt = begin;
  let over = false;
  let stop = (): void => {};
  const end = (finish: () => void): void => {
    over = true;
    tokens.close(token);
    stop();
    finish();
  };
  const deadline = begin + (msOf(limits.timeout) ?? Infinity);
  const watch = async (): Promise<void> => {
    for (;;) {
      const silent = beatAt + (msOf(limits.heartbeat) ?? Infinity);
      const due = Math.min(deadline, silent);
      if (due === Infinity) return;
      const [slept, wake] = world.cancelable(() => world.sleepUntil(due));
      stop = wake;
      await slept.catch(() => {});
      if (over) return;
      if (world.now() >= deadline) return end(() => reject(new StatesError("States.Timeout")));
      if (world.now() >= beatAt + (msOf(limits.heartbeat) ?? Infinity))
        return end(() => reject(new StatesError("States.HeartbeatTimeout")));
    }
  };
  tokens.open(token, {
    take,
    beat: () => void (beatAt = world.now()),
    settle: (outcome) => end(() => ("error" in outcome ? reject(outcome.error) : resolve(outcome.value))),
  });
  void watch();
  return promise;
}
