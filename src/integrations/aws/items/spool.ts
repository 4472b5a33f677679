/**
 * Objects that cannot be read from the middle (compressed ones, and those of servers without ranges) are copied once to a temporary file, so that each page
 * of items does not cost a whole download and memory stays small. The copies belong to this process; after a crash they are made anew.
 */
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

const MAX_FILES = 8;

export interface SpoolOptions {
  /** Decompresses what is copied. */
  readonly gzip: boolean;
  readonly signal: AbortSignal;
}

export class Spool {
  #folder: Promise<string> | undefined;
  /** Oldest use first. */
  readonly #files = new Map<string, Promise<string>>();
  #count = 0;

  /** The path of the copy with this name, if there is one. */
  async find(name: string): Promise<string | undefined> {
    const file = this.#files.get(name);
    if (file === undefined) return undefined;
    this.#files.delete(name);
    this.#files.set(name, file);
    return file;
  }

  /** Makes a copy, in place of one with the same name. */
  async add(name: string, body: AsyncIterable<Uint8Array>, options: SpoolOptions): Promise<string> {
    const previous = this.#files.get(name);
    const copy = this.#write(body, options);
    this.#files.set(name, copy);
    if (previous !== undefined) await removed(previous);
    await this.#evict();
    try {
      return await copy;
    } catch (error) {
      if (this.#files.get(name) === copy) this.#files.delete(name);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#files.clear();
    if (this.#folder !== undefined) await rm(await this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }

  async #write(body: AsyncIterable<Uint8Array>, { gzip, signal }: SpoolOptions): Promise<string> {
    this.#folder ??= mkdtemp(join(tmpdir(), "daruma-items-"));
    const path = join(await this.#folder, String((this.#count += 1)));
    const source = Readable.from(body);
    const file = createWriteStream(path, { mode: 0o600 });
    await (gzip ? pipeline(source, createGunzip(), file, { signal }) : pipeline(source, file, { signal }));
    return path;
  }

  async #evict(): Promise<void> {
    const [oldest] = this.#files;
    if (this.#files.size <= MAX_FILES || oldest === undefined) return;
    this.#files.delete(oldest[0]);
    await removed(oldest[1]);
  }
}

async function removed(copy: Promise<string>): Promise<void> {
  const path = await copy.catch(() => undefined);
  if (path !== undefined) await rm(path, { force: true });
}
