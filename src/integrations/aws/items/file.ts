/** Items of one object, in whatever format. */
import type { JsonObject } from "../../../notations/asl/json.ts";
import type { ObjectAddress } from "../s3/store.ts";
import { readArray } from "./array.ts";
import { delimiterOf, readCsv } from "./csv.ts";
import { readerFailure } from "./failure.ts";
import { readJsonLines } from "./jsonl.ts";
import type { Page } from "./page.ts";
import { parsePointer } from "./pointer.ts";
import { openSource, type Mark, type Source, type SourceWorld } from "./source.ts";

/** Where reading of a file stands. */
export interface FileState extends Mark {
  /** Of a CSV file whose first line was read. */
  readonly headers?: readonly string[] | undefined;
}

/** How a file is written. */
export interface Format {
  /** `CSV`, `JSON`, `JSONL`. */
  readonly type: string;
  readonly delimiter: string;
  /** Undefined: the first row. */
  readonly headers: readonly string[] | undefined;
  readonly pointer: readonly string[];
}

/** @param config ReaderConfig */
export function formatOf(config: JsonObject): Format {
  const { InputType, CSVDelimiter, CSVHeaders, ItemsPointer } = config;
  const given = config["CSVHeaderLocation"] === "GIVEN" && Array.isArray(CSVHeaders);
  return {
    type: typeof InputType === "string" ? InputType : "JSON",
    delimiter: delimiterOf(typeof CSVDelimiter === "string" ? CSVDelimiter : ""),
    headers: given ? CSVHeaders.map(String) : undefined,
    pointer: parsePointer(typeof ItemsPointer === "string" ? ItemsPointer : ""),
  };
}

export interface FileReading {
  readonly at: ObjectAddress;
  readonly format: Format;
  /** Undefined: at the beginning. */
  readonly state: FileState | undefined;
  readonly world: SourceWorld;
}

/** Adds items to the page. Returns where to go on; undefined: that was all. */
export async function readFile(page: Page, reading: FileReading): Promise<FileState | undefined> {
  const { at, format, state, world } = reading;
  const source = await openSource(at, state, world);
  const { etag, gzip } = source.start;
  if (format.type === "CSV") {
    const { delimiter } = format;
    const end = await readCsv(page, { source, delimiter, headers: format.headers ?? state?.headers });
    if (end.at === undefined) return undefined;
    // Headers that are given are in every page's configuration already.
    return { at: end.at, etag, gzip, ...(format.headers === undefined ? { headers: end.headers } : {}) };
  }
  const next = await readJson(page, source, { format, begun: state !== undefined });
  return next === undefined ? undefined : { at: next, etag, gzip };
}

function readJson(
  page: Page,
  source: Source,
  { format, begun }: { readonly format: Format; readonly begun: boolean },
): Promise<number | undefined> {
  if (format.type === "JSONL") return readJsonLines(page, source);
  if (format.type === "JSON") return readArray(page, source, begun ? undefined : format.pointer);
  throw readerFailure(
    `Items of the type ${format.type} cannot be read here. Register a handler named itemReader:${format.type} that returns them.`,
  );
}
