/** Folders in place of buckets: the bucket `file:./data` is the folder `data` below the root. Objects appear whole, by a rename. */
import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { localFailure, localPath, UNFINISHED } from "./path.ts";
import type {
  GetOptions,
  Listed,
  Listing,
  ListQuery,
  ObjectAddress,
  ObjectFacts,
  ObjectPart,
  ObjectStore,
} from "./store.ts";
import { walk } from "./walk.ts";

const SCHEME = "file:";
const CHUNK = 64 * 1024;

export function isLocal(bucket: string): boolean {
  return bucket.startsWith(SCHEME);
}

export class LocalObjects implements ObjectStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async get(at: ObjectAddress, { range, etag, signal }: GetOptions): Promise<ObjectPart> {
    const file = await this.#open(at);
    try {
      const facts = await factsOf(file);
      if (etag !== undefined && etag !== facts.etag) throw changed(at);
      const from = Math.min(range?.from ?? 0, facts.size);
      const end = range === undefined ? facts.size : Math.min(facts.size, from + range.length);
      return { facts, ranged: range !== undefined, body: read(file, { from, end, signal }) };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async head(at: ObjectAddress): Promise<ObjectFacts> {
    const file = await this.#open(at);
    try {
      return await factsOf(file);
    } finally {
      await file.close();
    }
  }

  async put(at: ObjectAddress, body: Uint8Array): Promise<Pick<ObjectFacts, "encryption" | "etag">> {
    const path = await this.#path(at);
    if (at.key === "" || at.key.endsWith("/")) {
      throw localFailure("InvalidArgument", "A local object needs a name.", 400);
    }
    await mkdir(dirname(path), { recursive: true });
    const unfinished = join(dirname(path), UNFINISHED + randomUUID());
    try {
      await writeDurably(unfinished, body);
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
    return this.head(at);
  }

  async remove(at: ObjectAddress): Promise<void> {
    await rm(await this.#path(at), { force: true });
  }

  async list({ bucket, prefix, after, count }: ListQuery): Promise<Listing> {
    const folder = await localPath(this.#root, bucket.slice(SCHEME.length), "");
    if (!(await isFolder(folder))) {
      throw localFailure("NoSuchBucket", "The specified bucket does not exist", 404);
    }
    const objects: Listed[] = [];
    for await (const { key, path } of walk(folder, { prefix, after })) {
      if (objects.length === count) return { objects, truncated: true };
      const { size, mtime } = await stat(path);
      objects.push({ key, size, lastModified: mtime, etag: etagOf(size, mtime), storageClass: "STANDARD" });
    }
    return { objects, truncated: false };
  }

  #path({ bucket, key }: ObjectAddress): Promise<string> {
    return localPath(this.#root, bucket.slice(SCHEME.length), key);
  }

  async #open(at: ObjectAddress): Promise<FileHandle> {
    const path = await this.#path(at);
    try {
      // Not blocking: a named pipe must not hold the task.
      const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
      if ((await file.stat()).isFile()) return file;
      await file.close();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    throw localFailure("NoSuchKey", "The specified key does not exist.", 404);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

async function factsOf(file: FileHandle): Promise<ObjectFacts> {
  const { size, mtime } = await file.stat();
  return {
    etag: etagOf(size, mtime),
    size,
    lastModified: mtime,
    contentType: "binary/octet-stream",
    metadata: {},
    encryption: "AES256",
  };
}

/** Changes when the file does; computing S3's own would mean to read it. */
function etagOf(size: number, mtime: Date): string {
  return `"${mtime.getTime().toString(16)}-${size.toString(16)}"`;
}

function changed({ key }: ObjectAddress): Error {
  return localFailure("PreconditionFailed", `${key} has changed since it was first read.`, 412);
}

async function* read(
  file: FileHandle,
  { from, end, signal }: { readonly from: number; readonly end: number; readonly signal: AbortSignal },
): AsyncGenerator<Uint8Array> {
  try {
    for (let at = from; at < end;) {
      signal.throwIfAborted();
      const buffer = Buffer.allocUnsafe(Math.min(CHUNK, end - at));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function writeDurably(path: string, body: Uint8Array): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(body);
    await file.sync();
  } finally {
    await file.close();
  }
}
