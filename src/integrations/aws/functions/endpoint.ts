/** Lambda functions behind a URL that answers `POST /2015-03-31/functions/NAME/invocations` (Lambda API, Invoke). */
import { randomUUID } from "node:crypto";
import { isObject } from "../../../notations/asl/json.ts";
import { StatesError } from "../../../notations/asl/states-error.ts";
import { ServiceFailure, unreachable } from "../failure.ts";
import { stopped } from "../handlers.ts";
import { readAll, type HttpAnswer, type HttpClient } from "../http/request.ts";
import { functionFailure, payloadOf, type FunctionAnswer, type FunctionCall } from "./call.ts";

/** Lambda's own limit is 6 MB. */
const MAX_ANSWER = 32 * 1024 * 1024;

export interface FunctionWorld {
  readonly client: HttpClient;
  readonly region: string;
  readonly account: string;
}

export async function callEndpoint(
  endpoint: string,
  call: FunctionCall,
  world: FunctionWorld,
): Promise<FunctionAnswer> {
  let answer: HttpAnswer;
  let text: string;
  try {
    answer = await send(endpoint, call, world.client);
    text = (await readAll(answer.body, MAX_ANSWER)).toString("utf8");
  } catch (error) {
    if (error instanceof StatesError) throw error;
    throw call.signal.aborted ? stopped() : unreachable("Lambda.SdkClientException", endpoint, error);
  }
  if (answer.status > 299) throw refusalOf(answer, text, { call, world });
  if (answer.headers.has("x-amz-function-error")) throw functionFailure(text.trim());
  return answerOf(answer, text);
}

function send(endpoint: string, call: FunctionCall, client: HttpClient): Promise<HttpAnswer> {
  const url = new URL(endpoint);
  const query =
    call.target.qualifier === undefined ? "" : `?Qualifier=${encodeURIComponent(call.target.qualifier)}`;
  const base = url.pathname.replace(/\/$/, "");
  const path = `${base}/2015-03-31/functions/${encodeURIComponent(call.target.name)}/invocations${query}`;
  const headers: Record<string, string> = {
    "Content-Type": "application/json",
    "X-Amz-Invocation-Type": call.invocationType,
  };
  if (call.logType !== undefined) headers["X-Amz-Log-Type"] = call.logType;
  if (call.clientContext !== undefined) headers["X-Amz-Client-Context"] = call.clientContext;
  const body = call.payload === undefined ? "" : JSON.stringify(call.payload);
  return client.send({ method: "POST", url, path, headers, body, signal: call.signal });
}

function answerOf({ status, headers }: HttpAnswer, text: string): FunctionAnswer {
  return {
    status,
    payload: payloadOf(text),
    length: Buffer.byteLength(text),
    executedVersion: headers.get("x-amz-executed-version"),
    logResult: headers.get("x-amz-log-result"),
    requestId: headers.get("x-amzn-requestid"),
    traceId: headers.get("x-amzn-trace-id"),
    date: headers.get("date"),
  };
}

function refusalOf(
  answer: HttpAnswer,
  text: string,
  { call, world }: { readonly call: FunctionCall; readonly world: FunctionWorld },
): ServiceFailure {
  const body = payloadOf(text);
  const named = answer.headers.get("x-amzn-errortype")?.split(":")[0];
  const code = named ?? (answer.status === 404 ? "ResourceNotFoundException" : "ServiceException");
  const said = isObject(body) ? (body["Message"] ?? body["message"]) : undefined;
  return new ServiceFailure({
    code,
    message:
      code === "ResourceNotFoundException" ? notFound(call, world) : typeof said === "string" ? said : text,
    status: answer.status,
    requestId: answer.headers.get("x-amzn-requestid") ?? randomUUID(),
  });
}

/** Lambda's words. Endpoints differ in how much of the ARN they know. */
function notFound({ target }: FunctionCall, world: FunctionWorld): string {
  const owner = `${target.region ?? world.region}:${target.account ?? world.account}`;
  return `Function not found: arn:aws:lambda:${owner}:function:${target.name}:${target.qualifier ?? "$LATEST"}`;
}
