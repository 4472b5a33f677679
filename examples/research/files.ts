/**
 * Reads a folder of text and Markdown documents.
 *
 * - Names are relative to the base folder, with "/" on every system, and sorted by code unit: the same folder gives the same corpus.
 * - Hidden entries, `node_modules` and symbolic links are never followed, so that a walk ends and stays inside its folder.
 * - What cannot be read as text is left out with its reason, never guessed at.
 */
import { createHash } from "node:crypto";
import { lstat, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { ResearchInputError } from "./errors.ts";
import { compareText } from "./text.ts";

/** Larger files are left out. */
export const MAX_FILE_BYTES: number = 1024 * 1024;
/** With more documents than this the corpus is refused. */
export const MAX_DOCUMENTS = 20_000;

/** Where the documents are. */
export interface CorpusSource {
  /** The folder that file names are relative to. */
  base: string;
  /** Files and folders in it. Default: the whole folder. */
  include?: string[];
  /** Files that are no documents, such as the report. */
  exclude?: string[];
}

/** A document's text, split into lines without their line ends. */
export interface Document {
  file: string;
  lines: string[];
  sha256: string;
}

type Read = { document: Document } | { skipped: string };

/** The names of all documents of the source, sorted. A name in `include` that does not exist is an `ResearchInputError`. */
export async function listDocuments(source: CorpusSource, limit: number = MAX_DOCUMENTS): Promise<string[]> {
  const excluded = new Set((source.exclude ?? []).map((file) => path.resolve(source.base, file)));
  const found = new Set<string>();
  for (const entry of source.include ?? ["."]) {
    for await (const file of walk(path.resolve(source.base, entry))) {
      if (!excluded.has(file)) found.add(path.relative(source.base, file).split(path.sep).join("/"));
      if (found.size > limit) throw new ResearchInputError(tooMany(source.base, limit));
    }
  }
  return [...found].toSorted(compareText);
}

async function* walk(file: string): AsyncGenerator<string> {
  const info = await lstat(file).catch(() => undefined);
  if (info === undefined) throw new ResearchInputError(`There is no file or folder ${JSON.stringify(file)}.`);
  if (info.isFile() && /\.(?:md|markdown|txt)$/iu.test(file)) yield file;
  if (!info.isDirectory()) return;
  for (const entry of await readdir(file, { withFileTypes: true })) {
    const hidden = entry.name.startsWith(".") || entry.name === "node_modules";
    if (!hidden && (entry.isDirectory() || entry.isFile())) yield* walk(path.join(file, entry.name));
  }
}

function tooMany(base: string, limit: number): string {
  return `${JSON.stringify(base)} has more than ${limit} documents. Name a smaller folder.`;
}

/** Reads one document, or says why it is left out. */
export async function readDocument(base: string, file: string): Promise<Read> {
  const name = JSON.stringify(file).slice(1, -1);
  if (/[\p{Cc}`]/u.test(file)) return { skipped: `${name}: a control character or a backtick in its name` };
  const bytes = await readSmall(path.join(base, file));
  if (typeof bytes === "string") return { skipped: `${name}: ${bytes}` };
  const text = decode(bytes);
  if (text === undefined) return { skipped: `${name}: not UTF-8 text` };
  return {
    document: { file, lines: splitLines(text), sha256: createHash("sha256").update(bytes).digest("hex") },
  };
}

/** The file's bytes, or why they cannot be had. A file may be gone or closed to us; the others are still worth reading. */
async function readSmall(file: string): Promise<Uint8Array | string> {
  try {
    const { size } = await lstat(file);
    return size > MAX_FILE_BYTES ? `larger than ${MAX_FILE_BYTES} bytes` : await readFile(file);
  } catch (error) {
    return `cannot be read (${error instanceof Error && "code" in error ? String(error.code) : "unknown reason"})`;
  }
}

function decode(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The lines of a text as editors count them: the line end of the last line starts no further line. */
export function splitLines(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/u);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
