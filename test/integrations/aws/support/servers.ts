// Real HTTP servers of the tests: what tasks talk to in place of AWS.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface TestServer {
  readonly url: string;
  /** All requests, in order. */
  readonly seen: Seen[];
  close(): Promise<void>;
}

type Answer = (request: Seen, response: ServerResponse) => void;

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A server on a free port of the loopback interface. */
export async function serve(answer: Answer): Promise<TestServer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const take = async (): Promise<void> => {
      const { method = "", url = "", headers } = request;
      const one = { method, path: url, headers, body: (await bodyOf(request)).toString("utf8") };
      seen.push(one);
      answer(one, response);
    };
    void take();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Buckets in memory, with as much of S3 as its clients ask for. */
export interface ObjectServer extends TestServer {
  /** By `bucket/key`. */
  readonly objects: Map<string, Buffer>;
  /** Bytes of the bodies that were sent. */
  sent: number;
}

export async function serveObjects({
  ranges = true,
}: { readonly ranges?: boolean } = {}): Promise<ObjectServer> {
  const objects = new Map<string, Buffer>();
  const server = await serve((request, response) => {
    const url = new URL(request.path, "http://x");
    const [, bucket = "", ...rest] = url.pathname.split("/").map(decodeURIComponent);
    const key = rest.join("/");
    if (key === "") return list(url.searchParams, bucket, { objects, response });
    if (request.method === "PUT") {
      const body = dechunked(request);
      objects.set(`${bucket}/${key}`, body);
      return void response.writeHead(200, { ETag: etagOf(body) }).end();
    }
    const body = objects.get(`${bucket}/${key}`);
    if (request.method === "DELETE") {
      objects.delete(`${bucket}/${key}`);
      return void response.writeHead(204).end();
    }
    if (body === undefined) return refuse(response, 404, ["NoSuchKey", "The specified key does not exist."]);
    return send(body, { request, response, ranges, count: (bytes) => (result.sent += bytes) });
  });
  const result: ObjectServer = { ...server, objects, sent: 0 };
  return result;
}

function dechunked({ headers, body }: Seen): Buffer {
  if (!/aws-chunked/.test(headers["content-encoding"] ?? "")) return Buffer.from(body);
  const [, size = "0", rest = ""] = /^([0-9a-f]+)[^\r]*\r\n([\s\S]*)$/.exec(body) ?? [];
  return Buffer.from(rest).subarray(0, Number.parseInt(size, 16));
}

function etagOf(body: Buffer): string {
  return `"${createHash("md5").update(body).digest("hex")}"`;
}

interface Sending {
  readonly request: Seen;
  readonly response: ServerResponse;
  readonly ranges: boolean;
  readonly count: (bytes: number) => void;
}

function send(body: Buffer, { request, response, ranges, count }: Sending): void {
  const etag = etagOf(body);
  const wanted = request.headers["if-match"];
  if (wanted !== undefined && wanted !== etag) {
    return refuse(response, 412, ["PreconditionFailed", "At least one of the pre-conditions did not hold"]);
  }
  const [, from = "0", to = "0"] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
  const ranged = ranges && request.headers.range !== undefined;
  const part = ranged ? body.subarray(Number(from), Number(to) + 1) : body;
  if (ranged && part.length === 0) return refuse(response, 416, ["InvalidRange", "Not satisfiable"]);
  response.writeHead(ranged ? 206 : 200, {
    ETag: etag,
    "Content-Length": part.length,
    "Content-Type": "binary/octet-stream",
    "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT",
    ...(ranged ? { "Content-Range": `bytes ${from}-${Number(from) + part.length - 1}/${body.length}` } : {}),
  });
  if (request.method === "HEAD") return void response.end();
  count(part.length);
  response.end(part);
}

function refuse(response: ServerResponse, status: number, [code, message]: readonly [string, string]): void {
  response.writeHead(status, {
    "Content-Type": "application/xml",
    "x-amz-request-id": "R1",
    "x-amz-id-2": "X1",
  });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`);
}

function list(
  query: URLSearchParams,
  bucket: string,
  { objects, response }: { readonly objects: Map<string, Buffer>; readonly response: ServerResponse },
): void {
  if (bucket.startsWith("missing"))
    return refuse(response, 404, ["NoSuchBucket", "The specified bucket does not exist"]);
  const start = `${bucket}/${query.get("prefix") ?? ""}`;
  const after = `${bucket}/${query.get("start-after") ?? ""}`;
  const count = Number(query.get("max-keys") ?? "1000");
  const found = [...objects]
    .filter(([name]) => name.startsWith(start) && name > after)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const contents = found.slice(0, count).map(([name, body]) => {
    const key = name.slice(bucket.length + 1).replaceAll("&", "&amp;");
    return `<Contents><Key>${key}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>&quot;e&quot;</ETag><Size>${body.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`;
  });
  response.writeHead(200, { "Content-Type": "application/xml" });
  response.end(
    `<?xml version="1.0"?><ListBucketResult><Name>${bucket}</Name><IsTruncated>${found.length > count}</IsTruncated>${contents.join("")}</ListBucketResult>`,
  );
}
