import { describe, expect, it } from "vitest";
import { standsThere, verify } from "../../../examples/research/citations.ts";
import { sentencesOf } from "../../../examples/research/sentences.ts";
import { corpusOf, DOCUMENTS } from "./folder.ts";

function sentences(text: string): { line: number; text: string }[] {
  const found = sentencesOf({ id: 1, file: "a.md", startLine: 10, endLine: 99, heading: "", text });
  return found.map((sentence) => ({ line: sentence.line, text: sentence.text }));
}

describe("sentencesOf", () => {
  it("keeps the line breaks of a sentence and says where it starts", () => {
    const text = "It was so. The second\n  sentence crosses lines and ends. A third sentence follows.";
    expect(sentences(text)).toEqual([
      { line: 10, text: "The second\nsentence crosses lines and ends." },
      { line: 11, text: "A third sentence follows." },
    ]);
  });

  it("takes list items, quoted lines and cells of tables one by one, without their marks", () => {
    const text = [
      "- Timers survive crashes, always",
      "  and on every disk",
      "1. [x] Leases expire after crashes",
      "> Quoted words about durability",
      "| Committed signals survive crashes | Second cell about leases |",
      "| --- | --- |",
    ].join("\n");
    expect(sentences(text)).toEqual([
      { line: 10, text: "Timers survive crashes, always\nand on every disk" },
      { line: 12, text: "Leases expire after crashes" },
      { line: 13, text: "Quoted words about durability" },
      { line: 14, text: "Committed signals survive crashes" },
      { line: 14, text: "Second cell about leases" },
    ]);
  });

  it("ends Japanese sentences at their marks", () => {
    expect(
      sentences("検索結果は履歴に記録される。クラッシュ後も復旧処理が動く。").map(({ text }) => text),
    ).toEqual(["検索結果は履歴に記録される。", "クラッシュ後も復旧処理が動く。"]);
  });

  it("does not end a sentence at an abbreviation or inside a number", () => {
    const text = "Durable stores, e.g. SQLite databases, need version 3.51 or newer disks.";
    expect(sentences(text)).toEqual([{ line: 10, text }]);
  });

  it("quotes no code, no heading, no control character and nothing that is too short or too long", () => {
    const code = "```\nconst durable = code about crashes;\n```";
    const endless = `${"word durable crash ".repeat(40)}.`;
    expect(
      sentences(
        `${code}\n\n# Heading about durable crashes\n\nEscape \u001B[2J durable crash sequence.\n\nShort one.\n\n${endless}`,
      ),
    ).toEqual([]);
  });

  it("makes only sentences that stand in the document", async () => {
    const { corpus } = await corpusOf(DOCUMENTS);
    const all = Array.from({ length: corpus.passageCount }, (_, index) =>
      sentencesOf(corpus.passage(index + 1)),
    ).flat();
    expect(all.length).toBeGreaterThan(8);
    for (const sentence of all) expect(standsThere(sentence, corpus.lines(sentence.file) ?? [])).toBe(true);
  });
});

describe("verify", () => {
  const files = {
    "a.md":
      "Zero.\n\n- Finished work is never\n  made again.\n\nOther words.\n\nFinished work is never\nmade again.",
  };

  it("lets a quotation pass that stands where it says", async () => {
    const { corpus } = await corpusOf(files);
    const quotation = { file: "a.md", line: 8, text: "Finished work is never\nmade again." };
    expect(verify(quotation, corpus)).toEqual(quotation);
  });

  it("puts a line number and lost line breaks right, at the nearest place", async () => {
    const { corpus } = await corpusOf(files);
    const text = "Finished work is never  made again.";
    expect(verify({ file: "a.md", line: 4, text }, corpus)).toMatchObject({
      line: 3,
      text: "Finished work is never\nmade again.",
    });
    expect(verify({ file: "a.md", line: 99, text }, corpus)).toMatchObject({ line: 8 });
  });

  it.each([
    ["words that are not there", { file: "a.md", line: 3, text: "Finished work is always made again." }],
    ["a document that is not there", { file: "b.md", line: 3, text: "Finished work is never" }],
    ["words across an empty line", { file: "a.md", line: 4, text: "made again. Other words." }],
    ["too few words", { file: "a.md", line: 1, text: "Zero." }],
    ["a pattern instead of words", { file: "a.md", line: 3, text: "Finished .* is never" }],
    ["control characters", { file: "a.md", line: 3, text: "Finished work\u001B is never" }],
  ])("drops %s", async (_, quotation) => {
    const { corpus } = await corpusOf(files);
    expect(verify(quotation, corpus)).toBeUndefined();
  });
});
