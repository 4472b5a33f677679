/** S3 through `@aws-sdk/client-s3`, which signs requests with the credentials that it finds. */
import { randomUUID } from "node:crypto";
import { StatesError } from "../../../notations/asl/states-error.ts";
import { ServiceFailure } from "../failure.ts";
import { stopped } from "../handlers.ts";
import type { Sdk } from "../sdk/clients.ts";
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

/** Members of the SDK's outputs that are used here. */
interface Output {
  readonly Body?: AsyncIterable<Uint8Array>;
  readonly ContentLength?: number;
  readonly ContentRange?: string;
  readonly ContentType?: string;
  readonly Contents?: readonly OutputObject[];
  readonly ETag?: string;
  readonly IsTruncated?: boolean;
  readonly LastModified?: Date;
  readonly Metadata?: Record<string, string>;
  readonly ServerSideEncryption?: string;
  readonly VersionId?: string;
}

interface OutputObject {
  readonly ETag?: string;
  readonly Key?: string;
  readonly LastModified?: Date;
  readonly Size?: number;
  readonly StorageClass?: string;
}

export class SdkObjects implements ObjectStore {
  readonly #sdk: Sdk;

  constructor(sdk: Sdk) {
    this.#sdk = sdk;
  }

  async get(at: ObjectAddress, { range, etag, signal }: GetOptions): Promise<ObjectPart> {
    const Range = range === undefined ? undefined : `bytes=${range.from}-${range.from + range.length - 1}`;
    let output: Output;
    try {
      output = await this.#send("getObject", { ...keyOf(at), Range, IfMatch: etag }, signal);
    } catch (error) {
      if (error instanceof ServiceFailure && error.facts.code === "InvalidRange")
        return emptyPart(range?.from ?? 0);
      throw error;
    }
    const [, size] = /^bytes \d+-\d+\/(\d+)/.exec(output.ContentRange ?? "") ?? [];
    return {
      facts: factsOf(output, size === undefined ? undefined : Number(size)),
      ranged: size !== undefined,
      body: output.Body ?? nothing(),
    };
  }

  async head(at: ObjectAddress, signal: AbortSignal): Promise<ObjectFacts> {
    return factsOf(await this.#send("headObject", keyOf(at), signal));
  }

  async put(
    at: ObjectAddress,
    body: Uint8Array,
    { contentType, metadata, signal }: PutOptions,
  ): Promise<Pick<ObjectFacts, "encryption" | "etag">> {
    const input = { ...keyOf(at), Body: body, ContentType: contentType, Metadata: metadata };
    return factsOf(await this.#send("putObject", input, signal));
  }

  async remove(at: ObjectAddress, signal: AbortSignal): Promise<void> {
    await this.#send("deleteObject", keyOf(at), signal);
  }

  async list({ bucket, prefix, after, count }: ListQuery, signal: AbortSignal): Promise<Listing> {
    const input = { Bucket: bucket, Prefix: prefix, StartAfter: after, MaxKeys: count };
    const output = await this.#send("listObjectsV2", input, signal);
    return { objects: (output.Contents ?? []).map(listedOf), truncated: output.IsTruncated === true };
  }

  async #send(action: string, input: object, signal: AbortSignal): Promise<Output> {
    const command = this.#sdk.command(action)?.make(input) ?? {};
    try {
      return await this.#sdk.client.send(command, { abortSignal: signal });
    } catch (error) {
      throw signal.aborted ? stopped() : failureOf(error, this.#sdk);
    }
  }
}

function keyOf({ bucket, key, versionId }: ObjectAddress): object {
  return { Bucket: bucket, Key: key, VersionId: versionId };
}

function failureOf(error: unknown, sdk: Sdk): unknown {
  if (!(error instanceof Error)) return error;
  const data = "$metadata" in error ? (error.$metadata as Record<string, unknown>) : {};
  const { httpStatusCode, requestId, extendedRequestId } = data;
  if (typeof httpStatusCode !== "number") {
    return new StatesError("S3.SdkClientException", { cause: error.message || error.name });
  }
  return new ServiceFailure({
    code: error.name,
    message: error.message,
    status: httpStatusCode,
    requestId: typeof requestId === "string" ? requestId : randomUUID(),
    extendedRequestId: typeof extendedRequestId === "string" ? extendedRequestId : randomUUID(),
    known: sdk.knows(error.name),
  });
}

function factsOf(output: Output, size?: number): ObjectFacts {
  return {
    etag: output.ETag ?? "",
    size: size ?? output.ContentLength ?? Number.NaN,
    lastModified: output.LastModified ?? new Date(),
    contentType: output.ContentType ?? "binary/octet-stream",
    metadata: output.Metadata ?? {},
    versionId: output.VersionId,
    encryption: output.ServerSideEncryption ?? "AES256",
  };
}

function emptyPart(from: number): ObjectPart {
  return { facts: factsOf({ ContentLength: from }), ranged: true, body: nothing() };
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // An object without bytes.
}

function listedOf(one: OutputObject): Listed {
  return {
    key: one.Key ?? "",
    etag: one.ETag ?? "",
    size: one.Size ?? 0,
    lastModified: one.LastModified ?? new Date(0),
    storageClass: one.StorageClass ?? "STANDARD",
  };
}
