/**
 * What tasks and Distributed Map need of object storage. Three kinds implement it: S3 over plain HTTP, S3 through the AWS SDK, a local folder.
 * A refusal is a ServiceFailure with S3's code.
 */

export interface ObjectAddress {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string | undefined;
}

export interface ObjectFacts {
  /** With its quotation marks. */
  readonly etag: string;
  /** Of the whole object, in bytes. */
  readonly size: number;
  readonly lastModified: Date;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly versionId?: string | undefined;
  /** AES256 where nothing else is said: what S3 does to every object. */
  readonly encryption: string;
}

export interface ObjectPart {
  readonly facts: ObjectFacts;
  /** False: the body is the whole object, although a range may have been asked for. */
  readonly ranged: boolean;
  readonly body: AsyncIterable<Uint8Array>;
}

export interface GetOptions {
  readonly range?: { readonly from: number; readonly length: number } | undefined;
  /** Refused with `PreconditionFailed` if the object has another. */
  readonly etag?: string | undefined;
  readonly signal: AbortSignal;
}

export interface PutOptions {
  readonly contentType: string;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly signal: AbortSignal;
}

export interface ListQuery {
  readonly bucket: string;
  readonly prefix: string;
  /** Only keys after this one. */
  readonly after?: string | undefined;
  /** At most 1,000. */
  readonly count: number;
}

export interface Listed {
  readonly key: string;
  readonly etag: string;
  readonly size: number;
  readonly lastModified: Date;
  readonly storageClass: string;
}

export interface Listing {
  /** In the order of their keys' UTF-8 bytes. May be more than asked for, or from the beginning: not all servers know these parameters. */
  readonly objects: readonly Listed[];
  readonly truncated: boolean;
}

export interface ObjectStore {
  get(at: ObjectAddress, options: GetOptions): Promise<ObjectPart>;
  head(at: ObjectAddress, signal: AbortSignal): Promise<ObjectFacts>;
  /** Whole or not at all. */
  put(
    at: ObjectAddress,
    body: Uint8Array,
    options: PutOptions,
  ): Promise<Pick<ObjectFacts, "encryption" | "etag">>;
  remove(at: ObjectAddress, signal: AbortSignal): Promise<void>;
  list(query: ListQuery, signal: AbortSignal): Promise<Listing>;
}

/** Order of keys on S3. */
export function keyAfter(key: string, other: string): boolean {
  return Buffer.compare(Buffer.from(key), Buffer.from(other)) > 0;
}
