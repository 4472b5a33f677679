/** A web-standard handler behind `node:http`. */
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Api } from "../api.ts";

const mostBytes = 1_000_000;

export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on the loopback address. Port 0 takes any that is free. */
export async function listen(api: Api, port: number): Promise<Listening> {
  const server = createServer((request, response) => void serve(api, request, response));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, "127.0.0.1", resolve);
  await promise;
  const { port: bound } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${bound}`, close: () => stop(server) };
}

async function serve(api: Api, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = await readBody(incoming).catch(() => undefined);
  if (body === undefined) return void incoming.destroy();
  const response = isLocal(incoming.headers.host)
    ? await api(asRequest(incoming, body))
    : Response.json(
        { code: "FORBIDDEN_HOST", message: "This host is not served", retryable: false },
        { status: 403 },
      );
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}

/** A page of another site that had its name point here would send its own name. */
function isLocal(host: string | undefined): boolean {
  return /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/iu.test(host ?? "");
}

function asRequest(incoming: IncomingMessage, body: Buffer): Request {
  const { method = "GET", url = "/" } = incoming;
  const headers = { "content-type": incoming.headers["content-type"] ?? "" };
  const target = URL.canParse(url, "http://127.0.0.1")
    ? new URL(url, "http://127.0.0.1")
    : "http://127.0.0.1/";
  const hasBody = method !== "GET" && method !== "HEAD";
  return new Request(target, { method, headers, ...(hasBody ? { body: new Uint8Array(body) } : {}) });
}

/** Keeps a little more than is allowed, so that the answer can say that it was too much; who sends far more is cut off. */
async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming) {
    if (length <= mostBytes) chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length > mostBytes * 8) incoming.destroy();
  }
  return Buffer.concat(chunks);
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => void server.close(() => resolve()));
}
