/**
 * Finds the array that a JSON pointer (RFC 6901) names, in a text that comes in pieces and is not held in memory. It only follows brackets, strings and
 * commas: whether the values are well-formed is seen where they are parsed.
 */
import { notIterable, readerFailure } from "./failure.ts";

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const COLON = 58;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

interface Frame {
  readonly array: boolean;
  /** The member that is being read: a key, or an index as text. */
  member: string;
  index: number;
  /** In an object, between a comma and a colon. */
  atKey: boolean;
}

/** `/a/b` → `["a", "b"]`. @throws StatesError States.ItemReaderFailed */
export function parsePointer(pointer: string): readonly string[] {
  if (pointer === "") return [];
  if (!pointer.startsWith("/")) throw readerFailure(`ItemsPointer is not a JSON pointer: ${pointer}`);
  return pointer
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

export class ArraySeeker {
  readonly #pointer: readonly string[];
  readonly #frames: Frame[] = [];
  #string = false;
  #escaped = false;
  /** Bytes of the key that is being read. */
  #key: number[] | undefined;

  constructor(pointer: readonly string[]) {
    this.#pointer = pointer;
  }

  /** The index after the array's bracket, or -1. @throws StatesError if the pointer names something else */
  feed(bytes: Buffer): number {
    for (let index = 0; index < bytes.length; index += 1) {
      if (this.#found(bytes[index] ?? 0)) return index + 1;
    }
    return -1;
  }

  #found(byte: number): boolean {
    if (this.#string) {
      this.#inString(byte);
      return false;
    }
    if (byte <= 32) return false;
    const frame = this.#frames.at(-1);
    if (this.#isTarget(byte, frame)) {
      if (byte === OPEN_ARRAY) return true;
      throw notIterable();
    }
    this.#step(byte, frame);
    return false;
  }

  /** Whether a value begins here, at the end of the pointer. */
  #isTarget(byte: number, frame: Frame | undefined): boolean {
    if (this.#frames.length !== this.#pointer.length) return false;
    if (byte === COMMA || byte === COLON || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) return false;
    if (frame?.atKey === true) return false;
    return this.#frames.every((one, depth) => one.member === this.#pointer[depth]);
  }

  #step(byte: number, frame: Frame | undefined): void {
    if (byte === QUOTE) {
      this.#string = true;
      this.#key = frame?.atKey === true ? [] : undefined;
    } else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      const array = byte === OPEN_ARRAY;
      this.#frames.push({ array, member: array ? "0" : "", index: 0, atKey: !array });
    } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
      this.#frames.pop();
    } else if (frame !== undefined) {
      nextMember(byte, frame);
    }
  }

  #inString(byte: number): void {
    if (!this.#escaped && byte === QUOTE) {
      this.#endString();
      return;
    }
    this.#escaped = !this.#escaped && byte === BACKSLASH;
    this.#key?.push(byte);
  }

  #endString(): void {
    this.#string = false;
    const frame = this.#frames.at(-1);
    if (this.#key !== undefined && frame !== undefined) frame.member = keyOf(this.#key);
    this.#key = undefined;
  }
}

function nextMember(byte: number, frame: Frame): void {
  if (byte === COLON) frame.atKey = false;
  if (byte !== COMMA) return;
  frame.atKey = !frame.array;
  frame.index += 1;
  if (frame.array) frame.member = String(frame.index);
}

function keyOf(bytes: readonly number[]): string {
  const text = Buffer.from(bytes).toString("utf8");
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}
