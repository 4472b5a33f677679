/**
 * One call to the process at a local address: HTTP over a Unix socket, or over a named pipe on Windows.
 *
 * Invariants:
 * - An answer that is an error of the other process is thrown here as the same class with the same fields.
 * - An answer that did not come whole is DRM-CONNECTION: whether the call took effect is not known, and it may be repeated (D3).
 */
import { Agent, request as httpRequest } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";
import { DarumaError } from "../core/errors.ts";
import { fromFailure } from "../core/failure.ts";
import type { ErrorBody } from "./http-words.ts";

/** Where the other process is. */
export interface Connection {
  readonly address: string;
  /** The database that it has open, for messages. */
  readonly database: string;
  readonly agent: Agent;
}

/** What is asked. */
export interface Call {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** How long to wait for the answer, milliseconds. Default: for ever, as a result may take days. */
  readonly timeoutMs?: number | undefined;
}

/** A connection to an address. It holds nothing open until it is used, and idle sockets do not keep the process alive. */
export function connectionTo(address: string, database: string): Connection {
  return { address, database, agent: new Agent({ keepAlive: true }) };
}

/** The answer's JSON. @throws the error of the other process, DarumaError DRM-CONNECTION */
export async function callJson<T>(connection: Connection, call: Call): Promise<T> {
  const answer = await send(connection, call);
  let text = "";
  try {
    for await (const chunk of answer.setEncoding("utf8")) text += String(chunk);
  } catch (cause) {
    throw lost(connection, cause);
  }
  const body = parse(connection, text);
  if (answer.statusCode !== 200) throw errorOf(connection, body);
  return body as T;
}

/** The answer's lines, each as JSON, as they come. @throws as {@link callJson} */
export async function* callLines<T>(connection: Connection, call: Call): AsyncGenerator<T> {
  const answer = await send(connection, call);
  let rest = "";
  try {
    for await (const chunk of answer.setEncoding("utf8")) {
      const lines = (rest + String(chunk)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield itemOf(connection, line) as T;
    }
  } catch (error) {
    throw error instanceof DarumaError || !isBroken(error) ? error : lost(connection, error);
  } finally {
    answer.destroy();
  }
  if (rest !== "") yield itemOf(connection, rest) as T;
}

/** One line of a stream: an item, or the error that ended it. */
function itemOf(connection: Connection, line: string): unknown {
  const value = parse(connection, line);
  if (isErrorBody(value)) throw fromFailure(value.error);
  return value;
}

/** A socket that broke may have broken before this call, if it was used for others: then the call is sent again. */
async function send(connection: Connection, call: Call): Promise<IncomingMessage> {
  for (;;) {
    const request = httpRequest({
      socketPath: connection.address,
      agent: connection.agent,
      method: call.method,
      path: call.path,
      headers: { host: "daruma", "content-type": "application/json" },
    });
    try {
      return await answerTo(request, call);
    } catch (cause) {
      if (!request.reusedSocket || !isBroken(cause)) throw lost(connection, cause);
    }
  }
}

function answerTo(request: ClientRequest, { body, timeoutMs }: Call): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on("response", (answer) => {
      request.setTimeout(0);
      resolve(answer);
    });
    request.on("error", reject);
    if (timeoutMs !== undefined) {
      const late = (): unknown =>
        request.destroy(new DarumaError("DRM-TIMEOUT", { message: "No answer came." }));
      request.setTimeout(timeoutMs, late);
    }
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function isBroken(error: unknown): boolean {
  return error instanceof Error && "code" in error && ["ECONNRESET", "EPIPE"].includes(String(error.code));
}

/** The other process went away, or never was there. */
function lost({ database }: Pick<Connection, "database">, cause: unknown): DarumaError {
  return new DarumaError("DRM-CONNECTION", {
    message: `The process that has the database "${database}" open cannot be reached.`,
    subject: database,
    cause,
  });
}

function isErrorBody(value: unknown): value is ErrorBody {
  return typeof value === "object" && value !== null && "error" in value && isObject(value.error);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function errorOf(connection: Connection, body: unknown): Error {
  return isErrorBody(body)
    ? fromFailure(body.error)
    : lost(connection, new Error("Its answer is not one of Daruma's."));
}

function parse(connection: Connection, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw lost(connection, cause);
  }
}
