/**
 * `inspectionData` of the answer (AWS Step Functions API Reference, "InspectionData"): what a state's data was on its way.
 *
 * Invariants:
 * - INFO shows nothing, TRACE shows what DEBUG does and, of an HTTP task, request and response.
 * - Values are JSON texts, but for the numbers of a Map state.
 * - Some types of states show less than they evaluate; that is as recorded on AWS.
 */
import type { Json, JsonObject } from "../json.ts";
import { isObject, textOf } from "../json.ts";
import type { State } from "../model.ts";
import type { InspectionLevel } from "./request.ts";

const numbers: ReadonlySet<string> = new Set([
  "maxConcurrency",
  "toleratedFailureCount",
  "toleratedFailurePercentage",
]);

const httpResource = "arn:aws:states:::http:invoke";

export class Inspection {
  readonly #hidden: ReadonlySet<string>;
  readonly #http: boolean;
  readonly #values: Map<string, Json> = new Map();

  constructor(state: State) {
    this.#hidden = new Set(hiddenIn(state));
    this.#http = state.Type === "Task" && state.Resource === httpResource;
  }

  note(key: string, value: Json): void {
    if (!this.#hidden.has(key)) this.#values.set(key, value);
  }

  /** Undefined: nothing is to be shown. `errorDetails` is what Retry and Catch made of an error. */
  shown(level: InspectionLevel, errorDetails: JsonObject | undefined): JsonObject | undefined {
    if (level === "INFO") return undefined;
    const fields = [...this.#values].map(([key, value]): [string, Json] => [
      key,
      numbers.has(key) ? value : textOf(value),
    ]);
    return {
      ...Object.fromEntries(fields),
      ...(level === "TRACE" && this.#http ? this.#exchange() : {}),
      ...(errorDetails === undefined ? {} : { errorDetails }),
    };
  }

  /** The HTTP request and response, as the task's arguments and its result say them. */
  #exchange(): JsonObject {
    const call = this.#values.get("afterParameters") ?? this.#values.get("afterArguments");
    const result = this.#values.get("result");
    return {
      ...(isObject(call) ? { request: requestOf(call) } : {}),
      ...(isObject(result) ? { response: responseOf(result) } : {}),
    };
  }
}

function hiddenIn(state: State): readonly string[] {
  if (state.Type === "Parallel") return ["afterInputPath"];
  if (state.Type === "Pass" && state.Result !== undefined) return ["afterInputPath", "afterParameters"];
  return [];
}

function requestOf(call: JsonObject): JsonObject {
  const { ApiEndpoint: endpoint, Method, Headers, QueryParameters, RequestBody } = call;
  const query = isObject(QueryParameters) ? queryOf(QueryParameters) : "";
  const url = typeof endpoint === "string" ? endpoint : "";
  return {
    protocol: url.slice(0, Math.max(0, url.indexOf(":"))),
    ...(typeof Method === "string" ? { method: Method } : {}),
    url: query === "" ? url : `${url}?${query}`,
    ...(Headers === undefined ? {} : { headers: textOf(Headers) }),
    ...(RequestBody === undefined ? {} : { body: asText(RequestBody) }),
  };
}

function queryOf(parameters: JsonObject): string {
  const pairs = Object.entries(parameters).flatMap(([name, value]) =>
    (Array.isArray(value) ? (value as readonly Json[]) : [value]).map((one) => [name, asText(one)]),
  );
  return new URLSearchParams(pairs as [string, string][]).toString();
}

function responseOf({ StatusCode, StatusText, Headers, ResponseBody }: JsonObject): JsonObject {
  return {
    protocol: "https",
    ...(StatusCode === undefined ? {} : { statusCode: asText(StatusCode) }),
    ...(typeof StatusText === "string" ? { statusMessage: StatusText } : {}),
    ...(Headers === undefined ? {} : { headers: textOf(Headers) }),
    ...(ResponseBody === undefined ? {} : { body: asText(ResponseBody) }),
  };
}

function asText(value: Json): string {
  return typeof value === "string" ? value : textOf(value);
}
