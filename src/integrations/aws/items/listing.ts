/** Items that are the objects of a bucket themselves: `listObjectsV2` (members as in the Step Functions developer guide, "ItemReader"). */
import type { Json } from "../../../notations/asl/json.ts";
import { keyAfter, type Listed, type ObjectStore } from "../s3/store.ts";
import type { Page } from "./page.ts";

const PAGE = 1000;

/** Returns the last key that was taken; undefined: that was all. */
export async function readListing(
  page: Page,
  store: ObjectStore,
  query: {
    readonly bucket: string;
    readonly prefix: string;
    readonly after: string | undefined;
    readonly signal: AbortSignal;
  },
): Promise<string | undefined> {
  const { bucket, prefix, signal } = query;
  let { after } = query;
  for (;;) {
    const { objects, truncated } = await store.list({ bucket, prefix, after, count: PAGE }, signal);
    const before = after;
    for (const one of objects) {
      if (before !== undefined && !keyAfter(one.key, before)) continue;
      if (page.full) return after;
      page.add(itemOf(one), one.key.length + 150);
      after = one.key;
    }
    if (!truncated || after === before) return undefined;
  }
}

function itemOf(one: Listed): Json {
  return {
    Etag: one.etag,
    Key: one.key,
    LastModified: Math.floor(one.lastModified.getTime() / 1000),
    Size: one.size,
    StorageClass: one.storageClass,
  };
}
