/**
 * The wire: AWS JSON 1.0 (Smithy, "AWS JSON 1.0 protocol"): `POST /` with the operation in `X-Amz-Target` and its parameters as a JSON object.
 *
 * Invariants:
 * - Whatever is sent, the process stays up, and a mistake of the client is an answer of 4xx that says what was wrong.
 * - A request that names another host, or comes from a page of another origin, is refused before it is looked at: no page in a browser can reach this server,
 *   not even by letting its own name lead to this address.
 */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { DarumaError } from "../../core/errors.ts";
import type { Telemetry } from "../../telemetry/telemetry.ts";
import { readBody } from "../body.ts";
import { ApiError } from "./api-error.ts";
import { perform } from "./operations.ts";
import type { Service } from "./service.ts";
import { unreadable } from "./shape.ts";

export interface WireOptions {
  readonly service: Service;
  /** Host names, without port, that are this server's. */
  readonly hosts: readonly string[];
  readonly telemetry: Telemetry;
}

/** AWS's quota for one request, and what is taken without AWS's limits. */
const bodyBytes = { aws: 1024 * 1024, most: 16 * 1024 * 1024 } as const;

const prefix = "AWSStepFunctions.";

/** An answer that is not the API's own. */
class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Handles the requests of one server. */
export function stepFunctionsHandler(options: WireOptions): RequestListener {
  return (request, response) => {
    // A client that goes away takes its answer with it, nothing else.
    response.on("error", () => {});
    answer(options, request, response).catch((error: unknown) => refuse(options, response, error));
  };
}

async function answer(
  options: WireOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  checkOrigin(request, options.hosts);
  const { method = "", url = "" } = request;
  const [path = ""] = url.split("?", 1);
  if (path !== "/") throw new Refusal(404, "There is nothing here but /.");
  if (method === "GET" || method === "HEAD") return greet(response);
  if (method !== "POST") throw new Refusal(405, "Send requests with POST.");
  const name = operationOf(request);
  const limit = options.service.awsLimits ? bodyBytes.aws : bodyBytes.most;
  const values = await valuesOf(request, limit);
  const gone = new AbortController();
  response.on("close", () => response.writableFinished || gone.abort());
  const result = await perform(options.service, { name, values }, { signal: gone.signal });
  send(response, 200, result);
}

/** @throws Refusal 403 */
function checkOrigin({ headers }: IncomingMessage, hosts: readonly string[]): void {
  const { host = "", origin } = headers;
  if (!hosts.includes(hostName(host)))
    throw new Refusal(403, `This server is not ${shown(host)}. It answers to ${hosts.join(", ")}.`);
  if (origin !== undefined && origin !== `http://${host}`)
    throw new Refusal(403, `Pages of ${shown(origin)} may not use this server.`);
}

/** Without the port. */
function hostName(host: string): string {
  return host.replace(/:\d*$/u, "").toLowerCase();
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}

function greet(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/plain; charset=utf-8" });
  response.end("Daruma: the AWS Step Functions API. Point an AWS client's endpoint at this address.\n");
}

/** @throws ApiError UnknownOperationException */
function operationOf({ headers }: IncomingMessage): string {
  const target = headers["x-amz-target"];
  if (typeof target === "string" && target.startsWith(prefix)) return target.slice(prefix.length);
  throw new ApiError(
    "UnknownOperationException",
    `The header X-Amz-Target must be ${prefix}OPERATION, not ${shown(String(target ?? ""))}.`,
  );
}

/** @throws ApiError SerializationException, Refusal 413 */
async function valuesOf(request: IncomingMessage, limit: number): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await readBody(request, limit);
  } catch (error) {
    if (!(error instanceof DarumaError)) throw error;
    if (error.code === "DRM-PAYLOAD-TOO-LARGE")
      throw new Refusal(413, `The request is larger than ${limit / 1024 / 1024} MB.`);
    throw unreadable("The body of the request must be a JSON object.");
  }
}

function refuse({ telemetry }: WireOptions, response: ServerResponse, error: unknown): void {
  const { req: request } = response;
  // Nobody is there to be answered: the client went away while it was sending.
  const gone = request.destroyed && !request.complete;
  if (response.headersSent || gone) return void response.destroy();
  if (error instanceof ApiError) return send(response, 400, { __type: error.type, message: error.message });
  if (error instanceof Refusal)
    return send(response, error.status, { __type: typeOf(error.status), message: error.message });
  if (error instanceof DarumaError && ofClient.includes(error.code))
    return send(response, 400, { __type: "ValidationException", message: error.message });
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  telemetry({ level: "error", event: "step_functions_failed", message: text });
  const closing = error instanceof DarumaError && error.code === "DRM-CLOSED";
  send(response, closing ? 503 : 500, {
    __type: closing ? "ServiceUnavailable" : "InternalServerError",
    message: closing ? "The server is closing." : "The server made a mistake; its log says more.",
  });
}

/** What the engine refuses because of what was sent. */
const ofClient: readonly string[] = [
  "DRM-INVALID-NAME",
  "DRM-INVALID-OPTION",
  "DRM-PAYLOAD-TOO-LARGE",
  "DRM-PAYLOAD-TOO-DEEP",
];

function typeOf(status: number): string {
  if (status === 403) return "AccessDeniedException";
  return status === 413 ? "RequestEntityTooLargeException" : "UnknownOperationException";
}

function send(response: ServerResponse, status: number, value: object): void {
  const text = JSON.stringify(value);
  response.writeHead(status, {
    "content-type": "application/x-amz-json-1.0",
    "content-length": Buffer.byteLength(text),
    "x-amzn-requestid": randomUUID(),
  });
  response.end(text);
}
