/**
 * Workflow code that runs outside of the loop's rounds: replays, and the handlers of queries. It gets a macrotask of its own (see watch.ts for why).
 */
import type { Ports, Settle } from "../core/ports.ts";
import { asEngine } from "./async-context.ts";
import type { Watch } from "./watch.ts";

/** What such code runs with. */
export interface AloneHost {
  readonly ports: Pick<Ports, "defer" | "settle">;
  readonly watch: Watch;
  /** The error of code that was cut off. */
  readonly stuck: (site: string | undefined) => Error;
  /** The code took long. */
  readonly slow: () => void;
}

/** A leftover of a turn that was cut off waits here for ever. */
export function gone(): Promise<never> {
  return new Promise<never>(() => {});
}

/** Does `work` with nothing else under way. `work` may wait for nothing but the `settle` that it gets. @throws what it throws; `stuck` if it was cut off */
export function alone<T>(host: AloneHost, work: (settle: Settle) => T | Promise<T>): Promise<T> {
  const { ports, watch } = host;
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const begin = (): void => {
    const turn = watch.begin({ cut: (site) => reject(host.stuck(site)), slow: host.slow });
    const settle = async (): Promise<void> => {
      await ports.settle();
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
  asEngine(() => ports.defer(begin));
  return promise;
}

/** What is thrown at once is a rejection like any other. */
async function attempt<T>(work: () => T | Promise<T>): Promise<T> {
  return work();
}
