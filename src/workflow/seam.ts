/**
 * The seam: all that workflow code and its engine say to each other.
 *
 * An engine hands in a {@link Seam}; the workflow layer hands back a `RunContext` that takes signals, updates, queries and cancellation.
 * Invariants:
 * - Nothing here reads a clock, a random source or the network; all of that comes through the seam.
 * - A command is emitted only while the engine is delivering an outcome (in a turn). Its answer comes in a later turn.
 */
import type { ParentClosePolicy } from "../core/events.ts";
import type { Duration } from "../core/duration.ts";
import type { RetryPolicy } from "../core/retry.ts";
import type { Scope } from "./scope.ts";

/** Options of an activity: as it is defined, or for one call through `.with()`. */
export interface ActivityOptions {
  /** How long one attempt may run. Default: no limit. */
  readonly startToCloseTimeout?: Duration | undefined;
  /** How long all attempts together may take, waiting included. Default: no limit. */
  readonly scheduleToCloseTimeout?: Duration | undefined;
  /** How long an attempt may wait for a slot. Default: no limit. */
  readonly scheduleToStartTimeout?: Duration | undefined;
  /** How long an attempt may be silent: it must call `heartbeat()` more often than this. Default: no limit. */
  readonly heartbeatTimeout?: Duration | undefined;
  /** Default: 5 calls, exponential from 2 s, factor 2, at most 60 s. */
  readonly retry?: RetryPolicy | undefined;
  /** The task queue whose slots the attempts use. Default: `default`. */
  readonly taskQueue?: string | undefined;
}

/** An activity as the engine needs it. */
export interface ActivityDefinition {
  readonly name: string;
  readonly options: ActivityOptions;
  // Activities of any signature live in one table; the public `Activity` type keeps the real one.
  readonly run: (...args: never[]) => unknown;
}

/** A command whose answer comes later. */
export type Schedule =
  | {
      readonly kind: "activity";
      readonly definition: ActivityDefinition;
      readonly args: readonly unknown[];
      readonly options?: ActivityOptions | undefined;
    }
  | { readonly kind: "timer"; readonly name: string; readonly fireAt: number }
  | {
      readonly kind: "child";
      readonly name: string;
      readonly input: unknown;
      readonly id?: string | undefined;
      readonly parentClose: ParentClosePolicy;
      readonly timeoutMs?: number | undefined;
    };

/** Where the answer goes. Exactly one of the two is called, once. */
export interface Settle {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** What a run knows of itself. */
export interface RunInfo {
  readonly id: string;
  /** 1 for a started run, one more for each `continueAsNew`. */
  readonly generation: number;
  readonly workflow: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Epoch milliseconds; absent: none. */
  readonly deadline?: number | undefined;
  readonly parentId?: string | undefined;
  /** Events in the history up to the outcome that is being delivered. */
  readonly historyLength: number;
}

/** What an engine offers to one run. */
export interface Seam {
  info(): RunInfo;
  /** The time of the outcome being delivered, epoch milliseconds. */
  now(): number;
  /** Seeded; in [0, 1). */
  random(): number;
  /** Throws if durable calls are not allowed now; `call` names the one that is about to be made. */
  mayEmit(call: string): void;
  /** Runs `work` with durable calls forbidden, and throws if it makes one; `what` names it for the error. */
  reading<T>(what: string, work: () => T): T;
  /** Emits a command and returns its number among those with an answer. Throws what makes the call impossible (payload, limits, not in a turn). */
  schedule(command: Schedule, settle: Settle): number;
  /** Takes a command back. For a child this is a request: its answer still comes. */
  withdraw(ref: number, reason?: string): void;
  /** The id of the run that child command `ref` started. */
  childId(ref: number): string;
  signalRun(target: string, name: string, payload: unknown): void;
  /** The version of a change for this run; see `getVersion`. */
  version(changeId: string, min: number, max: number): number;
  completeUpdate(operation: string, outcome: { readonly value: unknown } | { readonly error: unknown }): void;
  /** Ends this run and goes on in a new one. */
  continueAsNew(input: unknown): void;
}

/** Keeps "which scope is running" along asynchronous calls. Node's engine hands in one made of AsyncLocalStorage. */
export interface AsyncContext {
  get(): Scope | undefined;
  run<T>(scope: Scope, work: () => T): T;
}

let holder: AsyncContext | undefined;

/** The engine calls this before it runs any workflow code. */
export function setAsyncContext(context: AsyncContext): void {
  holder = context;
}

/** The scope of the workflow code that is running, if any is. */
export function activeScope(): Scope | undefined {
  return holder?.get();
}

/** Runs `work` as workflow code of `scope`. */
export function runInScope<T>(scope: Scope, work: () => T): T {
  return holder === undefined ? work() : holder.run(scope, work);
}
