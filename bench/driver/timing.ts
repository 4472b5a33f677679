import { BenchError } from "./subject.ts";

/** Milliseconds that only grow; the origin does not matter. */
export type Now = () => number;

/** How often something is repeated: `times`, or fewer once `limitMs` has passed, but at least `least`. */
export interface Repetition {
  readonly times: number;
  readonly least: number;
  readonly limitMs: number;
  /** Does it once and gives the figure. */
  readonly once: () => Promise<number>;
}

/** Milliseconds that `work` took. */
export async function elapsed(now: Now, work: () => Promise<void>): Promise<number> {
  const start = now();
  await work();
  return now() - start;
}

/** Collects the figures of a repetition, one after the other. */
export async function repeat(now: Now, repetition: Repetition): Promise<number[]> {
  const { times, least, limitMs, once } = repetition;
  const start = now();
  const figures: number[] = [];
  while (figures.length < least || (figures.length < times && now() - start < limitMs))
    figures.push(await once());
  return figures;
}

/** The outcome of `work`, or a BenchError after `ms`. The work itself is not stopped: nothing may be measured after it. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new BenchError(`not done after ${ms / 1_000} s`)), ms);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
