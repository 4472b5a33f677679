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
import { cancelable, sleep, sleepUntil, waitFor } from "../../../workflow/time.ts";
import { itemActivities, workflowName } from "../execution.ts";
import type { ExecutionFailure } from "../execution.ts";
import type { Json } from "../json.ts";
import { StatesError } from "../states-error.ts";
import type { CallOptions, TaskCall, TaskHost } from "../task-host.ts";
import type { Ending, StartCall, StartedRun, World } from "./world.ts";

/** Not counted against the slots of real work: offers only wait. */
export const offerQueue = "asl-offers";

export function durableWorld(host: TaskHost): World {
  const invoke = once("asl.invoke", (call: Parameters<TaskHost["invoke"]>[0]) =>
    host.invoke(call, callOptions()),
  );
  const evaluate = once("asl.evaluate", (call: Parameters<TaskHost["evaluate"]>[0]) => host.evaluate(call));
  const readItems = once(itemActivities.read, (call: Parameters<TaskHost["readItems"]>[0]) =>
    host.readItems(call, callOptions()),
  );
  const itemsBefore = once(itemActivities.reread, (call: Parameters<TaskHost["itemsBefore"]>[0]) =>
    host.itemsBefore(call, callOptions()),
  );
  const childrenBefore = once("asl.childrenBefore", (call: Parameters<TaskHost["childrenBefore"]>[0]) =>
    host.childrenBefore(call, callOptions()),
  );
  const write = once("asl.write", (call: Parameters<TaskHost["write"]>[0]) =>
    host.write(call, callOptions()),
  );
  const offer = once("asl.offer", (call: Parameters<TaskHost["offer"]>[0]) =>
    host.offer(call, callOptions()),
  );
  const calls = new Calls(invoke);
  const hasActivity = once("asl.hasActivity", (arn: string) => host.hasActivity(arn));
  const resolve = once("asl.resolve", (arn: string, name?: string) =>
    host.resolve({ arn, name, starter: activityContext().runId }, callOptions()),
  );
  return {
    now: () => Date.now(),
    random: () => Math.random(),
    uuid: () => crypto.randomUUID(),
    sleepUntil,
    pause: () => sleep(0),
    invoke: (name, call, timeoutMs) => calls.of(name, timeoutMs)(call).catch(rethrow),
    evaluate: (call) => evaluate(call).catch(rethrow),
    readItems: (call) => readItems(call).catch(rethrow),
    itemsBefore: (call) => itemsBefore(call).catch(rethrow),
    childrenBefore: (call) => childrenBefore(call).catch(rethrow),
    write: (call) => write(call).catch(rethrow),
    offer: (call) => offer.with({ taskQueue: offerQueue })(call).catch(rethrow),
    hasActivity: (arn) => hasActivity(arn).catch(rethrow),
    resolve: (arn, name) => resolve(arn, name).catch(rethrow),
    start,
    wait: (register) => waitFor(register, { kind: "receive", call: "a wait for a task's report" }),
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
  const call = async (...args: Args): Promise<Result> => {
    try {
      return await run(...args);
    } catch (error) {
      throw error instanceof StatesError ? exported(error) : error;
    }
  };
  return activity<Args, Promise<Result>>(name, call, { retry: { maximumAttempts: 1 } });
}

type Invoke = Activity<[call: TaskCall], Promise<Json>>;

/** How many states' calls are kept ready. */
const mostCalls = 1000;

/** Calls to a resource are activities that are named for their state, so that people can tell them apart. */
class Calls {
  readonly #invoke: Invoke;
  readonly #ready: Map<string, Invoke> = new Map();

  constructor(invoke: Invoke) {
    this.#invoke = invoke;
  }

  of(name: string, timeoutMs: number | undefined): Invoke {
    const key = `${timeoutMs ?? ""}/${name}`;
    let call = this.#ready.get(key);
    if (call === undefined) {
      if (this.#ready.size >= mostCalls) this.#ready.clear();
      this.#ready.set(key, (call = this.#make(name, timeoutMs)));
    }
    return call;
  }

  #make(name: string, timeoutMs: number | undefined): Invoke {
    const { options, run } = this.#invoke.definition;
    const limited = timeoutMs === undefined ? options : { ...options, startToCloseTimeout: timeoutMs };
    return activity(name, run as unknown as (call: TaskCall) => Promise<Json>, limited);
  }
}

/** For the history. */
function exported({ error, causeText, message }: StatesError): ApplicationError {
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
  // More than a history takes, or deeper: arguments, or a result.
  const name = error.name === "PayloadError" ? "States.DataLimitExceeded" : error.name;
  return new StatesError(name, { cause: error.message });
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
    cancel: () => handle.cancel(),
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
