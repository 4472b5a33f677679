/**
 * The world of a test: one state, once, by plain calls.
 *
 * Invariants:
 * - Nobody waits: a Wait state moves the clock of its test.
 * - What a state does outside goes through `Execution.perform`; here are only the evaluator and the clock.
 */
import { StatesError } from "../states-error.ts";
import type { TaskHost } from "../task-host.ts";
import type { World } from "../interpreter/world.ts";

/** What a test needs from around. */
export interface TestStateTools {
  readonly host: Pick<TaskHost, "evaluate" | "invoke">;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly uuid: () => string;
  /** Aborted after so many milliseconds. */
  readonly deadline: (ms: number) => AbortSignal;
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  /** False: AWS's limits (256 KiB of data, five minutes) do not hold. */
  readonly awsLimits: boolean;
}

/** AWS lets a test run for five minutes ("TestState" in the API reference). */
export const longestTestMs = 300_000;

export function testWorld({ host, now, random, uuid, awsLimits }: TestStateTools): World {
  let waited = 0;
  const clock = (): number => now() + waited;
  return {
    now: clock,
    random,
    uuid,
    sleepUntil: async (time) => {
      const ms = time - clock();
      if (awsLimits && ms > longestTestMs) throw new StatesError("States.Timeout");
      waited += Math.max(0, ms);
    },
    pause: async () => {},
    evaluate: (call) => host.evaluate(call),
    invoke: unused,
    readItems: unused,
    itemsBefore: unused,
    childrenBefore: unused,
    write: unused,
    offer: unused,
    hasActivity: unused,
    resolve: unused,
    start: () => {
      throw notHere();
    },
    wait: unused,
    cancelable: (block) => [block(), () => {}],
  };
}

async function unused(): Promise<never> {
  throw notHere();
}

/** No state gets here: its work is performed elsewhere. */
function notHere(): StatesError {
  return new StatesError("States.Runtime", { cause: "A test of a state reaches nothing outside." });
}
