/**
 * The bytes of an object from any position on, in windows, so that a page of items costs about a page of bytes. What reads them says where to go on later;
 * the object must still be the same then, which its ETag tells.
 */
import { createReadStream } from "node:fs";
import { readAll } from "../http/request.ts";
import type { ObjectAddress, ObjectStore } from "../s3/store.ts";
import { readerFailure } from "./failure.ts";
import type { RecentWindows } from "./recent.ts";
import type { Spool } from "./spool.ts";

const WINDOW = 256 * 1024;

/** Where reading stands in one object. */
export interface Mark {
  /** Bytes, of the decompressed text. */
  readonly at: number;
  readonly etag: string;
  readonly gzip: boolean;
}

export interface Source {
  readonly start: Mark;
  /** From `start` on. */
  readonly chunks: AsyncIterable<Buffer>;
}

export interface SourceWorld {
  readonly store: ObjectStore;
  readonly spool: Spool;
  readonly recent: RecentWindows;
  readonly signal: AbortSignal;
}

/** @param mark Where to go on; undefined: at the beginning. */
export async function openSource(
  at: ObjectAddress,
  mark: Mark | undefined,
  world: SourceWorld,
): Promise<Source> {
  if (mark !== undefined) {
    const copy = await world.spool.find(nameOf(at, mark.etag));
    if (copy !== undefined) return { start: mark, chunks: fileFrom(copy, mark.at) };
    if (mark.gzip) return unzipped(at, mark, world);
    const window = world.recent.find(nameOf(at, mark.etag), mark.at);
    if (window !== undefined) return { start: mark, chunks: windows(at, { start: mark, ...window }, world) };
  }
  return firstWindow(at, mark, world);
}

async function firstWindow(at: ObjectAddress, mark: Mark | undefined, world: SourceWorld): Promise<Source> {
  const from = mark?.at ?? 0;
  const { store, signal } = world;
  const part = await store.get(at, { range: { from, length: WINDOW }, etag: mark?.etag, signal });
  const { etag, size } = part.facts;
  // Behind its end an object says nothing of itself.
  if (mark !== undefined && etag !== "" && mark.etag !== etag) throw changed();
  const start: Mark = mark ?? { at: 0, etag, gzip: false };
  if (!part.ranged) return whole(at, { start, size, body: part.body }, world);
  const bytes = await readAll(part.body, WINDOW);
  if (mark === undefined && isGzip(bytes)) return unzipped(at, start, world);
  world.recent.keep(nameOf(at, etag), { from, bytes, size });
  return { start, chunks: windows(at, { bytes, start, size }, world) };
}

/** The server knows no ranges: what is small is here already, what is large gets a copy. */
async function whole(
  at: ObjectAddress,
  {
    start,
    size,
    body,
  }: { readonly start: Mark; readonly size: number; readonly body: AsyncIterable<Uint8Array> },
  world: SourceWorld,
): Promise<Source> {
  const { head, all } = await peek(body);
  const gzip = start.gzip || isGzip(head);
  if (!gzip && size <= WINDOW) {
    const bytes = await readAll(all, WINDOW);
    return { start, chunks: single(bytes.subarray(start.at)) };
  }
  const copy = await world.spool.add(nameOf(at, start.etag), all, { gzip, signal: world.signal });
  return { start: { ...start, gzip }, chunks: fileFrom(copy, start.at) };
}

async function unzipped(at: ObjectAddress, start: Mark, world: SourceWorld): Promise<Source> {
  const { store, signal, spool } = world;
  const part = await store.get(at, { signal, etag: start.etag });
  if (part.facts.etag !== start.etag) throw changed();
  const copy = await spool.add(nameOf(at, start.etag), part.body, { gzip: true, signal });
  return { start: { ...start, gzip: true }, chunks: fileFrom(copy, start.at) };
}

async function* windows(
  at: ObjectAddress,
  { bytes, start, size }: { readonly bytes: Buffer; readonly start: Mark; readonly size: number },
  { store, signal, recent }: SourceWorld,
): AsyncGenerator<Buffer> {
  let from = start.at + bytes.length;
  if (bytes.length > 0) yield bytes;
  while (from < size) {
    const part = await store.get(at, { range: { from, length: WINDOW }, etag: start.etag, signal });
    const next = await readAll(part.body, WINDOW);
    if (next.length === 0) return;
    recent.keep(nameOf(at, start.etag), { from, bytes: next, size });
    from += next.length;
    yield next;
  }
}

async function* single(bytes: Buffer): AsyncGenerator<Buffer> {
  if (bytes.length > 0) yield bytes;
}

async function* fileFrom(path: string, start: number): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(path, { start, highWaterMark: WINDOW })) yield chunk as Buffer;
}

/** The first chunk, and all of them with it. */
async function peek(
  body: AsyncIterable<Uint8Array>,
): Promise<{ readonly head: Uint8Array; readonly all: AsyncIterable<Uint8Array> }> {
  const iterator = body[Symbol.asyncIterator]();
  const first = await iterator.next();
  const head = first.done === true ? new Uint8Array() : first.value;
  return { head, all: rejoined(head, iterator) };
}

async function* rejoined(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function nameOf({ bucket, key, versionId }: ObjectAddress, etag: string): string {
  return JSON.stringify([bucket, key, versionId, etag]);
}

function changed(): Error {
  return readerFailure("The object has changed while it was being read.");
}
