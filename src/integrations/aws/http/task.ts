/**
 * `http:invoke`: calls an HTTP API. The answer is `{Headers, ResponseBody, StatusCode, StatusText}`; a status other than 2xx fails the task as
 * `States.Http.StatusCode.N`, a connection that fails as `States.Http.Socket` (Step Functions developer guide, "Call HTTPS APIs").
 */
import { isObject, textOf, type Json, type JsonObject } from "../../../notations/asl/json.ts";
import { StatesError } from "../../../notations/asl/states-error.ts";
import type { CallOptions, TaskCall } from "../../../notations/asl/task-host.ts";
import { stopped } from "../handlers.ts";
import type { HttpConnection, ServiceOptions } from "../options.ts";
import { checkHost, guardedLookup } from "./addresses.ts";
import { formOf, type ArrayFormat } from "./form.ts";
import { readAll, type HttpAnswer, type HttpClient, type HttpRequest } from "./request.ts";

/** More than a state may hold; AWS reads at most 256 KiB. */
const MAX_BODY = 8 * 1024 * 1024;

/** Headers that say how the request travels are not the definition's to set. */
const RESERVED =
  /^(?:connection|content-length|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|via)$/i;

export async function invokeHttp(
  call: TaskCall,
  { signal }: CallOptions,
  world: { readonly client: HttpClient; readonly options: ServiceOptions },
): Promise<Json> {
  const input = isObject(call.input) ? call.input : {};
  const connection = connectionOf(input, world.options);
  const allowed = [...(world.options.allowedAddresses ?? []), ...(connection?.allowedAddresses ?? [])];
  const request = {
    ...requestOf(input, connection, world.options),
    signal,
    lookup: guardedLookup(allowed),
  };
  let answer: HttpAnswer;
  let text: string;
  try {
    checkHost(request.url.hostname, allowed);
    answer = await world.client.send(request);
    text = (await readAll(answer.body, MAX_BODY)).toString("utf8");
  } catch (error) {
    if (error instanceof StatesError) throw error;
    throw signal.aborted ? stopped() : socketFailure(error);
  }
  return resultOf(answer, text);
}

function socketFailure(error: unknown): StatesError {
  return new StatesError("States.Http.Socket", {
    cause: error instanceof Error ? error.message || error.name : String(error),
  });
}

function requestOf(
  input: JsonObject,
  connection: HttpConnection | undefined,
  options: ServiceOptions,
): Pick<HttpRequest, "method" | "url" | "headers" | "body"> {
  const headers = headersOf(input, connection, options);
  const body = bodyOf(input, headers);
  return {
    method: typeof input["Method"] === "string" ? input["Method"].toUpperCase() : "GET",
    url: urlOf(input, connection),
    headers,
    body,
  };
}

function urlOf(input: JsonObject, connection: HttpConnection | undefined): URL {
  const text = input["ApiEndpoint"];
  const url = typeof text === "string" ? URL.parse(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw refused(`ApiEndpoint must be an http: or https: URL, not ${textOf(text ?? null)}.`);
  }
  const query = [input["QueryParameters"] ?? {}, { ...connection?.queryParameters }]
    .map((one) => formOf(one, "REPEAT"))
    .filter((one) => one !== "");
  if (query.length > 0) url.search = [url.search.slice(1), ...query].filter((one) => one !== "").join("&");
  return url;
}

/** By ARN, or by the name in it: `arn:aws:events:R:A:connection/NAME/ID`. */
function connectionOf(input: JsonObject, { connections = {} }: ServiceOptions): HttpConnection | undefined {
  const holder = input["Authentication"] ?? input["InvocationConfig"];
  const arn = isObject(holder) ? holder["ConnectionArn"] : undefined;
  if (typeof arn !== "string") return undefined;
  const name = [arn, arn.split("/")[1] ?? arn].find((one) => Object.hasOwn(connections, one));
  return name === undefined ? undefined : connections[name];
}

function headersOf(
  input: JsonObject,
  connection: HttpConnection | undefined,
  options: ServiceOptions,
): Record<string, string | string[]> {
  const given = isObject(input["Headers"]) ? input["Headers"] : {};
  const headers: Record<string, string | string[]> = {
    "User-Agent": `Amazon|StepFunctions|HttpInvoke|${options.region}`,
  };
  for (const [name, value] of Object.entries({ ...given, ...connection?.headers })) {
    if (RESERVED.test(name)) throw refused(`The header ${name} cannot be set by an HTTP task.`);
    headers[name] = Array.isArray(value) ? value.map((one) => plain(one as Json)) : plain(value);
  }
  return headers;
}

function plain(value: Json): string {
  return typeof value === "string" ? value : textOf(value);
}

/** Sets the content type that fits, if the definition gives none. */
function bodyOf(input: JsonObject, headers: Record<string, string | string[]>): string | undefined {
  const body = input["RequestBody"];
  if (body === undefined) return undefined;
  const transform = isObject(input["Transform"]) ? input["Transform"] : {};
  const named = Object.keys(headers).find((name) => name.toLowerCase() === "content-type");
  if (transform["RequestBodyEncoding"] === "URL_ENCODED") {
    headers[named ?? "Content-Type"] = "application/x-www-form-urlencoded";
    return formOf(body, arrayFormat(transform["RequestEncodingOptions"]));
  }
  if (named === undefined) headers["Content-Type"] = "application/json";
  return typeof body === "string" && named !== undefined ? body : textOf(body);
}

function arrayFormat(options: Json | undefined): ArrayFormat {
  const format = isObject(options) ? options["ArrayFormat"] : undefined;
  return typeof format === "string" ? (format as ArrayFormat) : "INDICES";
}

function resultOf(answer: HttpAnswer, text: string): Json {
  const StatusText = answer.statusText;
  if (answer.status < 200 || answer.status > 299) {
    throw new StatesError(`States.Http.StatusCode.${answer.status}`, { cause: StatusText });
  }
  return {
    Headers: Object.fromEntries(answer.allHeaders),
    ResponseBody: responseBody(text, answer.headers.get("content-type")),
    StatusCode: answer.status,
    StatusText,
  };
}

/** What is JSON becomes a value; all else is text. */
function responseBody(text: string, type: string | undefined): Json {
  if (type === undefined || !/[/+]json\b/i.test(type)) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function refused(cause: string): StatesError {
  return new StatesError("States.Runtime", { cause, inState: true });
}
