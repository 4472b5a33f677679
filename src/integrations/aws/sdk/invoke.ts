/** A task on an AWS service through the AWS SDK. Its failures are worded as Step Functions words them. */
import { randomUUID } from "node:crypto";
import { isObject, type Json } from "../../../notations/asl/json.ts";
import { StatesError } from "../../../notations/asl/states-error.ts";
import { notProvided, optimizedFailure, sdkFailure, type FailureFacts } from "../failure.ts";
import { stopped } from "../handlers.ts";
import { headerName, sdkMetadata } from "../http/metadata.ts";
import type { Target } from "../resource.ts";
import type { Command, Sdk, SdkClients } from "./clients.ts";
import { fromSdk, toSdk } from "./convert.ts";
import { packageOf } from "./names.ts";

export type ServiceTarget = Extract<Target, { kind: "service" }>;

/** @throws StatesError, also where the package is not installed */
export async function invokeSdk(
  target: ServiceTarget,
  input: Json,
  { clients, signal }: { readonly clients: SdkClients; readonly signal: AbortSignal },
): Promise<Json> {
  const sdk = await clients.of(target.service, target.sdk);
  if (sdk === undefined) throw notInstalled(target);
  const command = sdk.command(target.action);
  if (command === undefined) {
    const name = packageOf(target.service, target.sdk);
    throw notProvided(`${name} has no action ${target.action}. Is it spelled in camelCase, and new enough?`);
  }
  try {
    return target.sdk
      ? await plainCall(sdk, command, { input, signal })
      : await wrappedCall(sdk, command, { input, signal });
  } catch (error) {
    throw signal.aborted ? stopped() : failureOf(error, sdk, target);
  }
}

interface Sent {
  readonly input: Json;
  readonly signal: AbortSignal;
}

/** `aws-sdk:`: the output, and nothing else. */
async function plainCall(sdk: Sdk, command: Command, { input, signal }: Sent): Promise<Json> {
  const output = await sdk.client.send(command.make(toSdk(input, command.input)), { abortSignal: signal });
  return fromSdk(output, command.output);
}

/** Optimized: what the HTTP answer was like comes with it. */
async function wrappedCall(sdk: Sdk, command: Command, { input, signal }: Sent): Promise<Json> {
  const made = command.make(toSdk(input, command.input));
  let headers: readonly (readonly [string, string])[] = [];
  watchHeaders(made, (seen) => (headers = seen));
  const output = await sdk.client.send(made, { abortSignal: signal });
  const { statusCode, requestId } = metadataOf(output);
  const result = await fromSdk(output, command.output);
  return { ...(isObject(result) ? result : {}), ...sdkMetadata(statusCode, requestId, headers) };
}

type Next = (
  call: object,
) => Promise<{ readonly response?: { readonly headers?: Readonly<Record<string, string>> } }>;

/** The SDK shows headers only to its middleware. */
function watchHeaders(
  command: object,
  seen: (headers: readonly (readonly [string, string])[]) => void,
): void {
  const { middlewareStack } = command as Pick<Sdk["client"], "middlewareStack">;
  const middleware = (next: Next) => async (call: object) => {
    const result = await next(call);
    const headers = Object.entries(result.response?.headers ?? {});
    seen(headers.map(([name, value]) => [headerName(name.toLowerCase()), value]));
    return result;
  };
  middlewareStack.add(middleware, { step: "deserialize", name: "darumaHeaders", override: true });
}

function metadataOf(holder: object): { readonly statusCode: number; readonly requestId: string } {
  const data = "$metadata" in holder ? (holder.$metadata as Record<string, unknown>) : {};
  const { httpStatusCode, requestId } = data;
  return {
    statusCode: typeof httpStatusCode === "number" ? httpStatusCode : 0,
    requestId: typeof requestId === "string" ? requestId : randomUUID(),
  };
}

function failureOf(error: unknown, sdk: Sdk, target: ServiceTarget): unknown {
  if (error instanceof StatesError || !(error instanceof Error)) return error;
  const { statusCode } = metadataOf(error);
  if (statusCode === 0) return clientFailure(error, sdk, target);
  return target.sdk
    ? sdkFailure(sdk.name, factsOf(error, sdk))
    : optimizedFailure(target.service, factsOf(error, sdk));
}

/** No answer came: credentials, network. Java's name for that. */
function clientFailure(error: Error, sdk: Sdk, target: ServiceTarget): StatesError {
  const prefix = target.sdk
    ? sdk.name
    : (optimizedFailure(target.service, NOTHING).error?.split(".")[0] ?? "");
  return new StatesError(`${prefix}.SdkClientException`, { cause: error.message || error.name });
}

const NOTHING: FailureFacts = { code: "", message: "", status: 0, requestId: "" };

function factsOf(error: Error, sdk: Sdk): FailureFacts {
  const { statusCode, requestId } = metadataOf(error);
  const data = "$metadata" in error ? (error.$metadata as Record<string, unknown>) : {};
  const extended = data["extendedRequestId"];
  return {
    code: error.name,
    message: error.message,
    status: statusCode,
    requestId,
    extendedRequestId: typeof extended === "string" ? extended : undefined,
    known: sdk.knows(error.name),
  };
}

function notInstalled({ service, action, sdk }: ServiceTarget): StatesError {
  const handler = `${sdk ? "aws-sdk:" : ""}${service}:${action}`;
  return notProvided(
    `Nothing answers for ${handler}: register a handler under that name, or install ${packageOf(service, sdk)} to call the service.`,
  );
}
