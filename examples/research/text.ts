/**
 * Text into terms. One rule for documents and questions, so that both agree:
 * - Latin and other spaced scripts: lower-case words without diacritics; the index stems them further.
 * - Japanese and Chinese: runs of Han or Katakana characters are terms. Hiragana is mostly grammar and ends a term.
 */

const CJK = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}ー々";
const CJK_CHARACTER = new RegExp(`[${CJK}]`, "u");
const CJK_RUN = new RegExp(`[${CJK}]+`, "gu");
const TERM = new RegExp(
  `[\\p{Script=Han}々]+|[\\p{Script=Katakana}ー]+|[[\\p{L}\\p{M}\\p{N}]--[${CJK}]]+`,
  "gv",
);

const STOP_WORDS: ReadonlySet<string> = new Set(
  `a about above after again all also am an and any appear appears are as at be became because become becomes been before being below between both but by came can
  cannot could did do does doing done down during each either else even every few for from further get gets had has have having he
  her here hers him his how however i if in instead into is it its itself just let like made make makes many may me might more most much
  must my need neither never no nor not now of off often on once one only or other our out over own per please same say says shall she should
  since so some still such than that the their them then there therefore these they thing things this those though through thus to too two
  under until up upon us use used uses using very via was way we well were what when where whether which while who whom whose why will with
  within without would yes yet you your たち もの こと`
    .split(/\s+/u)
    .filter((word) => word !== ""),
);

/** Removes case and diacritics and gives full-width letters their usual form. */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(/[\u0300-\u036f]/gu, "")
    .normalize("NFC")
    .toLowerCase();
}

/** True when the term has a Han or kana character. */
export function isCjk(text: string): boolean {
  return CJK_CHARACTER.test(text);
}

/** True for words that say nothing about a text's subject: common words, single letters and bare numbers. */
export function isCommon(term: string): boolean {
  if (STOP_WORDS.has(term) || /^\p{N}+$/u.test(term)) return true;
  return [...term].length < (isCjk(term) ? 2 : 3);
}

/** All terms in their order, common ones included. */
export function terms(text: string): string[] {
  return fold(text).match(TERM) ?? [];
}

/** The terms that carry meaning, each once, in order of appearance. */
export function keyTerms(text: string): string[] {
  return [...new Set(terms(text).filter((term) => !isCommon(term)))];
}

/** One key for a word and its simple inflections (crash, crashes, crashed), to compare terms outside the index. */
export function stem(term: string): string {
  if (isCjk(term) || term.length < 4) return term;
  const singular = term.replace(/(?:ies|ied)$/u, "y").replace(/(?<![su])s$/u, "");
  const short = singular.replace(/(?:(?<!e)(?:ing|edly|ed)|ly)$/u, "");
  const base = short.length < 3 || !/[aeiouy]/u.test(short) ? singular : short;
  return base.replace(/(?<=..)e$/u, "").replace(/([bdglmnprst])\1$/u, "$1");
}

/** The stems of the terms that carry meaning, each once. */
export function keyStems(text: string): string[] {
  return [...new Set(keyTerms(text).map((term) => stem(term)))];
}

/**
 * Japanese writes no spaces, and most of its words are two characters long, which SQLite's trigram tokenizer cannot find.
 * So the index holds such text as overlapping pairs of characters ("復旧する" → "復旧 旧す する"), in the same table as everything
 * else, and a search for a run of characters becomes a phrase of pairs.
 */
export function spacedForIndex(text: string): string {
  return fold(text).replaceAll(CJK_RUN, (run) => ` ${pairs(run).join(" ")} `);
}

/** The overlapping pairs of a run of characters; the character itself when there is only one. */
export function pairs(run: string): string[] {
  const characters = [...run];
  if (characters.length < 2) return characters;
  return characters.slice(1).map((character, index) => `${characters[index] ?? ""}${character}`);
}

/** What to look for: the terms that carry meaning; if there are none, all terms; if there are none, runs of kana. */
export function searchTerms(text: string): string[] {
  const found = [keyTerms(text), terms(text), fold(text).match(CJK_RUN) ?? []].find(
    (list) => list.length > 0,
  );
  return [...new Set(found)];
}

/** Compares by code unit: the same order on every machine, whatever its language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
