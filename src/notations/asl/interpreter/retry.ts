/**
 * Retry and Catch (Amazon States Language specification, "Errors").
 *
 * Invariants:
 * - Retriers are looked at in their order; each counts its own retries.
 * - States.Runtime is never retried and never caught: the execution itself is wrong.
 */
import type { Catcher, Retrier, State } from "../model.ts";
import type { JsonObject } from "../json.ts";
import { writeResult } from "../path/result-path.ts";
import type { StatesError } from "../states-error.ts";
import type { Outcome, StateRun } from "./state-run.ts";

/** True if a retrier's or catcher's names contain the error. */
function matches(names: readonly string[], { error }: StatesError): boolean {
  if (error === "States.Runtime") return false;
  return names.some(
    (name) =>
      name === error ||
      name === "States.ALL" ||
      (name === "States.TaskFailed" && error !== "States.Timeout") ||
      (name === "States.Timeout" && error === "States.HeartbeatTimeout"),
  );
}

/** Which retrier an error is for: its number, or -1. */
export function retrierFor({ state }: StateRun, error: StatesError): number {
  return retriersOf(state).findIndex(({ ErrorEquals }) => matches(ErrorEquals, error));
}

/** Which catcher an error is for: its number, or -1. */
export function catcherFor({ state }: StateRun, error: StatesError): number {
  return catchersOf(state).findIndex(({ ErrorEquals }) => matches(ErrorEquals, error));
}

function retriersOf(state: State): readonly Retrier[] {
  return ("Retry" in state ? state.Retry : undefined) ?? [];
}

function catchersOf(state: State): readonly Catcher[] {
  return ("Catch" in state ? state.Catch : undefined) ?? [];
}

/** How many milliseconds to wait before the next attempt; undefined: there is none. Counts the attempt. */
export function retryDelay(run: StateRun, error: StatesError): number | undefined {
  const at = retrierFor(run, error);
  const retrier = retriersOf(run.state)[at];
  if (retrier === undefined) return undefined;
  const done = run.retries.get(at) ?? 0;
  if (done >= (retrier.MaxAttempts ?? 3)) return undefined;
  run.retries.set(at, done + 1);
  run.retryCount++;
  return delayOf(retrier, done, run.execution.world.random());
}

/** `done`: retries of this retrier so far. `random`: in [0, 1), for full jitter. */
export function delayOf(retrier: Retrier, done: number, random: number): number {
  const {
    IntervalSeconds = 1,
    BackoffRate = 2,
    MaxDelaySeconds = Infinity,
    JitterStrategy = "NONE",
  } = retrier;
  const seconds = Math.min(IntervalSeconds * BackoffRate ** done, MaxDelaySeconds);
  const ms = Math.min(Math.round(seconds * 1000), longestDelayMs);
  return JitterStrategy === "FULL" ? Math.floor(random * ms) : ms;
}

/** AWS's longest execution: a year. */
const longestDelayMs = 31_536_000_000;

/** Where the first catcher that knows the error leads; undefined: none does. */
export async function caught(run: StateRun, error: StatesError): Promise<Outcome | undefined> {
  const catcher = catchersOf(run.state)[catcherFor(run, error)];
  if (catcher === undefined) return undefined;
  const errorOutput = outputOf(error);
  const assigned = await run.assigned(catcher.Assign, errorOutput, { errorOutput });
  const { Next: next } = catcher;
  if (!run.isJsonata)
    return { output: writeResult(run.input, catcher.ResultPath, errorOutput), next, assigned };
  const output =
    catcher.Output === undefined
      ? errorOutput
      : await run.evaluate(catcher.Output, "Output", { errorOutput });
  return { output, next, assigned };
}

/** The error as data: what a catcher gets. */
function outputOf({ error, causeText }: StatesError): JsonObject {
  return {
    ...(error === undefined ? {} : { Error: error }),
    ...(causeText === undefined ? {} : { Cause: causeText }),
  };
}

/** The event that says that a state with others inside has failed. States.Runtime ends the execution without one. */
export function logStateFailed(run: StateRun, error: StatesError): void {
  const { Type } = run.state;
  if ((Type === "Map" || Type === "Parallel") && error.error !== "States.Runtime")
    run.frame.log(`${Type}StateFailed`);
}
