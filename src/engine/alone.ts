/**
 * Workflow code that runs outside of the loop's rounds: replays, and the handlers of queries. It gets a macrotask of its own (see watch.ts for why).
 */
import { DarumaError } from "../core/errors.ts";
import type { Settle } from "../core/ports.ts";
import { asEngine } from "./async-context.ts";
import type { EngineState } from "./state.ts";

/** A run, as people know it. */
export interface Named {
  readonly id: string;
  readonly workflow: string;
}

type Host = Pick<EngineState, "options" | "watch">;

/** A leftover of a turn that was cut off waits here for ever. */
export function gone(): Promise<never> {
  return new Promise<never>(() => {});
}

/**
 * Does `work`, which runs code of `run`, with nothing else under way. It may wait for nothing but the `settle` that it gets.
 * @throws what `work` throws; DarumaError DRM-STUCK-TURN if it was cut off
 */
export function alone<T>(state: Host, run: Named, work: (settle: Settle) => T | Promise<T>): Promise<T> {
  const { watch, options } = state;
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const begin = (): void => {
    const turn = watch.begin({
      cut: (site) => reject(stuckError(state, run, site)),
      slow: () => tellSlow(state, [run]),
    });
    const settle = async (): Promise<void> => {
      await options.ports.settle();
      if (!watch.still(turn)) await gone();
    };
    const over = (finish: () => void): void => {
      watch.end(turn);
      finish();
    };
    attempt(() => work(settle)).then(
      (value) => over(() => resolve(value)),
      (error: unknown) => over(() => reject(error)),
    );
  };
  asEngine(() => options.ports.defer(begin));
  return promise;
}

/** What is thrown at once is a rejection like any other. */
async function attempt<T>(work: () => T | Promise<T>): Promise<T> {
  return work();
}

/** The error of code that was cut off. */
export function stuckError(
  { options }: Host,
  { id, workflow }: Named,
  site: string | undefined,
): DarumaError {
  const where = site === undefined ? "" : ` at ${site}`;
  const error = new DarumaError("DRM-STUCK-TURN", {
    message: `The code of workflow ${workflow}, run ${id}, did not give the thread back${where}.`,
    subject: id,
    expected: `a durable call or the end of the function within ${options.limits.turnMs} ms (limits.turnMs)`,
  });
  return Object.assign(error, { site });
}

/** True for the error of code that was cut off. */
export function isStuck(error: unknown): boolean {
  return error instanceof DarumaError && error.code === "DRM-STUCK-TURN";
}

/** Tells of code that took long and ended. */
export function tellSlow({ options }: Host, runs: readonly Named[]): void {
  const [first] = runs;
  const others = runs.length > 1 ? `, or of ${runs.length - 1} others with it,` : "";
  const { turnMs } = options.limits;
  const message = `The code of workflow ${first?.workflow}, run ${first?.id}${others} kept the thread for more than half of the ${turnMs} ms that it may (limits.turnMs).`;
  options.telemetry({
    level: "warn",
    event: "slow_turn",
    message,
    runId: first?.id,
    workflow: first?.workflow,
  });
}
