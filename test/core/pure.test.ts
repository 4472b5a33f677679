// The core runs anywhere: no Node, no clock, no chance, no timer of its own.
import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";

const folder = new URL("../../src/core/", import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith(".ts"));

/** The code of a file: comments and texts are blanked out, so that words in them do not count. */
function codeOf(file: string): string {
  const source = readFileSync(new URL(file, folder), "utf8");
  return source
    .replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$|\s\/\/ .*$/gmu, "")
    .replaceAll(/(["'`])(?:\\.|(?!\1).)*\1/gu, '""');
}

describe("the core", () => {
  it("is seen", () => {
    expect(files.length).toBeGreaterThan(20);
    expect(codeOf("retry.ts")).toContain("export function nextDelay");
  });

  it.each(files)("%s imports only its neighbors", (file) => {
    const source = readFileSync(new URL(file, folder), "utf8");
    const imported = [...source.matchAll(/^(?:import|export|\}) .*from "(?<path>[^"]+)";$/gmu)];
    const strangers = imported
      .map((match) => match.groups?.["path"] ?? "")
      .filter((path) => !/^\.\/[\w-]+\.ts$/u.test(path));
    expect(strangers).toEqual([]);
  });

  it.each(files)("%s uses nothing of its surroundings", (file) => {
    const forbidden =
      /\b(?:process|Buffer|require|setTimeout|setInterval|setImmediate|performance|fetch|crypto)\b|Date\.now|new Date\(\)|Math\.random/gu;
    expect(codeOf(file).match(forbidden)).toBeNull();
  });
});
