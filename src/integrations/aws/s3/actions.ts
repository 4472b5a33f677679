/** Actions on S3 that work without the AWS SDK, with outputs as Step Functions shows them. */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { isObject, textOf, type Json, type JsonObject } from "../../../notations/asl/json.ts";
import { StatesError } from "../../../notations/asl/states-error.ts";
import { readAll } from "../http/request.ts";
import { isoTime } from "../sdk/convert.ts";
import { keyAfter, type Listed, type ObjectAddress, type ObjectFacts, type ObjectStore } from "./store.ts";

/** More than a state may hold. */
const MAX_OBJECT = 8 * 1024 * 1024;
const PAGE = 1000;

type Action = (store: ObjectStore, input: JsonObject, signal: AbortSignal) => Promise<Json>;

/** By the action's name in a resource. */
export const s3Actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ["getObject", getObject],
  ["putObject", putObject],
  ["headObject", async (store, input, signal) => shown(await store.head(addressOf(input), signal))],
  ["deleteObject", deleteObject],
  ["listObjects", listObjects],
  ["listObjectsV2", listObjects],
]);

export function addressOf(input: JsonObject): ObjectAddress {
  return { bucket: text(input, "Bucket"), key: text(input, "Key"), versionId: optional(input, "VersionId") };
}

function text(input: JsonObject, name: string): string {
  const value = input[name];
  if (typeof value === "string" && value !== "") return value;
  throw new StatesError("States.Runtime", {
    cause: `The Parameters '${textOf(input)}' could not be used to start the Task: [The field '${name}' is required but was missing]`,
    inState: true,
  });
}

function optional(input: JsonObject, name: string): string | undefined {
  const value = input[name];
  return typeof value === "string" ? value : undefined;
}

async function getObject(store: ObjectStore, input: JsonObject, signal: AbortSignal): Promise<Json> {
  const { facts, body } = await store.get(addressOf(input), { signal });
  const bytes = await readAll(body, MAX_OBJECT);
  return { ...shown({ ...facts, size: bytes.length }, bytes), Body: bytes.toString("utf8") };
}

function shown(facts: ObjectFacts, bytes?: Uint8Array): JsonObject {
  return {
    AcceptRanges: "bytes",
    ContentLength: facts.size,
    ContentType: facts.contentType,
    ETag: bytes === undefined ? facts.etag : etagOf(facts.etag, bytes),
    LastModified: isoTime(facts.lastModified),
    Metadata: facts.metadata,
    ServerSideEncryption: facts.encryption,
    ...(facts.versionId === undefined ? {} : { VersionId: facts.versionId }),
  };
}

/** S3's ETag of an object that came in one piece is its MD5. Stand-ins and folders have other ones, which S3 would not show. */
function etagOf(given: string, bytes: Uint8Array): string {
  if (/^"[0-9a-f]{32}(?:-\d+)?"$/.test(given)) return given;
  return `"${createHash("md5").update(bytes).digest("hex")}"`;
}

/** The body is the JSON text of what the definition gives, also of a string: Step Functions serializes it. */
async function putObject(store: ObjectStore, input: JsonObject, signal: AbortSignal): Promise<Json> {
  const body = Buffer.from(input["Body"] === undefined ? "" : textOf(input["Body"]));
  const contentType = optional(input, "ContentType") ?? "text/plain; charset=UTF-8";
  const metadata = isObject(input["Metadata"]) ? strings(input["Metadata"]) : undefined;
  const written = await store.put(addressOf(input), body, { contentType, metadata, signal });
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return {
    ChecksumCRC32: checksum.toString("base64"),
    ChecksumType: "FULL_OBJECT",
    ETag: etagOf(written.etag, body),
    ServerSideEncryption: written.encryption,
  };
}

function strings(value: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, typeof one === "string" ? one : textOf(one)]),
  );
}

async function deleteObject(store: ObjectStore, input: JsonObject, signal: AbortSignal): Promise<Json> {
  await store.remove(addressOf(input), signal);
  return {};
}

async function listObjects(store: ObjectStore, input: JsonObject, signal: AbortSignal): Promise<Json> {
  const bucket = text(input, "Bucket");
  const prefix = optional(input, "Prefix") ?? "";
  const token = optional(input, "ContinuationToken");
  const after = token ?? optional(input, "StartAfter") ?? optional(input, "Marker");
  const most = input["MaxKeys"];
  const count = typeof most === "number" ? Math.min(PAGE, most) : PAGE;
  const listing = await store.list({ bucket, prefix, after, count }, signal);
  const wanted = listing.objects.filter((one) => after === undefined || keyAfter(one.key, after));
  const objects = wanted.slice(0, count);
  const truncated = listing.truncated || wanted.length > objects.length;
  return {
    Contents: objects.map(listed),
    IsTruncated: truncated,
    KeyCount: objects.length,
    MaxKeys: count,
    Name: bucket,
    Prefix: prefix,
    ...(truncated ? { NextContinuationToken: objects.at(-1)?.key ?? "" } : {}),
  };
}

function listed(one: Listed): Json {
  return {
    ETag: one.etag,
    Key: one.key,
    LastModified: isoTime(one.lastModified),
    Size: one.size,
    StorageClass: one.storageClass,
  };
}
