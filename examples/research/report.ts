/**
 * Makes the Markdown report. The same input gives the same bytes: no time, no duration, no number of attempts is in it.
 * Every quotation is printed line by line as it stands in its document, with `file:line` behind it.
 */
import type { Corpus } from "./corpus.ts";
import { oneLine } from "./decompose.ts";
import { searchTerms } from "./text.ts";
import type { Finding, Findings, IndexInfo, Quotation, SearchResult, Statement, Writer } from "./types.ts";

/** All that a report is made of. */
export interface ReportInput {
  question: string;
  index: IndexInfo;
  results: SearchResult[];
  findings: Findings;
  writer: Writer;
}

const MAX_SKIPPED_SHOWN = 20;

/** The whole report. */
export function renderReport(input: ReportInput, corpus: Corpus): string {
  const sections = [
    [`# ${plain(oneLine(input.question))}`, about(input)],
    ["## Summary", ...summary(input.findings)],
    ["## Findings", ...input.results.flatMap((result) => topicSection(result, input.findings.findings))],
    [
      "## Searches that failed",
      list(input.results.flatMap((result) => ("error" in result ? [failed(result)] : []))),
    ],
    ["## Searches that found nothing", list(input.results.flatMap((result) => emptyHanded(result)))],
    ["## Notes", list(input.findings.notes.map((note) => plain(note)))],
    ["## Sources", sources(input.findings, corpus), ...leftOut(input.index.skipped)],
  ];
  return `${sections.flat().join("\n\n")}\n`;
}

/** Prose that is only prose: one line, and nothing in it is markup, a link or an image. */
export function plain(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .replaceAll(/[<[\]*_`#|\\]/gu, String.raw`\$&`);
}

/** Where a quotation stands: `file:line`, or `file:first-last` when it has several lines. */
export function citation(quotation: Quotation): string {
  const last = quotation.line + quotation.text.split("\n").length - 1;
  return `\`${quotation.file}:${quotation.line}${last > quotation.line ? `-${last}` : ""}\``;
}

function about({ index, results, writer }: ReportInput): string {
  const who = writer === "model" ? "by a language model" : "by extractive code (no language model)";
  const words = [
    `Written ${who} from ${count(index.documents, "document")} (${count(index.passages, "passage")}) and ${count(results.length, "search", "searches")}.`,
    "Each quotation was compared with the document at the line that is cited.",
    `Fingerprint of the documents: \`${index.fingerprint.slice(0, 16)}\`.`,
  ];
  return words.join(" ");
}

function count(n: number, one: string, many: string = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

function summary({ summary: statements }: Findings): string[] {
  if (statements.length === 0) return ["The documents say nothing about this."];
  return [statements.map((statement) => statementLine(statement)).join("\n")];
}

function statementLine({ text, quotations }: Statement): string {
  const cited = quotations.map((quotation) => citation(quotation)).join(", ");
  const words =
    text === ""
      ? quotations.map((quotation) => `“${quotation.text.replaceAll("\n", " ")}”`).join(" ")
      : plain(text);
  return `- ${words} (${cited})`;
}

function topicSection(result: SearchResult, findings: Finding[]): string[] {
  if ("error" in result || result.hits.length === 0) return [];
  const { topic, hits } = result;
  const finding = findings.find((item) => item.topic === topic.id);
  const blocks = (finding?.quotations ?? []).map((quotation) => quote(quotation));
  const text = finding === undefined || finding.text === "" ? [] : [plain(finding.text)];
  const nothing = "Nothing that is not quoted elsewhere in this report.";
  const found = `Searched for ${plain(searchTerms(topic.query).join(", "))}: ${count(hits.length, "passage")}.`;
  return [
    `### ${topic.id} ${plain(topic.title)}`,
    found,
    ...text,
    ...(blocks.length === 0 ? [nothing] : blocks),
  ];
}

function quote(quotation: Quotation): string {
  const lines = quotation.text.split("\n").map((line) => `> ${line}`);
  return [...lines, ">", `> — ${citation(quotation)}`].join("\n");
}

function failed({ topic, error }: { topic: SearchResult["topic"]; error: string }): string {
  return `${topic.id} ${plain(topic.title)}: ${plain(error)}`;
}

function emptyHanded(result: SearchResult): string[] {
  return "hits" in result && result.hits.length === 0
    ? [`${result.topic.id} ${plain(result.topic.title)}`]
    : [];
}

function list(lines: string[]): string {
  return lines.length === 0 ? "None." : lines.map((line) => `- ${line}`).join("\n");
}

function sources(findings: Findings, corpus: Corpus): string {
  const all = [...findings.summary, ...findings.findings].flatMap((item) =>
    item.quotations.map((quotation) => quotation.file),
  );
  const rows = corpus.documents().flatMap(({ file, lines, sha256 }) => {
    const quoted = all.filter((name) => name === file).length;
    return quoted === 0
      ? []
      : [`| \`${file.replaceAll("|", String.raw`\|`)}\` | ${lines} | ${quoted} | \`${sha256}\` |`];
  });
  if (rows.length === 0) return "No document is quoted.";
  return ["| document | lines | quotations | SHA-256 |", "| --- | ---: | ---: | --- |", ...rows].join("\n");
}

function leftOut(skipped: string[]): string[] {
  if (skipped.length === 0) return [];
  const more = skipped.length > MAX_SKIPPED_SHOWN ? [`and ${skipped.length - MAX_SKIPPED_SHOWN} more`] : [];
  return ["Left out:", list([...skipped.slice(0, MAX_SKIPPED_SHOWN).map((line) => plain(line)), ...more])];
}
