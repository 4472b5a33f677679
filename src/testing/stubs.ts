/**
 * Stubs: functions that stand in for activities in a test. A stub runs where its activity would: with attempts, time limits, retries and
 * `activityContext()`.
 */
import { ApplicationError } from "../core/errors.ts";
import type { Duration } from "../core/duration.ts";
import type { Activity } from "../workflow/activity.ts";
import { activityContext } from "../workflow/run.ts";
import type { ActivityContext } from "../workflow/run.ts";

/** Any function that can stand in for an activity. */
export type StubFunction = (...args: never[]) => unknown;

/** A stand-in and the name of the activity that it stands in for. */
export interface Stub {
  readonly name: string;
  readonly run: StubFunction;
}

/** Stubs by name of the activity, or what {@link stub} returns (then arguments and results are checked by type). */
export type Stubs = Readonly<Record<string, StubFunction>> | readonly Stub[];

/** An activity, or its name. */
export type ActivityLike = string | { readonly definition: { readonly name: string } };

/** The name of an activity. */
export function activityName(activity: ActivityLike): string {
  return typeof activity === "string" ? activity : activity.definition.name;
}

/** Stubs as a list. */
export function listStubs(stubs: Stubs | undefined): readonly Stub[] {
  if (stubs === undefined || isList(stubs)) return stubs ?? [];
  return Object.entries(stubs).map(([name, run]) => ({ name, run }));
}

function isList(stubs: Stubs): stubs is readonly Stub[] {
  return Array.isArray(stubs);
}

/** A stand-in for an activity, with the activity's own types. */
export function stub<Args extends readonly unknown[], Result>(
  activity: Activity<Args, Result>,
  run: (...args: Args) => Awaited<Result> | Promise<Awaited<Result>>,
): Stub {
  return { name: activity.definition.name, run };
}

/** How a stub fails. */
export interface FailingOptions {
  /** How many attempts of each call fail. Default: all. */
  readonly times?: number | undefined;
  /** What they throw. Default: an `ApplicationError`. */
  readonly error?: Error | undefined;
}

/** Fails the first attempts of each call of the activity, then does what `then` does. */
export function failing<Args extends readonly unknown[], Result = never>(
  options: FailingOptions = {},
  then?: (...args: Args) => Result | Promise<Result>,
): (...args: Args) => Promise<Result> {
  const { times = Number.POSITIVE_INFINITY } = options;
  return async (...args) => {
    const { attempt, activity } = activityContext();
    if (attempt > times && then !== undefined) return then(...args);
    throw options.error ?? new ApplicationError(`Attempt ${attempt} of ${activity} fails in this test.`);
  };
}

const hung: WeakSet<ActivityContext> = new WeakSet();

/** Never returns: it ends only with a time limit, a cancel, or a crash. While it hangs the clock may go on. */
export function hanging(): () => Promise<never> {
  return () => {
    const context = activityContext();
    hung.add(context);
    const { signal } = context;
    return new Promise<never>((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    });
  };
}

/** True for an attempt that will not return by itself. */
export function isHanging(attempt: ActivityContext): boolean {
  return hung.has(attempt);
}

/** How a stub shows that it is alive. */
export interface HeartbeatingOptions {
  /** Virtual time between two heartbeats. */
  readonly every: Duration;
  /** How many heartbeats there are before it ends. */
  readonly times: number;
  /** The details of heartbeat `count`, from 1. Default: the count. */
  readonly details?: ((count: number) => unknown) | undefined;
}

/** Works for a while and says so: waits, sends a heartbeat, and so on; then does what `then` does. */
export function heartbeating<Args extends readonly unknown[], Result>(
  options: HeartbeatingOptions,
  then: (...args: Args) => Result | Promise<Result>,
): (...args: Args) => Promise<Result> {
  const { every, times, details = (count) => count } = options;
  return async (...args) => {
    const context = activityContext();
    for (let count = 1; count <= times; count++) {
      await context.sleep(every);
      context.heartbeat(details(count));
    }
    return then(...args);
  };
}
