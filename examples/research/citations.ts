/**
 * Holds quotations against the corpus. What passes stands in the document, each line of it at the line that is cited.
 *
 * Models often quote the right words with a line number that is off, or with line breaks lost. Such a quotation is put right: the words
 * are looked for in the whole document, and the place nearest to the one that was claimed is taken. Words that are not there are not repaired.
 */
import type { Corpus } from "./corpus.ts";
import { withoutMarks } from "./sentences.ts";
import type { Quotation } from "./types.ts";

/** Shorter quotations prove nothing. */
const MIN_CHARACTERS = 10;
const MAX_CHARACTERS = 1000;

/** True when every line of the quotation is part of the line of the document that it is cited with. */
export function standsThere(quotation: Quotation, lines: readonly string[]): boolean {
  return quotation.text.split("\n").every((text, index) => {
    const line = lines[quotation.line - 1 + index];
    return text !== "" && line !== undefined && line.includes(text);
  });
}

/** The quotation as it can be printed, at its real place, or undefined when the document does not have these words. */
export function verify(quotation: Quotation, corpus: Corpus): Quotation | undefined {
  const { file } = quotation;
  const lines = corpus.lines(file);
  const text = quotation.text.trim();
  if (lines === undefined || text.length < MIN_CHARACTERS || text.length > MAX_CHARACTERS) return undefined;
  if (/[^\P{Cc}\t\n]/u.test(text)) return undefined;
  const asIs = { file, line: quotation.line, text };
  if (standsThere(asIs, lines)) return asIs;
  const found = locate(lines, text, quotation.line);
  return found === undefined ? undefined : { file, ...found };
}

/** Where the words stand, whatever the line breaks: the place nearest to line `near`, with the document's line breaks. */
function locate(
  lines: readonly string[],
  text: string,
  near: number,
): { line: number; text: string } | undefined {
  const bare = lines.map((line) => withoutMarks(line));
  const document = bare.join("\n");
  const words = text.split(/\s+/u).map((word) => RegExp.escape(word));
  const places = [...document.matchAll(new RegExp(words.join(String.raw`(?:[ \t]+|\n)`), "gu"))].map(
    (match) => ({
      line: document.slice(0, match.index).split("\n").length,
      text: match[0],
    }),
  );
  const first = places[0];
  if (first === undefined) return undefined;
  return places.reduce(
    (best, place) => (Math.abs(place.line - near) < Math.abs(best.line - near) ? place : best),
    first,
  );
}
