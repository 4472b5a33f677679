/** Items of many objects, one after the other: what a manifest names, or what a listing with the transformation LOAD_AND_FLATTEN finds. */
import { keyAfter, type ObjectAddress, type ObjectStore } from "../s3/store.ts";
import { readFile, type FileState, type Format } from "./file.ts";
import type { Page } from "./page.ts";
import type { SourceWorld } from "./source.ts";

export interface NamedFile {
  /** What to ask for the next one with. */
  readonly name: string;
  readonly at: ObjectAddress;
}

export interface FileList {
  /** @param after A name; undefined: the first file. */
  next(after: string | undefined): Promise<NamedFile | undefined>;
}

export interface FilesState {
  /** The last file that was read to its end. */
  readonly after?: string | undefined;
  /** Where the one after it stands. */
  readonly file?: FileState | undefined;
}

export async function readFiles(
  page: Page,
  list: FileList,
  reading: {
    readonly format: Format;
    readonly state: FilesState;
    /** The store may differ by bucket. */
    readonly worldOf: (bucket: string) => Promise<SourceWorld>;
  },
): Promise<FilesState | undefined> {
  let { after, file } = reading.state;
  for (;;) {
    const current = await list.next(after);
    if (current === undefined) return undefined;
    const world = await reading.worldOf(current.at.bucket);
    file = await readFile(page, { at: current.at, format: reading.format, state: file, world });
    if (file === undefined) after = current.name;
    if (file !== undefined || page.full) return { after, file };
  }
}

/** The objects with a prefix, in order; folders' own empty objects are passed over. */
export function listedFiles(
  store: ObjectStore,
  {
    bucket,
    prefix,
    signal,
  }: { readonly bucket: string; readonly prefix: string; readonly signal: AbortSignal },
): FileList {
  let ahead: readonly string[] = [];
  const refill = async (after: string | undefined): Promise<void> => {
    const { objects } = await store.list({ bucket, prefix, after, count: 100 }, signal);
    ahead = objects.filter((one) => !one.key.endsWith("/")).map((one) => one.key);
  };
  return {
    async next(after) {
      const fresh = (key: string): boolean => after === undefined || keyAfter(key, after);
      if (!ahead.some(fresh)) await refill(after);
      const key = ahead.find(fresh);
      return key === undefined ? undefined : { name: key, at: { bucket, key } };
    },
  };
}
