/**
 * Reads the text of a definition for what `JSON.parse` does not tell: where each value stands, keys that are there twice, and, if the text is no JSON, the
 * words in which AWS says so (they are those of the Jackson library, which AWS uses).
 *
 * Invariants: it keeps its own stack, so the depth of the text cannot overflow that of the process; depth above `deepestValue` is an error; places are
 * named as AWS names them in `location`: `/States/Choose/Choices[0]/Next`.
 */

import { deepestValue } from "../json.ts";
import { Lines } from "./lines.ts";

/** Why a text is no JSON. */
export interface JsonProblem {
  /** Without the source, such as `Unrecognized token 'not': was expecting …`. */
  readonly message: string;
  /** `[Source: (String)"not json"; line: 1, column: 4]` */
  readonly source: string;
  readonly line: number;
  readonly column: number;
}

export interface JsonLayout {
  readonly problem?: JsonProblem;
  /** Where the key (of a field) or the value (of an item) begins, by its place. */
  readonly offsets: ReadonlyMap<string, number>;
  /** Keys that an object has twice. */
  readonly duplicates: readonly Duplicate[];
}

export interface Duplicate {
  readonly key: string;
  readonly place: string;
  /** The place of the object. */
  readonly parent: string;
}

/** Reads the text once. */
export function layoutOf(text: string): JsonLayout {
  const reader = new Reader(text);
  try {
    reader.read();
    return reader;
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return { problem: problemAt(text, error.reason, error.offset), offsets: reader.offsets, duplicates: [] };
  }
}

function problemAt(text: string, message: string, offset: number): JsonProblem {
  const { line, column } = new Lines(text).at(offset);
  return { message, source: sourceOf(text, line, column), line, column };
}

function sourceOf(text: string, line: number, column: number): string {
  const shown = text.slice(0, 500);
  const more = text.length > 500 ? `[truncated ${text.length - 500} chars]` : "";
  return `[Source: (String)"${shown}"${more}; line: ${line}, column: ${column}]`;
}

/** The text is broken. Thrown and caught in this file only. */
class Broken extends Error {
  readonly reason: string;
  readonly offset: number;

  constructor(reason: string, offset: number) {
    super(reason);
    this.reason = reason;
    this.offset = offset;
  }
}

interface Frame {
  readonly kind: "Object" | "Array";
  readonly start: number;
  readonly place: string;
  readonly keys: Set<string>;
  count: number;
}

const values = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

/** A string up to where it is no JSON any more. C1 control characters may stand in it as they are. */
const stringStart = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*/uy;
const wholeString = new RegExp(`${stringStart.source}"`, "uy");

