/** Bodies of requests: JSON objects of bounded size. */
import type { IncomingMessage } from "node:http";
import { DarumaError, PayloadError } from "../core/errors.ts";

/** A parsed body. */
export type Body = Readonly<Record<string, unknown>>;

/** Reads the body as JSON. @throws PayloadError DRM-PAYLOAD-TOO-LARGE, DarumaError DRM-INVALID-OPTION (no JSON object) */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Body> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // What is too much is read all the same, and dropped: a client that is still writing could not read the answer.
    if (size <= maxBytes) chunks.push(chunk);
  }
  if (size > maxBytes) throw tooLarge(maxBytes);
  return parse(Buffer.concat(chunks).toString("utf8"));
}

function parse(text: string): Body {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw notAnObject(cause);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw notAnObject(undefined);
  return value as Body;
}

function tooLarge(maxBytes: number): PayloadError {
  return new PayloadError({
    code: "DRM-PAYLOAD-TOO-LARGE",
    message: "The request is too large.",
    expected: `at most ${maxBytes} bytes`,
  });
}

function notAnObject(cause: unknown): DarumaError {
  return new DarumaError("DRM-INVALID-OPTION", {
    message: "The body of the request cannot be read.",
    expected: "a JSON object",
    cause,
  });
}
