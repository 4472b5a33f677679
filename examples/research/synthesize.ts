/**
 * Writes the findings without a model: the sentences of the passages found that say most about the question and about each topic.
 *
 * The same results and index give the same findings. Every sentence is quoted as it stands, and a sentence is used for one topic only.
 */
import { verify } from "./citations.ts";
import type { Corpus } from "./corpus.ts";
import { type Sentence, sentencesOf } from "./sentences.ts";
import { compareText, keyStems } from "./text.ts";
import type { Finding, Findings, Quotation, SearchResult, Statement } from "./types.ts";

const QUOTATIONS_PER_TOPIC = 3;
const SUMMARY_SENTENCES = 6;
const FEW_SENTENCES = 3;
/** What a term of a topic counts in the summary; a term of the question counts 2. */
const TOPIC_SHARE = 0.1;
/** Two sentences that share more of their terms than this say the same. */
const SAME = 0.5;

type Weights = ReadonlyMap<string, number>;
interface Scored {
  sentence: Sentence;
  score: number;
}

/** The findings for a question from what its searches have found. */
export function extractFindings(
  question: string,
  results: readonly SearchResult[],
  corpus: Corpus,
): Findings {
  const used = new Set<string>();
  const pool = new Map<string, Sentence>();
  const findings: Finding[] = [];
  for (const result of results) {
    if ("error" in result || result.hits.length === 0) continue;
    const sentences = readSentences(result, corpus);
    for (const sentence of sentences) pool.set(keyOf(sentence), sentence);
    const weights = weightsOf(
      [
        [question, 1],
        [result.topic.query, 1],
      ],
      corpus,
    );
    const fresh = sentences.filter((sentence) => !used.has(keyOf(sentence)));
    const best = pick(rank(fresh, weights), QUOTATIONS_PER_TOPIC);
    for (const sentence of best) used.add(keyOf(sentence));
    findings.push({
      topic: result.topic.id,
      text: "",
      quotations: quote(best, corpus),
    });
  }
  const summary = summarize(question, results, { sentences: [...pool.values()], corpus });
  return { summary, findings, notes: [] };
}

/** The sentences that say most about the question. Where few have its words, those that say most about its topics fill up. */
function summarize(
  question: string,
  results: readonly SearchResult[],
  { sentences, corpus }: { sentences: Sentence[]; corpus: Corpus },
): Statement[] {
  const topics = results.map(({ topic }): [string, number] => [topic.query, TOPIC_SHARE]);
  const own = weightsOf([[question, 1]], corpus);
  const ranked = rank(sentences, weightsOf([[question, 2], ...topics], corpus));
  const close = pick(
    ranked.filter(({ sentence }) => sentence.stems.some((stem) => own.has(stem))),
    SUMMARY_SENTENCES,
  );
  const best = close.length >= FEW_SENTENCES ? close : pick(ranked, FEW_SENTENCES);
  return quote(best, corpus).map((quotation) => ({ text: "", quotations: [quotation] }));
}

function readSentences(result: { hits: readonly { passage: number }[] }, corpus: Corpus): Sentence[] {
  return result.hits.flatMap((hit) => sentencesOf(corpus.passage(hit.passage)));
}

/** How much each stem counts: how distinctive it is, times the weight of the text that it comes from. */
function weightsOf(texts: [text: string, weight: number][], corpus: Corpus): Weights {
  const weights = new Map<string, number>();
  for (const [text, weight] of texts) {
    for (const stem of keyStems(text))
      weights.set(stem, (weights.get(stem) ?? 0) + weight * corpus.distinctiveness(stem));
  }
  return weights;
}

/** The sentences that have anything to do with it, best first. Equal ones stand in the order of file and line. */
function rank(sentences: Sentence[], weights: Weights): Scored[] {
  return sentences
    .map((sentence) => ({ sentence, score: scoreOf(sentence, weights) }))
    .filter(({ score }) => score > 0)
    .toSorted(
      (a, b) =>
        b.score - a.score ||
        compareText(a.sentence.file, b.sentence.file) ||
        a.sentence.line - b.sentence.line,
    );
}

/** What the sentence's terms weigh, more when many different ones match, less when the sentence is long, a question or the start of a list. */
function scoreOf(sentence: Sentence, weights: Weights): number {
  const matched = sentence.stems.filter((stem) => weights.has(stem));
  const sum = matched.reduce((total, stem) => total + (weights.get(stem) ?? 0), 0);
  const coverage = 1 + matched.length / Math.max(weights.size, 1);
  const form = /[?？:：]["*_`]*$/u.test(sentence.text) ? 0.7 : 1;
  return Number(((sum * coverage * form) / Math.sqrt(Math.max(sentence.stems.length, 8))).toFixed(6));
}

/** The best ones, without those that say what a better one says already. */
function pick(ranked: Scored[], count: number): Sentence[] {
  const picked: Sentence[] = [];
  for (const { sentence } of ranked) {
    if (picked.length === count) break;
    if (picked.every((other) => overlap(sentence.stems, other.stems) <= SAME)) picked.push(sentence);
  }
  return picked;
}

function overlap(a: readonly string[], b: readonly string[]): number {
  const common = a.filter((stem) => b.includes(stem)).length;
  return common / Math.max(Math.min(a.length, b.length), 1);
}

function keyOf(sentence: Sentence): string {
  return `${sentence.file}:${sentence.line}:${sentence.text}`;
}

/** The sentences as quotations. They pass the same check as those of a model. */
function quote(sentences: Sentence[], corpus: Corpus): Quotation[] {
  return sentences.flatMap((sentence) => verify(sentence, corpus) ?? []);
}
