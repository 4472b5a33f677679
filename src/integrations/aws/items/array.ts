/** The elements of a JSON array, one at a time. */
import { cutInto, Cutter } from "./cutter.ts";
import { notIterable, readerFailure } from "./failure.ts";
import { parsedItem } from "./jsonl.ts";
import type { Page } from "./page.ts";
import { ArraySeeker } from "./pointer.ts";
import type { Source } from "./source.ts";

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const OPEN: ReadonlySet<number> = new Set([91, 123]);
const CLOSE: ReadonlySet<number> = new Set([93, 125]);

/** Records are elements with the comma or bracket after them. */
class ElementCutter extends Cutter {
  #seeker: ArraySeeker | undefined;
  #ended = false;
  #depth = 0;
  #string = false;
  #escaped = false;

  constructor(at: number, seeker: ArraySeeker | undefined) {
    super(at);
    this.#seeker = seeker;
  }

  /** The array's closing bracket was seen. */
  override get ended(): boolean {
    return this.#ended;
  }

  /** The array's opening bracket was seen. */
  get begun(): boolean {
    return this.#seeker === undefined;
  }

  override push(chunk: Buffer): void {
    if (this.#seeker === undefined) {
      super.push(chunk);
      return;
    }
    const start = chunk.subarray(0, 3).toString("hex") === "efbbbf" ? 3 : 0;
    const found = this.#seeker.feed(chunk.subarray(start));
    this.skip(found === -1 ? chunk.length : start + found);
    if (found === -1) return;
    this.#seeker = undefined;
    super.push(chunk.subarray(start + found));
  }

  protected override scan(bytes: Buffer, from: number): number {
    for (let index = from; index < bytes.length; index += 1) {
      if (this.#ends(bytes[index] ?? 0)) return index + 1;
    }
    return -1;
  }

  #ends(byte: number): boolean {
    if (this.#string) {
      if (!this.#escaped && byte === QUOTE) this.#string = false;
      this.#escaped = !this.#escaped && byte === BACKSLASH;
      return false;
    }
    if (byte === QUOTE) this.#string = true;
    else if (OPEN.has(byte)) this.#depth += 1;
    else if (CLOSE.has(byte)) this.#depth -= 1;
    if (this.#depth === -1) this.#ended = true;
    return this.#depth === -1 || (this.#depth === 0 && byte === COMMA);
  }
}

/**
 * Returns where to go on.
 * @param pointer Where the array is, if reading begins; undefined: `source` begins in it.
 */
export async function readArray(
  page: Page,
  source: Source,
  pointer: readonly string[] | undefined,
): Promise<number | undefined> {
  const seeker = pointer === undefined ? undefined : new ArraySeeker(pointer);
  const cutter = new ElementCutter(source.start.at, seeker);
  let first = pointer !== undefined;
  const at = await cutInto(page, { source, cutter }, (record) => {
    if (!cutter.ended && !isEnd(record))
      throw readerFailure("The data is not valid JSON: the array has no end.");
    const text = record.toString("utf8", 0, record.length - 1).trim();
    // `[]` has no elements; `[1,]` has one too few.
    if (text !== "" || !(first && cutter.ended)) page.add(parsedItem(text), record.length);
    first = false;
  });
  if (!cutter.begun) throw notIterable();
  if (at === undefined && !cutter.ended)
    throw readerFailure("The data is not valid JSON: the array has no end.");
  return at;
}

/** Whether the record was cut off behind a comma, and not at the end of the data. */
function isEnd(record: Buffer): boolean {
  return record.at(-1) === COMMA;
}
