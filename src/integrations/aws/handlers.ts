/**
 * Functions of the program in place of services. A handler runs where Lambda would: its result becomes JSON, and what it throws becomes the failure that a
 * Lambda function on Node shows, `{errorMessage, errorType, stackTrace}`. A StatesError passes as it is.
 */
import type { Json } from "../../notations/asl/json.ts";
import { StatesError } from "../../notations/asl/states-error.ts";
import type { CallOptions, TaskCall } from "../../notations/asl/task-host.ts";
import type { Handler, HandlerContext } from "./options.ts";

const STACK_LINES = 10;

/** The first of the names that has a handler. */
export function findHandler(
  handlers: Readonly<Record<string, Handler>> | undefined,
  names: readonly string[],
): Handler | undefined {
  if (handlers === undefined) return undefined;
  const name = names.find((one) => Object.hasOwn(handlers, one));
  return name === undefined ? undefined : handlers[name];
}

export function handlerContext(call: TaskCall, options: CallOptions, functionName?: string): HandlerContext {
  return {
    functionName,
    resource: call.resource,
    executionArn: call.context.executionArn,
    stateName: call.context.stateName,
    idempotencyKey: options.idempotencyKey,
    taskToken: call.taskToken,
    signal: options.signal,
  };
}

/** @throws StatesError */
export async function callHandler(handler: Handler, input: Json, context: HandlerContext): Promise<Json> {
  let result: unknown;
  try {
    result = await unlessAborted(Promise.resolve(handler(input, context)), context.signal);
  } catch (error) {
    throw failureOf(error);
  }
  return asJson(result);
}

/** A handler that does not look at its signal must not hold the task open. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const stop = (): void => reject(stopped());
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  return promise;
}

/** What a call fails with whose time is over. */
export function stopped(): StatesError {
  return new StatesError("States.Timeout");
}

function failureOf(thrown: unknown): StatesError {
  if (thrown instanceof StatesError) return thrown;
  const errorType = thrown instanceof Error ? thrown.name : typeof thrown;
  const errorMessage = thrown instanceof Error ? thrown.message : String(thrown);
  const stack = thrown instanceof Error ? (thrown.stack ?? "").split("\n") : [];
  const stackTrace = stack.filter((line) => /^\s+at /.test(line)).slice(0, STACK_LINES);
  return new StatesError(errorType, { cause: JSON.stringify({ errorMessage, errorType, stackTrace }) });
}

/** What `JSON.stringify` makes of it; nothing is null. */
function asJson(value: unknown): Json {
  try {
    const text: unknown = JSON.stringify(value);
    return typeof text === "string" ? (JSON.parse(text) as Json) : null;
  } catch (error) {
    const errorType = "Runtime.MarshalError";
    const errorMessage = `The result is not JSON: ${error instanceof Error ? error.message : String(error)}`;
    throw new StatesError(errorType, { cause: JSON.stringify({ errorMessage, errorType }) });
  }
}
