/**
 * Delimited text, by the rules of Distributed Map (Step Functions developer guide, "ItemReader", CSV): lines are records, fields are text, quotation marks
 * enclose fields with delimiters and line ends, a mark in them is doubled or comes after a backslash, a backslash before any other character goes away.
 * Missing fields are empty, fields without a header are dropped.
 */
import type { Json } from "../../../notations/asl/json.ts";
import { cutInto, Cutter } from "./cutter.ts";
import { readerFailure } from "./failure.ts";
import type { Page } from "./page.ts";
import type { Source } from "./source.ts";

const NEWLINE = 10;
const QUOTE = 34;
const BACKSLASH = 92;
/** AWS's limit. */
const MAX_HEADERS = 10 * 1024;

const DELIMITERS: Readonly<Record<string, string>> = {
  COMMA: ",",
  PIPE: "|",
  SEMICOLON: ";",
  SPACE: " ",
  TAB: "\t",
};

export function delimiterOf(name: string): string {
  return DELIMITERS[name] ?? ",";
}

/** Ends records at line ends that are not enclosed. */
class LineCutter extends Cutter {
  readonly #delimiter: number;
  #enclosed = false;
  #escaped = false;
  #fieldStart = true;

  constructor(at: number, delimiter: string) {
    super(at);
    this.#delimiter = delimiter.charCodeAt(0);
  }

  protected override scan(bytes: Buffer, from: number): number {
    for (let index = from; index < bytes.length; index += 1) {
      if (this.#ends(bytes[index] ?? 0)) return index + 1;
    }
    return -1;
  }

  #ends(byte: number): boolean {
    if (this.#escaped) {
      this.#escaped = false;
      // A folder's path may end with a backslash: that is no reason to lose the next line.
      if (byte !== NEWLINE) return false;
    }
    const first = this.#fieldStart;
    this.#fieldStart = !this.#enclosed && (byte === this.#delimiter || byte === NEWLINE);
    if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE && (first || this.#enclosed)) this.#close();
    return byte === NEWLINE && !this.#enclosed;
  }

  /** After a closing mark another one may follow at once, which is a mark in the field and opens it again. */
  #close(): void {
    this.#enclosed = !this.#enclosed;
    this.#fieldStart = !this.#enclosed;
  }
}

export interface CsvReading {
  readonly source: Source;
  readonly delimiter: string;
  /** Undefined: the first line has them. */
  readonly headers: readonly string[] | undefined;
}

export interface CsvEnd {
  /** Undefined: that was all. */
  readonly at: number | undefined;
  readonly headers: readonly string[] | undefined;
}

export async function readCsv(page: Page, reading: CsvReading): Promise<CsvEnd> {
  const { source, delimiter } = reading;
  let headers = reading.headers === undefined ? undefined : checked(reading.headers);
  const cutter = new LineCutter(source.start.at, delimiter);
  const at = await cutInto(page, { source, cutter }, (record) => {
    const line = lineOf(record);
    if (line === "") return;
    if (headers === undefined) headers = checked(fieldsOf(line, delimiter));
    else page.add(itemOf(headers, fieldsOf(line, delimiter)), record.length * 2);
  });
  return { at, headers };
}

function lineOf(record: Buffer): string {
  const text = record.toString("utf8");
  return text.replace(/\r?\n$|\r$/, "");
}

function checked(headers: readonly string[]): readonly string[] {
  if (new Set(headers).size < headers.length) throw readerFailure("CSV headers cannot contain duplicates.");
  if (Buffer.byteLength(headers.join()) > MAX_HEADERS) {
    throw readerFailure("CSV headers cannot be longer than 10 KiB.");
  }
  return headers;
}

function itemOf(headers: readonly string[], fields: readonly string[]): Json {
  return Object.fromEntries(headers.map((header, index) => [header, fields[index] ?? ""]));
}

/** The fields of one record without its line end. */
export function fieldsOf(line: string, delimiter: string): readonly string[] {
  if (!line.includes('"') && !line.includes("\\")) return line.split(delimiter);
  const fields: string[] = [];
  let at = 0;
  do {
    const field = fieldAt(line, at, delimiter);
    fields.push(field.text);
    at = field.end + 1;
  } while (at <= line.length);
  return fields;
}

interface Field {
  readonly text: string;
  /** Of the delimiter after it, or of the line's end. */
  readonly end: number;
}

function fieldAt(line: string, start: number, delimiter: string): Field {
  let text = "";
  let enclosed = line[start] === '"';
  let at = enclosed ? start + 1 : start;
  for (; at < line.length; at += 1) {
    const char = line[at] ?? "";
    if (char === "\\") text += line[(at += 1)] ?? "";
    else if (char === '"' && enclosed && line[at + 1] === '"') text += line[(at += 1)] ?? "";
    else if (char === '"' && enclosed) enclosed = false;
    else if (char === delimiter && !enclosed) break;
    else text += char;
  }
  return { text, end: at };
}
