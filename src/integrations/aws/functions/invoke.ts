/**
 * Tasks that call Lambda functions. Who answers: a handler under the function's name, else the Lambda endpoint, else AWS through its SDK.
 * The ARN form returns what the function returned; `lambda:invoke` wraps it as the Invoke API does.
 */
import { randomUUID } from "node:crypto";
import { isObject, textOf, valueOf, type Json, type JsonObject } from "../../../notations/asl/json.ts";
import { StatesError } from "../../../notations/asl/states-error.ts";
import type { CallOptions, TaskCall } from "../../../notations/asl/task-host.ts";
import { notProvided, optimizedFailure, ServiceFailure } from "../failure.ts";
import { callHandler, findHandler, handlerContext } from "../handlers.ts";
import type { Handler, HandlerContext } from "../options.ts";
import { callOnAws } from "./aws.ts";
import type { FunctionAnswer, FunctionCall } from "./call.ts";
import { callEndpoint } from "./endpoint.ts";
import { functionHandlerNames, parseFunctionName } from "./name.ts";
import { invokeResult } from "./result.ts";
import type { World } from "../world.ts";

/** `Resource` is the function's ARN. */
export async function invokeArn(call: TaskCall, options: CallOptions, world: World): Promise<Json> {
  const target = parseFunctionName(call.resource);
  const payload = call.input;
  const request: FunctionCall = {
    target,
    asWritten: call.resource,
    payload,
    invocationType: "RequestResponse",
    signal: options.signal,
  };
  return (await answer(request, call, { options, world })).payload;
}

/** `Resource` is `arn:aws:states:::lambda:invoke`. */
export async function invokeFunction(call: TaskCall, options: CallOptions, world: World): Promise<Json> {
  const input = isObject(call.input) ? call.input : {};
  const asWritten = input["FunctionName"];
  if (typeof asWritten !== "string") throw missing(call.input);
  return invokeResult(await answer(requestOf(asWritten, input, options), call, { options, world }));
}

function missing(input: Json): StatesError {
  return new StatesError("States.Runtime", {
    cause: `The Parameters '${textOf(input)}' could not be used to start the Task: [The field 'FunctionName' is required but was missing]`,
    inState: true,
  });
}

function requestOf(asWritten: string, input: JsonObject, { signal }: CallOptions): FunctionCall {
  const named = parseFunctionName(asWritten);
  const qualifier = text(input["Qualifier"]) ?? named.qualifier;
  const type = input["InvocationType"];
  const context = input["ClientContext"];
  return {
    target: { ...named, qualifier },
    asWritten,
    payload: payloadIn(input["Payload"]),
    invocationType: type === "Event" || type === "DryRun" ? type : "RequestResponse",
    clientContext: isObject(context) ? Buffer.from(textOf(context)).toString("base64") : text(context),
    logType: text(input["LogType"]),
    signal,
  };
}

/**
 * Step Functions sends no payload for null, of which Lambda makes an empty event. A text it sends as it is, so it must be JSON itself: `"\"Ada\""` for the
 * text Ada, and `"{}"` is an empty object.
 */
function payloadIn(payload: Json | undefined): Json | undefined {
  if (typeof payload !== "string") return payload ?? undefined;
  try {
    return valueOf(payload);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw optimizedFailure("lambda", {
      code: "InvalidRequestContentException",
      message: `Could not parse request body into json: Could not parse payload into json: ${reason}`,
      status: 400,
      requestId: randomUUID(),
    });
  }
}

function text(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

async function answer(
  request: FunctionCall,
  call: TaskCall,
  { options, world }: { readonly options: CallOptions; readonly world: World },
): Promise<FunctionAnswer> {
  const { handlers, lambdaEndpoint } = world.options;
  const names = [...functionHandlerNames(request.target, request.asWritten), "lambda:invoke", call.resource];
  const handler = findHandler(handlers, names);
  if (handler !== undefined) {
    return answerOfHandler(handler, request, handlerContext(call, options, request.target.name));
  }
  try {
    if (lambdaEndpoint !== undefined) {
      return await callEndpoint(lambdaEndpoint, request, { client: world.client, ...world.options });
    }
    const answered = await callOnAws(request, world);
    if (answered !== undefined) return answered;
  } catch (error) {
    throw error instanceof ServiceFailure ? optimizedFailure("lambda", error.facts) : error;
  }
  throw nobody(request.target.name);
}

async function answerOfHandler(
  handler: Handler,
  request: FunctionCall,
  context: HandlerContext,
): Promise<FunctionAnswer> {
  if (request.invocationType === "DryRun") return { status: 204, payload: "", length: 0 };
  const work = callHandler(handler, request.payload ?? {}, context);
  if (request.invocationType === "Event") {
    // Whoever calls a function like that does not hear of its failure.
    work.catch(() => undefined);
    return { status: 202, payload: "", length: 0 };
  }
  const payload = await work;
  return {
    status: 200,
    payload,
    length: Buffer.byteLength(textOf(payload)),
    executedVersion: request.target.qualifier ?? "$LATEST",
  };
}

function nobody(name: string): StatesError {
  return notProvided(
    `Nothing answers for the Lambda function ${name}: register a handler under that name, give a Lambda endpoint (lambdaEndpoint, --lambda-endpoint URL), ` +
      "or install @aws-sdk/client-lambda to call the function on AWS.",
  );
}
