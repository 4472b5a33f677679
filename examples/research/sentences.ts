/**
 * Cuts passages into sentences that can be quoted.
 *
 * Each line of a sentence's text is, character for character, part of the document's line that it is cited with. Marks at the start of
 * a line (list signs, "> ") are not part of it. Code, headings and lines with control characters are never quoted.
 */
import { BLOCK_START } from "./passages.ts";
import { isCjk, keyStems } from "./text.ts";
import type { Passage, Quotation } from "./types.ts";

/** A sentence with what its ranking needs. */
export interface Sentence extends Quotation {
  stems: string[];
}

const MARKS = /^\s*(?:(?:[-*+]|\d{1,9}[.)])\s+(?:\[[ xX]\]\s+)?|>\s?)*/u;
const TABLE_ROW = /^\s*\|/u;
const FENCE = /^\s*(?:```|~~~)/u;
/** Lines of tables that only draw, headings, and lines that are nothing but marks. */
const NOT_QUOTABLE = /^\s*(?:[|\s:=-]*|#{1,6}\s.*|[^\p{L}]*)$/u;
const ABBREVIATION = String.raw`(?<!\b(?:e\.g|i\.e|etc|vs|cf|Dr|Mr|Mrs|Ms|Fig|No|approx))`;
const END = new RegExp(
  String.raw`${ABBREVIATION}[.!?][\p{Pe}\p{Pf}"'*_${"`"}]*(?=\s+[\p{Lu}\p{N}\p{Ps}\p{Pi}"'*_${"`"}]|$)|[。！？][」』）*]*`,
  "gu",
);
const MAX_CHARACTERS = 420;

interface Line {
  line: number;
  text: string;
}

/** The sentences of a passage that are worth quoting, in their order. */
export function sentencesOf(passage: Passage): Sentence[] {
  return blocksOf(passage)
    .flatMap((block) => splitBlock(passage.file, block))
    .filter((sentence) => isQuotable(sentence));
}

/** A line without the marks at its start and the blanks at both ends. */
export function withoutMarks(line: string): string {
  return line.replace(MARKS, "").trim();
}

/** Runs of lines that belong together: paragraphs, list items, cells of tables. */
function blocksOf(passage: Passage): Line[][] {
  const blocks: Line[][] = [[]];
  let fenced = false;
  passage.text.split("\n").forEach((text, index) => {
    const line = passage.startLine + index;
    const fence = FENCE.test(text);
    if (fence) fenced = !fenced;
    const quotable = !fence && !fenced && !NOT_QUOTABLE.test(text) && !/[^\P{Cc}\t]/u.test(text);
    if (!quotable || BLOCK_START.test(text)) blocks.push([]);
    if (quotable && TABLE_ROW.test(text))
      blocks.push(...cellsOf(text).map((cell) => [{ line, text: cell }]), []);
    else if (quotable) blocks.at(-1)?.push({ line, text: withoutMarks(text) });
  });
  return blocks.filter((block) => block.length > 0);
}

function cellsOf(row: string): string[] {
  return row
    .split("|")
    .map((cell) => cell.trim())
    .filter((cell) => cell !== "");
}

function splitBlock(file: string, block: Line[]): Sentence[] {
  const text = block.map((line) => line.text).join("\n");
  const first = block[0]?.line ?? 1;
  const ends = [...text.matchAll(END)].map((match) => match.index + match[0].length);
  const starts = [0, ...ends];
  return starts.map((start, index) => {
    const piece = text.slice(start, ends[index] ?? text.length);
    const skipped = start + piece.length - piece.trimStart().length;
    const line = first + text.slice(0, skipped).split("\n").length - 1;
    return { file, line, text: piece.trim(), stems: keyStems(piece) };
  });
}

function isQuotable(sentence: Sentence): boolean {
  return (
    sentence.stems.length >= (isCjk(sentence.text) ? 2 : 3) &&
    sentence.text.length >= 12 &&
    sentence.text.length <= MAX_CHARACTERS
  );
}
