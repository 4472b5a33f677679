import { describe, expect, it } from "vitest";
import { splitPassages } from "../../../examples/research/passages.ts";
import { DOCUMENTS } from "./folder.ts";

function passagesOf(text: string): ReturnType<typeof splitPassages> {
  return splitPassages({ file: "x.md", lines: text.split("\n"), sha256: "" });
}

describe("splitPassages", () => {
  it("knows the headings above a passage, in both notations", () => {
    const found = passagesOf("# One\n\nfirst\n\n## Two ##\nsecond\n\n# Three\n\nthird\n\nFour\n----\nfourth");
    expect(found.map(({ heading, text }) => [heading, text])).toEqual([
      ["One", "first"],
      ["One › Two", "second"],
      ["Three", "third"],
      ["Three › Four", "fourth"],
    ]);
  });

  it("gives text that is exactly the document's lines", () => {
    for (const content of Object.values(DOCUMENTS)) {
      const lines = content.split("\n");
      const found = passagesOf(content);
      expect(found.length).toBeGreaterThan(0);
      for (const passage of found) {
        expect(lines.slice(passage.startLine - 1, passage.endLine).join("\n")).toBe(passage.text);
      }
    }
  });

  it("takes no heading from a block of code", () => {
    const found = passagesOf("# Real\n\n```sh\n# not a heading\n\necho\n```\n\nafter");
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ heading: "Real", startLine: 3, endLine: 9 });
  });

  it("closes a passage between paragraphs when it is long enough", () => {
    const paragraph = `${"word ".repeat(60)}end.`;
    const found = passagesOf([paragraph, paragraph, paragraph].join("\n\n"));
    expect(found.map(({ startLine, endLine }) => [startLine, endLine])).toEqual([
      [1, 3],
      [5, 5],
    ]);
  });

  it("cuts a paragraph that is too long between two lines, and never a line", () => {
    const line = "word ".repeat(80).trim();
    const found = passagesOf([line, line, line, line, line, "x".repeat(5000)].join("\n"));
    expect(found.map(({ startLine, endLine }) => [startLine, endLine])).toEqual([
      [1, 3],
      [4, 5],
      [6, 6],
    ]);
  });

  it("finds nothing in a document without text", () => {
    expect(passagesOf("")).toEqual([]);
    expect(passagesOf("\n  \n# Only a heading\n")).toEqual([]);
  });
});
