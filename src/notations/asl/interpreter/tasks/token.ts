/**
 * Waiting for the report of a task token, with a limit on the whole and a limit on the silence between heartbeats.
 *
 * Invariants:
 * - After the wait nothing of it is left, however it ended: no timer, no open token.
 * - Silence is counted from the start of the task; for the task of an activity from the moment in which a worker has taken it.
 */
import type { Json } from "../../json.ts";
import type { Outcome } from "../tokens.ts";
import type { Attempt } from "../states/task.ts";
import { GivenOutAgain } from "../waits.ts";
import { Watch } from "./watch.ts";

export interface TokenOptions {
  readonly take?: ((workerName: string | undefined) => string) | undefined;
  /** The token, if it is not the state's own. */
  readonly token?: string | undefined;
}

/** What was reported. @throws StatesError what was reported; States.Timeout, States.HeartbeatTimeout; GivenOutAgain */
export async function tokenOutcome(
  { run, limits }: Attempt,
  { take, token = run.taskToken ?? "" }: TokenOptions = {},
): Promise<Json> {
  const { tokens, waits, world } = run.execution;
  const outcome = await world.wait<Outcome>((settle) => {
    const watch = new Watch(world, { ...limits, settle, quiet: take !== undefined });
    tokens.open(token, {
      settle,
      beat: () => watch.beat(),
      take:
        take &&
        ((workerName) => {
          watch.begin();
          return take(workerName);
        }),
    });
    waits.open(run.entered, () => settle({ again: true }));
    return () => {
      waits.close(run.entered);
      tokens.close(token);
      watch.end();
    };
  });
  if ("value" in outcome) return outcome.value;
  if ("again" in outcome) throw new GivenOutAgain();
  waits.failed(run.entered);
  throw outcome.error;
}
