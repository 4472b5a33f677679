import path from "node:path";
import { describe, expect, it } from "vitest";
import { HELP, readCommandLine } from "../../../examples/research/command-line.ts";
import { ResearchInputError } from "../../../examples/research/errors.ts";
import { temporaryFolder } from "./folder.ts";

describe("the command line", () => {
  it("gets absolute paths, and keeps the report out of the documents", () => {
    const docs = temporaryFolder();
    const out = path.join(docs, "report.md");
    const args = [
      "--question",
      "What?",
      "--docs",
      docs,
      "--out",
      out,
      "--topics",
      "20",
      "--concurrency",
      "8",
    ];
    expect(readCommandLine(args, {})).toEqual({
      folder: path.resolve(".daruma-research"),
      input: {
        question: "What?",
        source: { base: docs, exclude: [out] },
        out,
        writer: "extractive",
        topics: 20,
        concurrency: 8,
      },
    });
  });

  it("has defaults for everything but the question", () => {
    const command = readCommandLine(["--question", "What?"], {});
    expect(command?.input).toMatchObject({ source: { base: process.cwd() }, out: path.resolve("report.md") });
    expect(command?.input).not.toHaveProperty("topics");
  });

  it("lets a model write when one is configured, and takes no key into the input", () => {
    const environment = {
      RESEARCH_MODEL_URL: "http://localhost:1/v1",
      RESEARCH_MODEL: "m",
      RESEARCH_MODEL_KEY: "sk-secret",
    };
    const command = readCommandLine(["--question", "What?"], environment);
    expect(command?.input.writer).toBe("model");
    expect(JSON.stringify(command)).not.toContain("sk-secret");
  });

  it("asks for help with --help, which names every option", () => {
    expect(readCommandLine(["--help"], {})).toBeUndefined();
    for (const option of ["question", "docs", "out", "topics", "concurrency", "folder"])
      expect(HELP).toContain(`--${option} `);
  });

  it.each([
    ["no question", [], /--question is missing/u],
    ["a question without words", ["--question", "?!"], /no word/u],
    ["an unknown option", ["--question", "a", "--nope"], /--nope/u],
    ["a folder that is not there", ["--question", "a", "--docs", "/nowhere/at/all"], /there is no folder/u],
    ["a file for a folder", ["--question", "a", "--docs", import.meta.filename], /there is no folder/u],
    ["a folder for the report", ["--question", "a", "--out", "."], /is a folder/u],
    ["too few topics", ["--question", "a", "--topics", "14"], /from 15 to 40; found "14"/u],
    ["topics that are no number", ["--question", "a", "--topics", "1e2"], /--topics/u],
    ["no searches at once", ["--question", "a", "--concurrency", "0"], /from 1 to 100/u],
  ])("refuses %s", (_, args, message) => {
    expect(() => readCommandLine(args, {})).toThrow(ResearchInputError);
    expect(() => readCommandLine(args, {})).toThrow(message);
  });
});
