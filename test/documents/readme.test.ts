// README: its example is a file that runs, and the Japanese one keeps step.
import { describe, expect, it } from "vitest";
import { codeBlocks, prose, read } from "./files.ts";

const english = read("README.md");
const japanese = read("README.ja.md");

/** The levels of the headings, in order. */
function headings(text: string): string[] {
  return [...prose(text).matchAll(/^(?<level>#+) /gm)].map(({ groups }) => groups?.["level"] ?? "");
}

/** How many rows each table has. */
function tables(text: string): number[] {
  return [...prose(text).matchAll(/(?:^\|.*\n)+/gm)].map(([table]) => table.trimEnd().split("\n").length);
}

describe("README.md", () => {
  it("shows examples/hello.ts", () => {
    const [code = ""] = read("examples/hello.ts").split("\n/* Output:");
    expect(codeBlocks(english).map((block) => block.code)).toContain(code);
    expect(code.trim().split("\n").length).toBeLessThanOrEqual(20);
  });

  it("has the two commands", () => {
    const commands = codeBlocks(english).map(({ code }) => code);
    expect(commands).toContain("npm ci && npm run demo\nnpm ci && npm test\n");
  });

  it.each([
    ["README.md", english],
    ["README.ja.md", japanese],
  ])("has a place for figures: %s", (_, text) => {
    expect(text.split("<!-- figures -->").length).toBe(3);
  });
});

describe("README.ja.md", () => {
  it("has the headings, code blocks and tables of README.md", () => {
    expect(headings(japanese)).toEqual(headings(english));
    expect(codeBlocks(japanese)).toEqual(codeBlocks(english));
    expect(tables(japanese)).toEqual(tables(english));
  });

  it("links to the same places", () => {
    const links = (text: string): string[] =>
      [...text.matchAll(/\]\((?<to>[^)]+)\)/g)].map(([, to = ""]) => to);
    const other = /^README(?:\.ja)?\.md$/;
    expect(
      links(japanese)
        .filter((link) => !other.test(link))
        .toSorted(),
    ).toEqual(
      links(english)
        .filter((link) => !other.test(link))
        .toSorted(),
    );
  });
});
