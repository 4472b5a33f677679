/**
 * From one HTTP request to one answer.
 *
 * Invariants:
 * - Routes are matched exactly, on the path as it was sent: nothing is normalized, so an id may be any text.
 * - Whatever is sent, the process stays up: a mistake of the client is an answer of 400 or so with the error as JSON.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { DarumaError } from "../core/errors.ts";
import { toFailure } from "../core/failure.ts";
import type { Backend } from "../client/backend.ts";
import type { ProcessFacts } from "../client/http-words.ts";
import { readBody } from "./body.ts";
import { answerOf } from "./routes.ts";
import { statusOf } from "./status.ts";
import { writeLines } from "./stream.ts";

/** What answers need. */
export interface HandlerOptions {
  readonly backend: Promise<Backend>;
  readonly facts: () => ProcessFacts;
  readonly payloadBytes: number;
}

/** Handles the requests of one server. */
export function handlerOf(options: HandlerOptions): RequestListener {
  return (request, response) => {
    // A client that goes away takes its answer with it, nothing else.
    response.on("error", () => {});
    answer(options, request, response).catch((error: unknown) => refuse(response, error));
  };
}

async function answer(
  options: HandlerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = "", url = "" } = request;
  const [path = "", query = ""] = url.split("?", 2);
  const body = method === "POST" ? await readBody(request, bodyBytes(options.payloadBytes)) : undefined;
  const parts = path.split("/").slice(1).map(decoded);
  const given = { method, parts, query: new URLSearchParams(query), body };
  const result = await answerOf(given, options);
  if (Symbol.asyncIterator in result) return writeLines(response, result);
  sendJson(response, 200, result);
}

/** A value is a text inside the body: each of its quotation marks and backslashes takes two bytes there. */
function bodyBytes(payloadBytes: number): number {
  return 2 * payloadBytes + 64 * 1024;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw new DarumaError("DRM-INVALID-OPTION", {
      message: "The path cannot be decoded.",
      found: part,
      cause,
    });
  }
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) response.destroy();
  else sendJson(response, statusOf(error), { error: toFailure(error) });
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const text = JSON.stringify(value);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}
