/**
 * Splits a document into passages: pieces of a few sentences that a search can find and a report can quote.
 *
 * - A passage never crosses a heading, and it knows the headings above it.
 * - A paragraph, a list item, a row of a table and a block of code stay whole, unless one alone is too long.
 * - Lines are kept as they are; a passage's text is exactly the document's lines `startLine` to `endLine`.
 */
import type { Document } from "./files.ts";
import type { Passage } from "./types.ts";

/** A passage is closed when it has this many characters. */
const GOOD_LENGTH = 500;
/** A paragraph longer than this is cut between two lines. */
const MAX_LENGTH = 1500;

const HEADING = /^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$/u;
const UNDERLINE = /^ {0,3}(?:=+|-{2,})[ \t]*$/u;
const FENCE = /^ {0,3}(?:```|~~~)/u;
/** The start of a list item, a row of a table or a quoted line: a new block without an empty line before it. */
export const BLOCK_START: RegExp = /^\s*(?:[-*+]\s|\d{1,9}[.)]\s|\||>)/u;

interface Heading {
  level: number;
  title: string;
  /** 2 when the next line underlines it. */
  lines: number;
}

interface Splitter {
  passages: Omit<Passage, "id">[];
  headings: string[];
  /** The first line of the passage that is open, counted from 0. */
  start: number;
  length: number;
  fenced: boolean;
}

/** The passages of a document in their order. */
export function splitPassages(document: Document): Omit<Passage, "id">[] {
  const splitter: Splitter = { passages: [], headings: [], start: 0, length: 0, fenced: false };
  document.lines.forEach((line, index) => readLine(splitter, document, { line, index }));
  close(splitter, document, document.lines.length);
  return splitter.passages;
}

function readLine(splitter: Splitter, document: Document, at: { line: string; index: number }): void {
  const { line, index } = at;
  if (index < splitter.start) return;
  const heading = splitter.fenced ? undefined : headingAt(document.lines, index);
  if (heading !== undefined) {
    close(splitter, document, index);
    openHeading(splitter.headings, heading);
    splitter.start = index + heading.lines;
    return;
  }
  const boundary = !splitter.fenced && (line.trim() === "" || BLOCK_START.test(line) || FENCE.test(line));
  if ((boundary && splitter.length >= GOOD_LENGTH) || splitter.length + line.length > MAX_LENGTH)
    close(splitter, document, index);
  if (FENCE.test(line)) splitter.fenced = !splitter.fenced;
  splitter.length += line.length + 1;
}

/** Ends the passage before line `end` (counted from 0), without empty lines around it. An empty one is dropped. */
function close(splitter: Splitter, document: Document, end: number): void {
  let first = splitter.start;
  let last = end - 1;
  while (first <= last && isEmpty(document.lines[first])) first++;
  while (last >= first && isEmpty(document.lines[last])) last--;
  if (first <= last) {
    const text = document.lines.slice(first, last + 1).join("\n");
    const heading = splitter.headings.filter((name) => name !== "").join(" › ");
    splitter.passages.push({ file: document.file, startLine: first + 1, endLine: last + 1, heading, text });
  }
  splitter.start = end;
  splitter.length = 0;
}

function isEmpty(line: string | undefined): boolean {
  return line === undefined || line.trim() === "";
}

/** The heading on this line: `# …`, or a line that the next one underlines. */
function headingAt(lines: string[], index: number): Heading | undefined {
  const line = lines[index] ?? "";
  const marked = HEADING.exec(line);
  if (marked !== null) return { level: marked[1]?.length ?? 1, title: marked[2] ?? "", lines: 1 };
  const alone = index === 0 || isEmpty(lines[index - 1]);
  const next = lines[index + 1] ?? "";
  if (!alone || isEmpty(line) || BLOCK_START.test(line) || UNDERLINE.test(line) || !UNDERLINE.test(next))
    return undefined;
  return { level: next.trim().startsWith("=") ? 1 : 2, title: line.trim(), lines: 2 };
}

function openHeading(headings: string[], heading: Heading): void {
  while (headings.length < heading.level) headings.push("");
  headings.length = heading.level - 1;
  headings.push(heading.title);
}
