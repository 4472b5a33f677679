/**
 * Cuts a question into topics to search for, without a model: the question itself, its terms one by one, headings of the documents that
 * deal with it, and each of its most distinctive companions in the documents. Where the documents give too little, general aspects fill up.
 *
 * The same question and index give the same topics; there are always as many as asked for.
 */
import type { Corpus } from "./corpus.ts";
import { ResearchInputError } from "./errors.ts";
import { compareText, isCjk, keyStems, keyTerms, searchTerms, stem } from "./text.ts";
import type { Passage, Topic } from "./types.ts";

/** A research has at least this many topics … */
export const MIN_TOPICS = 15;
/** … and at most this many. */
export const MAX_TOPICS = 40;
const DEFAULT_TOPICS = 18;
const MAX_QUESTION_CHARACTERS = 2000;
const FEEDBACK_PASSAGES = 40;
const FEW_PASSAGES = 15;

const ASPECTS: readonly string[] = (
  "cause effect example limit failure recovery alternative cost measurement history definition reason risk decision rule test exception " +
  "comparison order time size purpose problem solution result default error state change start end check version condition method source " +
  "structure user data future"
).split(" ");
const CJK_ASPECTS: readonly string[] = (
  "原因 結果 事例 制限 失敗 復旧 代替 費用 測定 履歴 定義 理由 危険 決定 規則 試験 例外 比較 順序 時間 規模 目的 問題 解決 効果 既定 誤り 状態 変更 開始 終了 " +
  "確認 条件 方法 出典 構造 利用 情報 将来 手順"
).split(" ");

/** The topics of a question, most important first. A question without any word is an `ResearchInputError`. */
export function decomposeQuestion(question: string, corpus: Corpus, count: number = DEFAULT_TOPICS): Topic[] {
  checkQuestion(question);
  if (!Number.isInteger(count) || count < MIN_TOPICS || count > MAX_TOPICS) {
    throw new ResearchInputError(
      `A research has ${MIN_TOPICS} to ${MAX_TOPICS} topics; ${count} were asked for.`,
    );
  }
  const own = searchTerms(question).slice(0, 8);
  const passages = passagesAbout(question, corpus);
  const aspects = isCjk(question) ? CJK_ASPECTS : ASPECTS;
  const candidates = [
    { title: oneLine(question), query: own.join(" ") },
    ...(own.length > 1 ? own.slice(0, 3).map((term) => ({ title: term, query: term })) : []),
    ...headingsOf(passages, keyStems(question))
      .slice(0, 4)
      .map((heading) => ({ title: heading, query: keyTerms(heading).join(" ") })),
    ...companions(question, passages, corpus).map((term) => withTerm(own, term)),
    ...aspects.map((aspect) => withTerm(own, aspect)),
  ];
  return distinct(candidates)
    .slice(0, count)
    .map((topic, index) => ({ id: topicId(index), ...topic }));
}

/** Refuses what cannot be searched for. */
export function checkQuestion(question: string): void {
  if (question.length > MAX_QUESTION_CHARACTERS) {
    throw new ResearchInputError(
      `The question has ${question.length} characters; at most ${MAX_QUESTION_CHARACTERS} are allowed.`,
    );
  }
  if (searchTerms(question).length === 0)
    throw new ResearchInputError("The question has no word to search for.");
}

/** "t01" for the first topic. */
export function topicId(index: number): string {
  return `t${String(index + 1).padStart(2, "0")}`;
}

/** The text on one line, without control and format characters, at most 120 characters. */
export function oneLine(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  const characters = [...line];
  return characters.length <= 120 ? line : `${characters.slice(0, 119).join("")}…`;
}

/** The passages that a search for the question finds; when they are few, the passages beside them too. */
function passagesAbout(question: string, corpus: Corpus): Passage[] {
  const found = corpus.search(question, FEEDBACK_PASSAGES).map((hit) => hit.passage);
  const beside = found.length < FEW_PASSAGES ? found.flatMap((id) => [id - 1, id + 1]) : [];
  const ids = new Set([...found, ...beside].filter((id) => id >= 1 && id <= corpus.passageCount));
  return [...ids].map((id) => corpus.passage(id));
}

function withTerm(own: string[], term: string): Omit<Topic, "id"> {
  return { title: `${own.slice(0, 3).join(" ")}: ${term}`, query: [term, ...own].join(" ") };
}

/** The headings above these passages, those that speak of the question first. */
function headingsOf(passages: Passage[], stems: string[]): string[] {
  const headings = new Set(passages.map((passage) => oneLine(passage.heading.split(" › ").at(-1) ?? "")));
  const shared = (heading: string): number => keyStems(heading).filter((item) => stems.includes(item)).length;
  return [...headings]
    .filter((heading) => keyTerms(heading).length > 0)
    .toSorted((a, b) => shared(b) - shared(a));
}

/**
 * The terms that stand near the question's terms more than elsewhere: in how many of the passages found, times how distinctive the term is.
 * A term that only one of these passages has comes after those that several have.
 */
function companions(question: string, passages: Passage[], corpus: Corpus): string[] {
  const own = new Set(keyStems(question));
  const found = new Map<string, { term: string; passages: number }>();
  for (const passage of passages) {
    const here = new Map(keyTerms(passage.text).map((term) => [stem(term), term]));
    for (const [key, term] of here) {
      const entry = found.get(key) ?? { term, passages: 0 };
      if (!own.has(key)) found.set(key, { term: shorter(entry.term, term), passages: entry.passages + 1 });
    }
  }
  const weight = (entry: { term: string; passages: number }): number =>
    Number(
      (Math.log(entry.passages) + Math.min(entry.passages, 2) * corpus.distinctiveness(entry.term)).toFixed(
        6,
      ),
    );
  return [...found.values()]
    .toSorted((a, b) => weight(b) - weight(a) || compareText(a.term, b.term))
    .map((entry) => entry.term)
    .slice(0, MAX_TOPICS);
}

function shorter(a: string, b: string): string {
  return a.length < b.length || (a.length === b.length && a < b) ? a : b;
}

/** Drops candidates that would search for the same words as one before them. */
function distinct(candidates: Omit<Topic, "id">[]): Omit<Topic, "id">[] {
  const seen = new Set<string>();
  return candidates.filter(({ query }) => {
    const key = searchTerms(query)
      .map((term) => stem(term))
      .toSorted(compareText)
      .join(" ");
    if (key === "" || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
