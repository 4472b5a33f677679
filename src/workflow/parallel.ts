/**
 * Parallel work beyond `Promise.all`, `race`, `any` and `allSettled` (which work as they are): bounded concurrency, order of completion, k of n.
 */
import type { Duration } from "../core/duration.ts";
import { DarumaError, NoQuorumError, TimeoutError } from "../core/errors.ts";
import { currentScope, watched } from "./scope.ts";
import { cancelable, sleep } from "./time.ts";

/** Calls `work` for each item, at most `concurrency` at a time; results in the order of the items. The first error rejects and starts no more. */
export async function mapConcurrent<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
  options: { readonly concurrency: number },
): Promise<Result[]> {
  const { concurrency } = options;
  if (!Number.isInteger(concurrency) || concurrency < 1) throw badConcurrency(concurrency);
  const results: Result[] = [];
  let next = 0;
  const state = { failed: false };
  const lane = async (): Promise<void> => {
    while (next < items.length && !state.failed) {
      const index = next++;
      // `index` is below the length, so the item is there.
      results[index] = await work(items[index] as Item, index);
    }
  };
  const lanes = Array.from({ length: Math.min(concurrency, items.length) }, lane);
  await Promise.all(lanes).catch((error: unknown) => {
    state.failed = true;
    throw error;
  });
  return results;
}

function badConcurrency(found: unknown): DarumaError {
  return new DarumaError("DRM-INVALID-OPTION", {
    message: "mapConcurrent() was called with a concurrency that is no positive whole number.",
    subject: "concurrency",
    expected: "a whole number from 1",
    found: String(found),
  });
}

/** Yields the results as they come; rejects at the first error. `index` is the position in `promises`. */
export async function* inCompletionOrder<T>(
  promises: Iterable<T>,
): AsyncGenerator<{ readonly index: number; readonly value: Awaited<T> }> {
  const settled: Promise<{ readonly index: number; readonly value: Awaited<T> }>[] = [];
  let news = Promise.withResolvers<void>();
  let open = 0;
  for (const each of promises) {
    const promise = Promise.resolve(each);
    const index = open++;
    const arrive = (): void => {
      // Nobody may come for it any more, once the caller has seen an error before this one.
      settled.push(watched(promise.then((value) => ({ index, value }))));
      news.resolve();
    };
    promise.then(arrive, arrive);
  }
  for (; open > 0; open--) {
    while (settled.length === 0) {
      await news.promise;
      news = Promise.withResolvers<void>();
    }
    // The loop above ends only when there is one.
    yield await (settled.shift() as (typeof settled)[number]);
  }
}

/** What {@link some} found. Results and failures in the order in which they came; `index` is the position in the list of calls. */
export interface SomeResult<T> {
  readonly results: readonly { readonly index: number; readonly value: T }[];
  readonly failures: readonly { readonly index: number; readonly error: unknown }[];
  /** True if the time was over before `count` calls had succeeded. */
  readonly timedOut: boolean;
}

/** Options of {@link some}. */
export interface SomeOptions {
  /** The limit for all together. Default: none. */
  readonly timeout?: Duration | undefined;
  /** With fewer results than this the call rejects. Default: 0, the caller looks at `results`. */
  readonly minimum?: number | undefined;
}

/**
 * k of n: makes all `calls` and goes on as soon as `count` of them have succeeded, none can any more, or the time is over.
 * Failures and stragglers do not block; stragglers are canceled.
 * @throws NoQuorumError with fewer than `minimum` results; `errors` and `cause` hold what failed; CanceledError
 */
export async function some<T>(
  count: number,
  calls: readonly (() => Promise<T>)[],
  options: SomeOptions = {},
): Promise<SomeResult<T>> {
  const around = currentScope("some()");
  const results: { index: number; value: T }[] = [];
  const failures: { index: number; error: unknown }[] = [];
  const enough = Promise.withResolvers<boolean>();
  let over = false;
  const check = (): void => {
    if (results.length >= count || results.length + failures.length === calls.length) enough.resolve(false);
  };
  const [work, stop] = cancelable(async () => {
    for (const [index, call] of calls.entries()) {
      const succeed = (value: T): void => {
        results.push({ index, value });
        check();
      };
      const fail = (error: unknown): void => {
        // What fails after the end was canceled by it.
        if (over) return;
        failures.push({ index, error });
        check();
      };
      call().then(succeed, fail);
    }
    check();
    return limited(enough.promise, options.timeout).finally(() => (over = true));
  });
  const timedOut = await work;
  // That all calls were canceled with the run, or the block around, is no result.
  if (around.canceled !== undefined) throw around.canceled;
  stop("enough of the others have succeeded");
  const found = { results: results.slice(0, count), failures: [...failures], timedOut };
  if (found.results.length < (options.minimum ?? 0))
    throw noQuorum(found, options.minimum ?? 0, calls.length);
  return found;
}

async function limited(enough: Promise<boolean>, timeout: Duration | undefined): Promise<boolean> {
  if (timeout === undefined) return enough;
  return Promise.race([enough, sleep(timeout).then(() => true)]);
}

function noQuorum(found: SomeResult<unknown>, needed: number, total: number): NoQuorumError {
  const errors = found.failures.map(({ error }) => error);
  const late = found.timedOut ? [new TimeoutError({ timeout: "block" })] : [];
  return new NoQuorumError({
    message: `some() found ${found.results.length} results, which are too few.`,
    subject: "some()",
    expected: `at least ${needed}`,
    found: `${found.results.length} results, ${found.failures.length} failures`,
    cause: new AggregateError([...errors, ...late], "the calls that failed"),
    errors,
    needed,
    total,
  });
}
