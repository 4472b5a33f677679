/**
 * Records: small documents that are kept beside the runs: definitions, settings, what a server knows. A record is a JSON text under a key in a collection.
 *
 * Invariants that every store keeps, and that the contract suite checks:
 * - A write is applied whole or not at all, and its promise resolves only when it is durable (D1).
 * - Each write gives its record a version that is higher than every version before it in the store, also when a record of that key was removed meanwhile:
 *   what one has read and is still the version of the record has not changed.
 * - Writes with `expected` are applied only if the record is as expected. Whoever gets no answer (DRM-STORE-UNAVAILABLE) reads the record again before the next write.
 * - Keys are ordered as UTF-8 orders them: by code point.
 */

/** One document. */
export interface StoredRecord {
  readonly key: string;
  /** JSON text. */
  readonly text: string;
  readonly version: number;
}

/** Which records of a collection to list, in the order of their keys. */
export interface RecordFilter {
  readonly prefix?: string | undefined;
  /** Only keys after this one: the last key of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** What the record must be for a write to be applied: of this version, or not there. Undefined: anything. */
export interface RecordCondition {
  readonly expected?: number | "absent" | undefined;
}

/** The version of the record that was written; or that it is not as it was expected. */
export type RecordWritten = number | "conflict";

export interface Records {
  get(collection: string, key: string): Promise<StoredRecord | undefined>;
  list(collection: string, filter: RecordFilter): Promise<readonly StoredRecord[]>;
  /** Writes a record, new or in place of the one that is there. */
  put(
    collection: string,
    key: string,
    record: RecordCondition & { readonly text: string },
  ): Promise<RecordWritten>;
  /** Removes a record; one that is not there is as good as removed, unless a version of it was expected. */
  remove(collection: string, key: string, condition?: RecordCondition): Promise<"removed" | "conflict">;
}
