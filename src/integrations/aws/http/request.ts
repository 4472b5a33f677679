/**
 * One HTTP request over a kept connection. Not `fetch`: a Lambda function may take fifteen minutes to answer, a path with dots must arrive as it is, and an
 * HTTP task must look at the address that it connects to. Redirects are not followed.
 */
import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type RequestOptions,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { StatesError } from "../../../notations/asl/states-error.ts";

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  /** In place of the URL's path and query, sent as it is. */
  readonly path?: string | undefined;
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined;
  readonly body?: string | Uint8Array | undefined;
  readonly signal: AbortSignal;
  readonly lookup?: LookupFunction | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly statusText: string;
  /** The first value of each header, by lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  /** All values, in the order they came. */
  readonly allHeaders: ReadonlyMap<string, readonly string[]>;
  /** Must be read, or destroyed. */
  readonly body: IncomingMessage;
}

/** Connections of one host; `close` ends them. */
export class HttpClient {
  readonly #plain = new HttpAgent({ keepAlive: true, maxSockets: 256 });
  readonly #secure = new HttpsAgent({ keepAlive: true, maxSockets: 256 });

  close(): void {
    this.#plain.destroy();
    this.#secure.destroy();
  }

  /** Rejects with the error of the connection, or with the signal's reason. */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    try {
      return await this.#once(request);
    } catch (error) {
      // The server may close a kept connection at the moment that we use it: then it has not read the request.
      if (!(error instanceof StaleConnection)) throw error;
      return this.#once(request);
    }
  }

  #once(request: HttpRequest): Promise<HttpAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
    const secure = request.url.protocol === "https:";
    const options = { ...settings(request), agent: secure ? this.#secure : this.#plain };
    const sent = (secure ? httpsRequest : httpRequest)(options, (response) => resolve(answerOf(response)));
    sent.on("error", (error: NodeJS.ErrnoException) => {
      const stale = sent.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE");
      reject(stale && !request.signal.aborted ? new StaleConnection() : error);
    });
    sent.end(request.body);
    return promise;
  }
}

class StaleConnection extends Error {}

function settings({ url, method, headers, path, body, signal, lookup }: HttpRequest): RequestOptions {
  const sent: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers ?? {}))
    sent[name] = typeof value === "string" ? value : [...value];
  if (body !== undefined) sent["Content-Length"] = Buffer.byteLength(body);
  return {
    method,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port,
    path: path ?? url.pathname + url.search,
    headers: sent,
    signal,
    ...(lookup === undefined ? {} : { lookup }),
  };
}

function answerOf(response: IncomingMessage): HttpAnswer {
  const all = Object.entries(response.headersDistinct).map(([name, values]): [string, readonly string[]] => [
    name,
    values ?? [],
  ]);
  return {
    status: response.statusCode ?? 0,
    statusText: response.statusMessage ?? "",
    headers: new Map(all.map(([name, values]) => [name, values[0] ?? ""])),
    allHeaders: new Map(all),
    body: response,
  };
}

/** The whole body. @throws StatesError States.DataLimitExceeded if it is longer than `limit` bytes */
export async function readAll(body: AsyncIterable<unknown>, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = chunk as Uint8Array;
    size += bytes.length;
    if (size > limit) throw tooLong(limit);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks, size);
}

function tooLong(limit: number): StatesError {
  return new StatesError("States.DataLimitExceeded", {
    cause: `The response is larger than ${limit} bytes, which is more than a task can return.`,
  });
}