class Reader implements JsonLayout {
  readonly offsets: Map<string, number> = new Map();
  readonly duplicates: Duplicate[] = [];
  readonly #text: string;
  readonly #frames: Frame[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): void {
    this.#value("");
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) this.#next(frame);
    this.#space();
    if (this.#at < this.#text.length) throw this.#unexpected("was expecting the end of the text");
  }

  /** The next field or item of the innermost object or array, or its end. */
  #next(frame: Frame): void {
    const close = frame.kind === "Object" ? "}" : "]";
    const first = frame.count === 0;
    const char = this.#peek(frame);
    if (char === close && (first || this.#text[this.#at] === close)) {
      this.#at++;
      this.#frames.pop();
      return;
    }
    if (!first) {
      if (char !== ",") throw this.#unexpected(`was expecting comma to separate ${frame.kind} entries`);
      this.#at++;
      this.#peek(frame);
    }
    frame.count++;
    if (frame.kind === "Object") this.#field(frame);
    else this.#value(`${frame.place}[${frame.count - 1}]`);
  }

  #field(frame: Frame): void {
    if (this.#text[this.#at] !== '"')
      throw this.#unexpected("was expecting double-quote to start field name");
    const offset = this.#at;
    const key = this.#string();
    const place = `${frame.place}/${key}`;
    if (frame.keys.has(key)) this.duplicates.push({ key, place, parent: frame.place });
    frame.keys.add(key);
    if (this.#peek(frame) !== ":")
      throw this.#unexpected("was expecting a colon to separate field name and value");
    this.#at++;
    this.#peek(frame);
    this.#value(place, offset);
  }

  #value(place: string, offset?: number): void {
    this.#space();
    if (!this.offsets.has(place)) this.offsets.set(place, offset ?? this.#at);
    const char = this.#text[this.#at];
    if (char === undefined) throw new Broken("No content to map due to end-of-input", this.#at);
    if (char === "{" || char === "[") return this.#open(char === "{" ? "Object" : "Array", place);
    if (char === '"') return void this.#string();
    if (/[-\d]/u.test(char)) return this.#number();
    if (/[\p{L}_$]/u.test(char)) return this.#word();
    throw this.#unexpected(`expected a valid value ${values}`);
  }

  #open(kind: Frame["kind"], place: string): void {
    if (this.#frames.length >= deepestValue)
      throw new Broken(
        `Document nesting depth (${deepestValue + 1}) exceeds the maximum allowed (${deepestValue})`,
        this.#at,
      );
    this.#frames.push({ kind, start: this.#at, place, keys: new Set(), count: 0 });
    this.#at++;
  }

  #word(): void {
    const [word = ""] = this.#match(/[\p{L}\p{N}_$]+/uy);
    this.#at += word.length;
    if (word === "true" || word === "false" || word === "null") return;
    throw new Broken(`Unrecognized token '${word}': was expecting ${values}`, this.#at);
  }

  #number(): void {
    const [zeroes] = this.#match(/-?0\d/y);
    if (zeroes !== undefined)
      throw new Broken("Invalid numeric value: Leading zeroes not allowed", this.#at + zeroes.length);
    const [digits] = this.#match(/-?\d+(\.\d+)?([eE][-+]?\d+)?(?![\w.])/y);
    if (digits === undefined) {
      this.#at += (this.#match(/-?[\d.]*/y)[0] ?? "").length;
      throw this.#unexpected("in numeric value: expected digit (0-9) to follow");
    }
    this.#at += digits.length;
  }

  /** @returns the text that the string means. */
  #string(): string {
    const [literal] = this.#match(wholeString);
    if (literal === undefined) throw this.#brokenString();
    this.#at += literal.length;
    return literal.includes("\\") ? (JSON.parse(literal) as string) : literal.slice(1, -1);
  }

  #brokenString(): Broken {
    const good = this.#match(stringStart)[0] ?? "";
    const at = this.#at + good.length;
    const char = this.#text[at];
    if (char === undefined) return new Broken("Unexpected end-of-input in VALUE_STRING", at);
    if (char !== "\\")
      return new Broken(
        `Illegal unquoted character ((CTRL-CHAR, code ${char.charCodeAt(0)})): has to be escaped using backslash to be included in string value`,
        at,
      );
    const escaped = this.#text[at + 1] ?? "";
    return new Broken(`Unrecognized character escape ${named(escaped)}`, at + 2);
  }

  #match(pattern: RegExp): RegExpExecArray | [] {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text) ?? [];
  }

  #space(): void {
    this.#at += (this.#match(/[ \t\r\n]*/y)[0] ?? "").length;
  }

  /** The next character that is no space. */
  #peek(frame: Frame): string {
    this.#space();
    const char = this.#text[this.#at];
    if (char !== undefined) return char;
    const { line, column } = new Lines(this.#text).at(frame.start);
    const start = sourceOf(this.#text, line, column);
    throw new Broken(
      `Unexpected end-of-input: expected close marker for ${frame.kind} (start marker at ${start})`,
      this.#at,
    );
  }

  #unexpected(expected: string): Broken {
    const char = this.#text[this.#at] ?? "";
    return new Broken(`Unexpected character (${named(char)}): ${expected}`, this.#at + 1);
  }
}

function named(char: string): string {
  const code = char.charCodeAt(0);
  return code < 32 ? `(CTRL-CHAR, code ${code})` : `'${char}' (code ${code})`;
}
