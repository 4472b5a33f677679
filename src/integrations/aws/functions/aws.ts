/** Lambda functions on AWS, through `@aws-sdk/client-lambda` if it is installed. */
import { StatesError } from "../../../notations/asl/states-error.ts";
import { isObject } from "../../../notations/asl/json.ts";
import { invokeSdk } from "../sdk/invoke.ts";
import type { SdkClients } from "../sdk/clients.ts";
import { functionFailure, payloadOf, type FunctionAnswer, type FunctionCall } from "./call.ts";

const INVOKE = { kind: "service", service: "lambda", action: "invoke", sdk: false } as const;

/** Undefined: the package is not installed. */
export async function callOnAws(
  call: FunctionCall,
  { sdk }: { readonly sdk: SdkClients },
): Promise<FunctionAnswer | undefined> {
  if ((await sdk.of("lambda", false)) === undefined) return undefined;
  const { target, asWritten, payload, invocationType, clientContext = null, logType = null } = call;
  const input = {
    FunctionName: asWritten.startsWith("arn:") ? asWritten : target.name,
    Qualifier: target.qualifier ?? null,
    // As text: a payload that is a text itself would otherwise lose its quotes.
    Payload: payload === undefined ? null : JSON.stringify(payload),
    InvocationType: invocationType,
    ClientContext: clientContext,
    LogType: logType,
  };
  const result = await invokeSdk(INVOKE, input, { clients: sdk, signal: call.signal });
  return answerOf(isObject(result) ? result : {});
}

function answerOf(result: { readonly [name: string]: unknown }): FunctionAnswer {
  const text = typeof result["Payload"] === "string" ? result["Payload"] : "";
  if (typeof result["FunctionError"] === "string") throw functionFailure(text);
  const status = result["StatusCode"];
  if (typeof status !== "number") throw new StatesError("Lambda.SdkClientException", { cause: "No status." });
  return {
    status,
    payload: payloadOf(text),
    length: Buffer.byteLength(text),
    executedVersion: textIn(result["ExecutedVersion"]),
    logResult: textIn(result["LogResult"]),
  };
}

function textIn(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
