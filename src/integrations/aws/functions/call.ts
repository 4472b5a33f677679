/** A call of a Lambda function and its answer, whoever gives it: a handler, an endpoint, AWS. */
import type { Json } from "../../../notations/asl/json.ts";
import { StatesError } from "../../../notations/asl/states-error.ts";
import type { FunctionName } from "./name.ts";

export interface FunctionCall {
  readonly target: FunctionName;
  /** As the definition wrote it. */
  readonly asWritten: string;
  /** Undefined: no payload is sent. */
  readonly payload: Json | undefined;
  readonly invocationType: "DryRun" | "Event" | "RequestResponse";
  /** Base64. */
  readonly clientContext?: string | undefined;
  readonly logType?: string | undefined;
  readonly signal: AbortSignal;
}

export interface FunctionAnswer {
  readonly status: number;
  readonly payload: Json;
  /** Bytes of the payload's text. */
  readonly length: number;
  readonly executedVersion?: string | undefined;
  readonly logResult?: string | undefined;
  readonly requestId?: string | undefined;
  readonly traceId?: string | undefined;
  /** HTTP date. */
  readonly date?: string | undefined;
}

/** Reads what a function returned. An empty text, as for the type `Event`, is an empty string on AWS. */
export function payloadOf(text: string): Json {
  if (text.trim() === "") return "";
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/**
 * A function that failed: its `errorType` is the error and its answer is the cause. Without a type Step Functions
 * knows no error's name.
 */
export function functionFailure(text: string): StatesError {
  const failure = payloadOf(text);
  const type =
    typeof failure === "object" && failure !== null && "errorType" in failure ? failure.errorType : undefined;
  if (typeof type === "string" && type !== "") return new StatesError(type, { cause: text });
  return new StatesError("Lambda.Unknown", {
    cause: `The cause could not be determined because Lambda did not return an error type. Returned payload: ${text}`,
  });
}
