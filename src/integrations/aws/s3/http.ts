/** S3 over plain HTTP: the bucket in the path, requests unsigned. For stand-ins of S3, and for servers that let everybody in. */
import { randomUUID } from "node:crypto";
import { StatesError } from "../../../notations/asl/states-error.ts";
import { ServiceFailure, unreachable } from "../failure.ts";
import { stopped } from "../handlers.ts";
import { readAll, type HttpAnswer, type HttpClient } from "../http/request.ts";
import type {
  GetOptions,
  Listed,
  Listing,
  ListQuery,
  ObjectAddress,
  ObjectFacts,
  ObjectPart,
  ObjectStore,
  PutOptions,
} from "./store.ts";
import { elements, textOfElement } from "./xml.ts";

const MAX_ANSWER = 16 * 1024 * 1024;

interface Sending {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal: AbortSignal;
}

export class HttpObjects implements ObjectStore {
  readonly #endpoint: URL;
  readonly #client: HttpClient;

  constructor(endpoint: string, client: HttpClient) {
    this.#endpoint = new URL(endpoint);
    this.#client = client;
  }

  async get(at: ObjectAddress, { range, etag, signal }: GetOptions): Promise<ObjectPart> {
    const headers: Record<string, string> = {};
    if (range !== undefined) headers["Range"] = `bytes=${range.from}-${range.from + range.length - 1}`;
    if (etag !== undefined) headers["If-Match"] = etag;
    const answer = await this.#send({ method: "GET", path: pathOf(at), headers, signal });
    if (answer.status === 416) return emptyPart(answer, range?.from ?? 0);
    await this.#check(answer);
    const [, size] = /^bytes \d+-\d+\/(\d+)/.exec(answer.headers.get("content-range") ?? "") ?? [];
    return {
      facts: factsOf(answer, size === undefined ? undefined : Number(size)),
      ranged: answer.status === 206,
      body: answer.body,
    };
  }

  async head(at: ObjectAddress, signal: AbortSignal): Promise<ObjectFacts> {
    const answer = await this.#send({ method: "HEAD", path: pathOf(at), signal });
    await this.#check(answer);
    answer.body.resume();
    return factsOf(answer);
  }

  async put(
    at: ObjectAddress,
    body: Uint8Array,
    { contentType, metadata = {}, signal }: PutOptions,
  ): Promise<Pick<ObjectFacts, "encryption" | "etag">> {
    const named = Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]);
    const headers = { "Content-Type": contentType, ...(Object.fromEntries(named) as Record<string, string>) };
    const answer = await this.#send({ method: "PUT", path: pathOf(at), headers, body, signal });
    await this.#check(answer);
    answer.body.resume();
    return factsOf(answer);
  }

  async remove(at: ObjectAddress, signal: AbortSignal): Promise<void> {
    const answer = await this.#send({ method: "DELETE", path: pathOf(at), signal });
    await this.#check(answer);
    answer.body.resume();
  }

  async list({ bucket, prefix, after, count }: ListQuery, signal: AbortSignal): Promise<Listing> {
    const query = new URLSearchParams({ "list-type": "2", "max-keys": String(count) });
    if (prefix !== "") query.set("prefix", prefix);
    if (after !== undefined) query.set("start-after", after);
    const path = `/${encodeURIComponent(bucket)}?${query.toString()}`;
    const answer = await this.#send({ method: "GET", path, signal });
    await this.#check(answer);
    const xml = (await readAll(answer.body, MAX_ANSWER)).toString("utf8");
    return {
      objects: elements(xml, "Contents").map(listedOf),
      truncated: textOfElement(xml, "IsTruncated") === "true",
    };
  }

  async #send(sending: Sending): Promise<HttpAnswer> {
    const path = this.#endpoint.pathname.replace(/\/$/, "") + sending.path;
    try {
      return await this.#client.send({ ...sending, url: this.#endpoint, path });
    } catch (error) {
      if (error instanceof StatesError) throw error;
      throw sending.signal.aborted
        ? stopped()
        : unreachable("S3.SdkClientException", this.#endpoint.origin, error);
    }
  }

  async #check(answer: HttpAnswer): Promise<void> {
    if (answer.status < 300) return;
    const xml = (await readAll(answer.body, MAX_ANSWER)).toString("utf8");
    const code = textOfElement(xml, "Code") ?? statusCode(answer.status);
    throw new ServiceFailure({
      code,
      message: textOfElement(xml, "Message") ?? answer.statusText,
      status: answer.status,
      requestId: answer.headers.get("x-amz-request-id") ?? randomUUID(),
      extendedRequestId: answer.headers.get("x-amz-id-2") ?? randomUUID(),
      known: KNOWN.has(code),
    });
  }
}

/** Errors that S3's SDK has classes for, among those of the actions here. */
const KNOWN: ReadonlySet<string> = new Set([
  "BucketAlreadyExists",
  "BucketAlreadyOwnedByYou",
  "InvalidObjectState",
  "NoSuchBucket",
  "NoSuchKey",
  "NoSuchUpload",
]);

/** A HEAD has no body to say more. */
function statusCode(status: number): string {
  if (status === 404) return "NoSuchKey";
  return status === 412 ? "PreconditionFailed" : `HTTP${status}`;
}

/** Each segment encoded; dots stay, because the path is sent as it is. */
function pathOf({ bucket, key, versionId }: ObjectAddress): string {
  const path = key.split("/").map(encodeURIComponent).join("/");
  const query = versionId === undefined ? "" : `?versionId=${encodeURIComponent(versionId)}`;
  return `/${encodeURIComponent(bucket)}/${path}${query}`;
}

function factsOf({ headers }: HttpAnswer, size?: number): ObjectFacts {
  const named = [...headers].filter(([name]) => name.startsWith("x-amz-meta-"));
  return {
    etag: headers.get("etag") ?? "",
    size: size ?? Number(headers.get("content-length") ?? Number.NaN),
    lastModified: new Date(headers.get("last-modified") ?? Date.now()),
    contentType: headers.get("content-type") ?? "binary/octet-stream",
    metadata: Object.fromEntries(named.map(([name, value]) => [name.slice("x-amz-meta-".length), value])),
    versionId: headers.get("x-amz-version-id"),
    encryption: headers.get("x-amz-server-side-encryption") ?? "AES256",
  };
}

/** There is nothing in the range: the object is empty, or was read to its end. */
function emptyPart(answer: HttpAnswer, from: number): ObjectPart {
  answer.body.resume();
  const [, size] = /\*\/(\d+)/.exec(answer.headers.get("content-range") ?? "") ?? [];
  return { facts: factsOf(answer, Number(size ?? from)), ranged: true, body: nothing() };
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // An object without bytes.
}

function listedOf(xml: string): Listed {
  return {
    key: textOfElement(xml, "Key") ?? "",
    etag: textOfElement(xml, "ETag") ?? "",
    size: Number(textOfElement(xml, "Size") ?? 0),
    lastModified: new Date(textOfElement(xml, "LastModified") ?? 0),
    storageClass: textOfElement(xml, "StorageClass") ?? "STANDARD",
  };
}
