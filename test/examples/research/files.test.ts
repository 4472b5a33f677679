import { symlinkSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { ResearchInputError } from "../../../examples/research/errors.ts";
import { listDocuments, MAX_FILE_BYTES, readDocument, splitLines } from "../../../examples/research/files.ts";
import { temporaryFolder, writeFiles } from "./folder.ts";

describe("listDocuments", () => {
  it("finds text and Markdown in all folders, sorted, and skips what is hidden or foreign", async () => {
    const base = temporaryFolder();
    writeFiles(base, {
      "b.md": "b",
      "a.txt": "a",
      "sub/deep/c.MD": "c",
      "Z.markdown": "z",
      "code.ts": "no",
      ".hidden.md": "no",
      ".git/x.md": "no",
      "node_modules/p/README.md": "no",
      "sub/node_modules/q.md": "no",
    });
    symlinkSync(base, path.join(base, "loop"));
    symlinkSync(path.join(base, "b.md"), path.join(base, "link.md"));
    expect(await listDocuments({ base })).toEqual(["Z.markdown", "a.txt", "b.md", "sub/deep/c.MD"]);
  });

  it("takes only what is included, each once, and leaves out what is excluded", async () => {
    const base = temporaryFolder();
    writeFiles(base, { "a.md": "a", "b.md": "b", "docs/c.md": "c", "docs/report.md": "r" });
    const include = ["a.md", "docs", "docs/c.md"];
    expect(await listDocuments({ base, include, exclude: ["docs/report.md"] })).toEqual([
      "a.md",
      "docs/c.md",
    ]);
  });

  it("refuses a folder that does not exist", async () => {
    const base = path.join(temporaryFolder(), "nowhere");
    await expect(listDocuments({ base })).rejects.toThrow(ResearchInputError);
    await expect(listDocuments({ base })).rejects.toThrow(/nowhere/u);
  });
});

it("listDocuments refuses a folder with more documents than the limit", async () => {
  const base = temporaryFolder();
  writeFiles(base, { "a.md": "a", "b.md": "b", "c.md": "c" });
  expect(await listDocuments({ base }, 3)).toHaveLength(3);
  await expect(listDocuments({ base }, 2)).rejects.toThrow(/more than 2 documents/u);
});

describe("readDocument", () => {
  it("leaves out a file that went away meanwhile", async () => {
    const read = await readDocument(temporaryFolder(), "gone.md");
    expect(read).toEqual({ skipped: "gone.md: cannot be read (ENOENT)" });
  });

  it("gives lines without their ends and the hash of the bytes", async () => {
    const base = temporaryFolder();
    writeFiles(base, { "a.md": "\uFEFFone\r\ntwo\n\nfour\n" });
    const read = await readDocument(base, "a.md");
    expect(read).toMatchObject({ document: { file: "a.md", lines: ["one", "two", "", "four"] } });
    expect("document" in read && read.document.sha256).toMatch(/^[0-9a-f]{64}$/u);
  });

  it.each<[string, { file: string; content: string | Uint8Array; reason: RegExp }]>([
    [
      "too large",
      { file: "big.md", content: "x".repeat(MAX_FILE_BYTES + 1), reason: /larger than 1048576 bytes/u },
    ],
    ["binary", { file: "nul.txt", content: "a\0b", reason: /not UTF-8/u }],
    ["not UTF-8", { file: "latin.txt", content: Uint8Array.from([0x63, 0xe9, 0x20]), reason: /not UTF-8/u }],
    [
      "named with a control character",
      { file: "a\u001B[31m.md", content: "text", reason: /\\u001b\[31m\.md: a control/u },
    ],
  ])("leaves out a file that is %s, with the reason", async (_, { file, content, reason }) => {
    const base = temporaryFolder();
    writeFiles(base, { [file]: content });
    const read = await readDocument(base, file);
    expect("skipped" in read && read.skipped).toMatch(reason);
  });
});

it("splitLines counts lines as editors do", () => {
  expect(splitLines("")).toEqual([]);
  expect(splitLines("a")).toEqual(["a"]);
  expect(splitLines("a\n\n")).toEqual(["a", ""]);
});
