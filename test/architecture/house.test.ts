// House rules that the linter cannot hold.
import { describe, expect, it } from "vitest";
import { readSources, withoutComments, type Source } from "./sources.ts";

const sources = readSources("src/**/*.ts");
const everything = [...sources, ...readSources("{test,examples,scripts}/**/*.ts")];

/** `path:line: text` of every line that matches. */
function found(files: readonly Source[], pattern: RegExp, text: (source: Source) => string): string[] {
  return files.flatMap((source) =>
    text(source)
      .split("\n")
      .flatMap((line, index) => (pattern.test(line) ? [`${source.path}:${index + 1}: ${line.trim()}`] : [])),
  );
}

const code = (source: Source): string => withoutComments(source.text);
const all = (source: Source): string => source.text;

describe("the house", () => {
  it("is seen", () => {
    expect(sources.length).toBeGreaterThan(0);
  });

  it("has no file of more than 400 lines in src/", () => {
    expect(
      sources.filter((source) => source.text.split("\n").length > 401).map((source) => source.path),
    ).toEqual([]);
  });

  it("throws errors of the catalogue, not bare ones", () => {
    const users = sources.filter((source) => source.path !== "src/core/errors.ts");
    expect(found(users, /\b(?:throw|reject\()\s*new (?:Type|Range|Syntax)?Error\(/, code)).toEqual([]);
  });

  it("names no .ts file in a URL, which the build would not rewrite", () => {
    expect(found(sources, /new URL\(\s*["'`][^"'`]*\.ts["'`]|import\.meta\.resolve\(["'`][.]/, code)).toEqual(
      [],
    );
  });

  it("promises nothing for later", () => {
    expect(found(everything, /\b(?:TO(?:DO)|FIX(?:ME))\b/, all)).toEqual([]);
  });

  it("spells canceled with one l (an API that is not ours may differ)", () => {
    const ours = sources.filter((source) => !/^src\/(?:notations|server)\//.test(source.path));
    expect(found(ours, /cancelled|cancelling/i, all)).toEqual([]);
  });
});
