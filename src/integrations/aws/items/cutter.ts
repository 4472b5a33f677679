/** Cuts a stream of bytes into records, whatever pieces it comes in, and knows at which byte each one ends. */
import { readerFailure } from "./failure.ts";
import type { Page } from "./page.ts";
import type { Source } from "./source.ts";

/** AWS takes items up to 256 KiB; what is longer than this is no record but a file of another kind. */
const MAX_RECORD = 8 * 1024 * 1024;
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

export interface Cut {
  readonly bytes: Buffer;
  /** Where the next record begins. */
  readonly next: number;
}

export abstract class Cutter {
  #rest: Buffer = Buffer.alloc(0);
  #scanned = 0;
  #at: number;

  /** @param at The position of the first byte that will come. */
  constructor(at: number) {
    this.#at = at;
  }

  /** True: what follows is of no interest. */
  get ended(): boolean {
    return false;
  }

  push(chunk: Buffer): void {
    const text = this.#at === 0 && chunk.subarray(0, MARK.length).equals(MARK) ? MARK.length : 0;
    this.#at += text;
    const fresh = chunk.subarray(text);
    this.#rest = this.#rest.length === 0 ? fresh : Buffer.concat([this.#rest, fresh]);
  }

  /** Undefined: there is no whole record yet. */
  next(): Cut | undefined {
    const end = this.scan(this.#rest, this.#scanned);
    if (end !== -1) return this.#take(end);
    this.#scanned = this.#rest.length;
    if (this.#scanned > MAX_RECORD) throw readerFailure(`An item is longer than ${MAX_RECORD} bytes.`);
    return undefined;
  }

  /** What is left at the end of the data. */
  last(): Cut | undefined {
    return this.#rest.length === 0 ? undefined : this.#take(this.#rest.length);
  }

  /** Passes over bytes that are not pushed. */
  protected skip(count: number): void {
    this.#at += count;
  }

  /** The index after the record's last byte, or -1; looks at bytes from `from` on, and remembers what it saw before. */
  protected abstract scan(bytes: Buffer, from: number): number;

  #take(end: number): Cut {
    const bytes = this.#rest.subarray(0, end);
    this.#rest = this.#rest.subarray(end);
    this.#scanned = 0;
    this.#at += end;
    return { bytes, next: this.#at };
  }
}

/**
 * Gives records to `take` until the page is full. Returns the position to go on from; undefined at the end of the data.
 */
export async function cutInto(
  page: Page,
  { source, cutter }: { readonly source: Source; readonly cutter: Cutter },
  take: (record: Buffer) => void,
): Promise<number | undefined> {
  for await (const chunk of source.chunks) {
    cutter.push(chunk);
    for (let cut = cutter.next(); cut !== undefined; cut = cutter.next()) {
      take(cut.bytes);
      if (cutter.ended) return undefined;
      if (page.full) return cut.next;
    }
  }
  const last = cutter.last();
  if (last !== undefined) take(last.bytes);
  return undefined;
}
