import { describe, expect, it } from "vitest";
import { decomposeQuestion } from "../../../examples/research/decompose.ts";
import { citation, plain, renderReport } from "../../../examples/research/report.ts";
import { extractFindings } from "../../../examples/research/synthesize.ts";
import type { SearchResult } from "../../../examples/research/types.ts";
import { corpusOf, DOCUMENTS } from "./folder.ts";

const QUESTION = "What survives a crash?";

async function report(
  files: Readonly<Record<string, string>> = DOCUMENTS,
): Promise<{ text: string; results: SearchResult[] }> {
  const { corpus, index } = await corpusOf(files);
  const results: SearchResult[] = decomposeQuestion(QUESTION, corpus).map((topic, at) =>
    at === 4
      ? { topic, error: "SourceError: gone\u001B[2J" }
      : { topic, hits: corpus.search(topic.query, 8) },
  );
  const findings = extractFindings(QUESTION, results, corpus);
  return {
    text: renderReport({ question: QUESTION, index, results, findings, writer: "extractive" }, corpus),
    results,
  };
}

/** The quotations of a report with their citations, read back from its Markdown. */
function quotationsIn(text: string): { lines: string[]; file: string; first: number; last: number }[] {
  const blocks = text.matchAll(/((?:^> .*\n)+)>\n> — `(.+):(\d+)(?:-(\d+))?`$/gmu);
  return [...blocks].map(([, lines = "", file = "", first = "", last = first]) => ({
    lines: lines
      .trimEnd()
      .split("\n")
      .map((line) => line.slice(2)),
    file,
    first: Number(first),
    last: Number(last),
  }));
}

describe("the report", () => {
  it("quotes what really stands at the lines that it cites", async () => {
    const quotations = quotationsIn((await report()).text);
    expect(quotations.length).toBeGreaterThan(5);
    for (const { lines, file, first, last } of quotations) {
      const document = (DOCUMENTS[file] ?? "").split("\n");
      expect(last - first + 1).toBe(lines.length);
      lines.forEach((line, index) => expect(document[first - 1 + index]).toContain(line));
    }
  });

  it("quotes each sentence for one topic only", async () => {
    const places = quotationsIn((await report()).text).map(
      ({ lines, file, first }) => `${file}:${first}:${lines.join()}`,
    );
    expect(new Set(places).size).toBe(places.length);
  });

  it("says most relevant things first", async () => {
    const { text } = await report();
    const summary = text.slice(text.indexOf("## Summary"), text.indexOf("## Findings"));
    expect(summary).toContain("Timers survive a crash: they are rows of the database and not memory.");
    expect(summary).toContain("(`README.md:8`)");
    expect(summary.split("\n- ").length).toBeLessThanOrEqual(7);
  });

  it("names the searches that failed, without their control characters", async () => {
    const { text, results } = await report();
    expect(text).toContain(
      `## Searches that failed\n\n- t05 ${plain(results[4]?.topic.title ?? "")}: SourceError: gone \\[2J`,
    );
    expect(text).not.toContain("### t05");
  });

  it("has a table of the documents that it quotes", async () => {
    expect((await report()).text).toMatch(/\| `README\.md` \| 18 \| \d+ \| `[0-9a-f]{64}` \|/u);
  });

  it("is the same bytes for the same documents", async () => {
    expect((await report()).text).toBe((await report()).text);
  });

  it("says so when there is nothing to say", async () => {
    const { text } = await report({ "a.md": "Bananas are yellow fruit from warm countries." });
    expect(text).toContain("The documents say nothing about this.");
    expect(text).toContain("## Searches that found nothing\n\n- t01");
    expect(text).toContain("No document is quoted.");
  });

  it("lists files that were left out, at most twenty", async () => {
    const { corpus, index } = await corpusOf({ "a.md": "text" });
    const skipped = Array.from({ length: 25 }, (_, at) => `f${at}.md: not UTF-8 text`);
    const findings = { summary: [], findings: [], notes: ["A note."] };
    const input = {
      question: QUESTION,
      index: { ...index, skipped },
      results: [],
      findings,
      writer: "extractive" as const,
    };
    const text = renderReport(input, corpus);
    expect(text.match(/not UTF-8 text/gu)).toHaveLength(20);
    expect(text).toContain("- and 5 more");
    expect(text).toContain("## Notes\n\n- A note.");
  });
});

it("plain makes prose of markup", () => {
  const text = plain("![x](http://evil/?q=1) <script>\n# no heading `code` *b* | cell");
  expect(text).toBe("!\\[x\\](http://evil/?q=1) \\<script> \\# no heading \\`code\\` \\*b\\* \\| cell");
});

it("a citation of several lines names the first and the last", () => {
  expect(citation({ file: "a.md", line: 3, text: "one" })).toBe("`a.md:3`");
  expect(citation({ file: "a.md", line: 3, text: "one\ntwo\nthree" })).toBe("`a.md:3-5`");
});
