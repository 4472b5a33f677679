/** Time in workflows: sleeping, waiting for a condition, limits on blocks, and blocks that a cancel does not reach. */
import { durationMs } from "../core/duration.ts";
import type { Duration } from "../core/duration.ts";
import { CanceledError, DarumaError, TimeoutError } from "../core/errors.ts";
import type { TimeoutKind } from "../core/errors.ts";
import type { FailedTest } from "./run-context.ts";
import { currentScope, durable, inScope, promised, Scope, watched } from "./scope.ts";
import type { Cancel } from "./scope.ts";

/**
 * Waits. Durable, of any length, never early; costs no memory worth speaking of.
 * @throws CanceledError when the run or the block is canceled
 */
export function sleep(duration: Duration): Promise<void> {
  return promised(() => {
    const { seam } = currentScope("sleep()").run;
    return startTimer("sleep", seam.now() + durationMs(duration, "sleep()"));
  });
}

/**
 * Waits until a date, given as such or in epoch milliseconds. A date in the past is due at once.
 * @throws DarumaError DRM-INVALID-DURATION for what is no date; CanceledError
 */
export function sleepUntil(date: Date | number): Promise<void> {
  return promised(() => {
    const fireAt = Math.ceil(Number(date));
    if (Math.abs(fireAt) <= lastDate) return startTimer("sleep", fireAt);
    throw new DarumaError("DRM-INVALID-DURATION", {
      message: "sleepUntil() was called with something that is no date.",
      subject: "sleepUntil()",
      expected: "a valid Date, or its epoch milliseconds",
      found: String(date),
    });
  });
}

/** Milliseconds from the epoch to the last date that a Date can be (ECMA-262, 21.4.1.1). */
const lastDate = 8.64e15;

function startTimer(name: string, fireAt: number): Promise<void> {
  return durable<void>(name, { kind: "timer", name, fireAt });
}

/** The error of a time limit. */
function timedOut(timeout: TimeoutKind, timeoutMs: number, subject?: string): TimeoutError {
  return new TimeoutError({ timeout, timeoutMs, subject });
}

/** How a wait is to be registered: gets the function that ends it, returns the way to give up. */
type Register<T> = (resolve: (value: T) => void) => () => void;

/** What is waited for, for errors. */
export interface WaitOptions {
  readonly kind: TimeoutKind;
  readonly call: string;
  readonly subject?: string | undefined;
  readonly timeout?: Duration | undefined;
}

/** Waits for something that comes from outside, with a limit if one is given. A limit that is reached is in the history as a fired timer. */
export function waitFor<T>(register: Register<T>, options: WaitOptions): Promise<T> {
  const { call, kind, subject, timeout } = options;
  const scope = currentScope(call);
  scope.run.seam.mayEmit(call);
  if (scope.canceled !== undefined) return watched(Promise.reject(scope.canceled));
  const ms = timeout === undefined ? undefined : durationMs(timeout, `the time-out of ${call}`);
  return watched(
    new Promise<T>((resolve, reject) => {
      const limit = new Scope(scope.run, scope);
      let forget = (): void => {};
      const end = (finish: () => void): void => {
        forget();
        scope.done(wait);
        limit.close();
        finish();
      };
      const cancel: Cancel = (error) => end(() => reject(error));
      const wait = scope.add(cancel);
      let met = false;
      forget = register((value) => {
        met = true;
        end(() => resolve(value));
      });
      if (ms === undefined || met) return;
      const timer = inScope(limit, () => startTimer(kind, scope.run.seam.now() + ms));
      timer.then(
        () => end(() => reject(timedOut(kind, ms, subject))),
        () => {},
      );
    }),
  );
}

/**
 * Waits until `test` returns true. It is asked after each turn of the run; it must only read.
 * @throws TimeoutError when `timeout` is over first; CanceledError; what `test` throws
 */
export async function condition(test: () => boolean, timeout?: Duration): Promise<void> {
  const { run } = currentScope("condition()");
  if (run.seam.reading("a condition", test)) return;
  const register: Register<FailedTest | undefined> = (resolve) => run.watch(test, resolve);
  const failed = await waitFor(register, { kind: "condition", call: "condition()", timeout });
  if (failed !== undefined) throw failed.error;
}

/**
 * Runs a block with a time limit. When it is over, what still waits in the block is canceled and the call rejects.
 * The timer goes with the block, and so does every durable call that the block leaves behind.
 * @throws TimeoutError
 */
export function withTimeout<T>(duration: Duration, block: () => Promise<T>): Promise<T> {
  return promised(() => limited(duration, block));
}

function limited<T>(duration: Duration, block: () => Promise<T>): Promise<T> {
  const outer = currentScope("withTimeout()");
  const ms = durationMs(duration, "withTimeout()");
  const inner = new Scope(outer.run, outer);
  const clock = new Scope(outer.run, outer);
  const timer = inScope(clock, () => startTimer("block", outer.run.seam.now() + ms));
  const limit = timer.then(
    () => {
      const error = timedOut("block", ms);
      inner.cancel(error);
      throw error;
    },
    // Canceled from outside: the block has heard it too, and decides itself how it ends.
    () => new Promise<never>(() => {}),
  );
  const body = watched(inScope(inner, async () => block()));
  return endOfBlock(Promise.race([body, watched(limit)]), [clock, inner]);
}

/** Closes the scopes of a block when its promise settles. */
function endOfBlock<T>(block: Promise<T>, scopes: readonly Scope[]): Promise<T> {
  const over = (): void => {
    for (const scope of scopes) scope.close("its block is over");
  };
  return watched(block.finally(over));
}

/** Runs a block that can be canceled by itself: the second value cancels what waits in it. */
export function cancelable<T>(block: () => Promise<T>): [Promise<T>, (reason?: string) => void] {
  const outer = currentScope("cancelable()");
  const inner = new Scope(outer.run, outer);
  const body = endOfBlock(watched(inScope(inner, async () => block())), [inner]);
  return [body, (reason) => inner.cancel(new CanceledError({ reason }))];
}

/** Runs a block that a cancel of the run, or of the block around it, does not reach: for cleaning up. */
export function shielded<T>(block: () => Promise<T>): Promise<T> {
  const outer = currentScope("shielded()");
  const inner = new Scope(outer.run, outer, true);
  return endOfBlock(watched(inScope(inner, async () => block())), [inner]);
}
