/**
 * The world of a run: every call is durable.
 *
 * Invariants:
 * - The outside is reached through activities only, one attempt each: retrying is the state machine's matter.
 * - A StatesError crosses the history as an ApplicationError whose `type` is the error and whose `details` have error and cause.
 */
import {
  ApplicationError,
  CanceledError,
  ChildError,
  DuplicateRunError,
  RunTerminatedError,
  RunTimedOutError,
  TimeoutError,
} from "../../../core/errors.ts";
import { activity } from "../../../workflow/activity.ts";
import type { Activity } from "../../../workflow/activity.ts";
import { child } from "../../../workflow/child.ts";
import { activityContext } from "../../../workflow/run.ts";
import { cancelable, sleep, sleepUntil } from "../../../workflow/time.ts";
import { workflowName } from "../execution.ts";
import type { ExecutionFailure } from "../execution.ts";
import type { Json } from "../json.ts";
import { StatesError } from "../states-error.ts";
import type { CallOptions, TaskHost } from "../task-host.ts";
import type { Ending, StartCall, StartedRun, World } from "./world.ts";

/** Not counted against the slots of real work: offers only wait. */
export const offerQueue = "asl-offers";

export function durableWorld(host: TaskHost): World {
  const invoke = once("asl.invoke", (call: Parameters<TaskHost["invoke"]>[0]) =>
    host.invoke(call, callOptions()),
  );
  const evaluate = once("asl.evaluate", (call: Parameters<TaskHost["evaluate"]>[0]) => host.evaluate(call));
  const readItems = once("asl.readItems", (call: Parameters<TaskHost["readItems"]>[0]) =>
    host.readItems(call, callOptions()),
  );
  const write = once("asl.write", (call: Parameters<TaskHost["write"]>[0]) =>
    host.write(call, callOptions()),
  );
  const offer = once("asl.offer", (call: Parameters<TaskHost["offer"]>[0]) =>
    host.offer(call, callOptions()),
  );
  const hasActivity = once("asl.hasActivity", (arn: string) => host.hasActivity(arn));
  const resolve = once("asl.resolve", (arn: string) => host.resolve(arn));
  return {
    now: () => Date.now(),
    random: () => Math.random(),
    uuid: () => crypto.randomUUID(),
    sleepUntil,
    pause: () => sleep(0),
    invoke: (name, call, timeoutMs) => named(invoke, name, timeoutMs)(call).catch(rethrow) as Promise<Json>,
    evaluate: (call) => evaluate(call).catch(rethrow),
    readItems: (call) => readItems(call).catch(rethrow),
    write: (call) => write(call).catch(rethrow),
    offer: (call) => offer.with({ taskQueue: offerQueue })(call).catch(rethrow),
    hasActivity: (arn) => hasActivity(arn).catch(rethrow),
    resolve: (arn) => resolve(arn).catch(rethrow),
    start,
    cancelable,
  };
}

function callOptions(): CallOptions {
  const { signal, idempotencyKey } = activityContext();
  return { signal, idempotencyKey };
}

function once<Args extends unknown[], Result>(
  name: string,
  run: (...args: Args) => Promise<Result>,
): Activity<Args, Promise<Result>> {
  return activity(
    name,
    async (...args: Args) => {
      try {
        return await run(...args);
      } catch (error) {
        throw error instanceof StatesError ? exported(error) : error;
      }
    },
    { retry: { maximumAttempts: 1 } },
  ) as Activity<Args, Promise<Result>>;
}

/** Calls to a resource are named for their state, so that people can tell them apart. */
function named<Args extends unknown[], Result>(
  { definition }: Activity<Args, Result>,
  name: string,
  timeoutMs: number | undefined,
): Activity<Args, Result> {
  const options =
    timeoutMs === undefined ? definition.options : { ...definition.options, startToCloseTimeout: timeoutMs };
  return activity(name, definition.run as unknown as (...args: Args) => Result, options);
}

/** For the history. */
export function exported({ error, causeText, message }: StatesError): ApplicationError {
  const details: ExecutionFailure = { error, cause: causeText };
  return new ApplicationError(message, {
    type: error === undefined || error === "" ? "Error" : error,
    nonRetryable: true,
    details,
  });
}

/** From the history. */
function rethrow(error: unknown): never {
  if (error instanceof TimeoutError) throw new StatesError("States.Timeout");
  if (error instanceof CanceledError || !(error instanceof Error)) throw error;
  throw imported(error);
}

function imported(error: Error & { readonly details?: unknown }): StatesError {
  const { details } = error;
  if (typeof details === "object" && details !== null && ("error" in details || "cause" in details)) {
    const failure = details as ExecutionFailure;
    return new StatesError(failure.error, { cause: failure.cause });
  }
  return new StatesError(error.name, { cause: error.message });
}

function start({ workflow, input, id, detached, timeoutMs }: StartCall): StartedRun {
  const handle = child.start<unknown, unknown>(workflow, input, {
    id,
    parentClose: detached ? "abandon" : "terminate",
    timeout: timeoutMs,
  });
  const result = handle.result();
  result.catch(() => {});
  // An execution's result is a text already; other workflows have values.
  const text = (output: unknown): string =>
    workflow === workflowName ? String(output) : JSON.stringify(output ?? null);
  return {
    id,
    ending: () =>
      result.then((output): Ending => ({ status: "SUCCEEDED", output: text(output) }), failedEnding),
  };
}

function failedEnding(error: unknown): Ending {
  if (!(error instanceof ChildError)) throw error;
  const { cause } = error;
  if (cause instanceof DuplicateRunError)
    throw new StatesError("StepFunctions.ExecutionAlreadyExistsException", {
      cause: `Execution Already Exists: '${error.runId}'`,
    });
  if (cause instanceof RunTimedOutError) return { status: "TIMED_OUT", error: "States.Timeout" };
  if (cause instanceof RunTerminatedError || cause instanceof CanceledError) return { status: "ABORTED" };
  const failure = cause instanceof Error ? imported(cause) : new StatesError(undefined);
  return { status: "FAILED", error: failure.error, cause: failure.causeText };
}
