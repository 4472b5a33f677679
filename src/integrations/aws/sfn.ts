/**
 * `aws-sdk:sfn` tasks that the program answers itself: Step Functions calling Step Functions. The API's members are in camelCase and its dates are seconds;
 * tasks write PascalCase and see ISO 8601.
 */
import { randomUUID } from "node:crypto";
import { isObject, textOf, type Json } from "../../notations/asl/json.ts";
import { StatesError } from "../../notations/asl/states-error.ts";
import { optimizedFailure, sdkFailure, ServiceFailure, type FailureFacts } from "./failure.ts";
import { isoTime } from "./sdk/convert.ts";
import { pascal } from "./sdk/names.ts";
import { sdkMetadata } from "./http/metadata.ts";

type Answer = (action: string, input: Json) => Promise<Json>;

/** Members that are texts: a value that is none becomes its JSON. */
const TEXTS: ReadonlySet<string> = new Set(["cause", "definition", "error", "input", "output"]);

/**
 * @param answer Rejects with a ServiceFailure, or with an error whose `code`, or else `name`, is the API's error: `InvalidToken`.
 */
export async function invokeSfn(
  answer: Answer,
  { action, sdk }: { readonly action: string; readonly sdk: boolean },
  input: Json,
): Promise<Json> {
  let result: Json;
  try {
    result = await answer(action, toApi(input));
  } catch (error) {
    throw failureOf(error, sdk);
  }
  const shown = fromApi(result, "");
  return sdk || !isObject(shown) ? shown : { ...shown, ...metadata(result) };
}

function toApi(value: Json): Json {
  if (Array.isArray(value)) return value.map((one) => toApi(one as Json));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, member]): [string, Json] => {
    const name = key.charAt(0).toLowerCase() + key.slice(1);
    if (TEXTS.has(name)) return [name, typeof member === "string" ? member : textOf(member)];
    return [name, toApi(member)];
  });
  return Object.fromEntries(entries);
}

function fromApi(value: Json, name: string): Json {
  if (typeof value === "number" && /(?:Date|timestamp)$/.test(name)) return isoTime(new Date(value * 1000));
  if (Array.isArray(value)) return value.map((one) => fromApi(one as Json, ""));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [pascal(key), fromApi(member, key)]),
  );
}

function failureOf(error: unknown, sdk: boolean): unknown {
  if (error instanceof StatesError || !(error instanceof Error)) return error;
  const facts = error instanceof ServiceFailure ? error.facts : factsOf(error);
  return sdk ? sdkFailure("Sfn", facts) : optimizedFailure("states", facts);
}

function factsOf(error: Error): FailureFacts {
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  return { code, message: error.message, status: 400, requestId: randomUUID() };
}

function metadata(result: Json): { readonly [name: string]: Json } {
  const requestId = randomUUID();
  return sdkMetadata(200, requestId, [
    ["x-amzn-RequestId", requestId],
    ["connection", "keep-alive"],
    ["Content-Length", String(Buffer.byteLength(textOf(result)))],
    ["Date", new Date().toUTCString()],
    ["Content-Type", "application/x-amz-json-1.0"],
  ]);
}
