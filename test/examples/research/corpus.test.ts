import { existsSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { ftsQuery, openCorpus } from "../../../examples/research/corpus.ts";
import { ResearchInputError } from "../../../examples/research/errors.ts";
import { buildIndex } from "../../../examples/research/indexer.ts";
import { corpusOf, DOCUMENTS, temporaryFolder, writeFiles } from "./folder.ts";

/** What FTS5, SQL or a terminal would take for more than words. Only those with "lease" in them find anything. */
const HOSTILE_QUERIES = [
  '"',
  '"" OR',
  "((((((((",
  "\\",
  "a".repeat(10_000),
  "lease AND",
  "NOT lease",
  "lease*",
  "^lease",
  "heading: lease",
  "{heading body}: lease",
  "NEAR(lease crash, 3)",
  "lease) OR (crash",
  "-lease",
  "lease + crash",
  "'; DROP TABLE passages; -- lease",
  "lease\0crash",
  "\u001B[31m lease",
  'lease \'\' "" "unbalanced',
];

describe("buildIndex", () => {
  it("counts what it read and names what it left out", async () => {
    const { index, base, folder } = await corpusOf(DOCUMENTS);
    expect(index).toMatchObject({ documents: 3, skipped: [] });
    writeFiles(base, { "binary.txt": "a\0b" });
    const again = await buildIndex({ source: { base }, indexPath: path.join(folder, "again.db") });
    expect(again).toMatchObject({ documents: 3, passages: index.passages, fingerprint: index.fingerprint });
    expect(again.skipped).toEqual(["binary.txt: not UTF-8 text"]);
  });

  it("has another fingerprint when a document changes", async () => {
    const one = await corpusOf({ "a.md": "The first text." });
    const other = await corpusOf({ "a.md": "The second text." });
    expect(one.index.fingerprint).not.toBe(other.index.fingerprint);
  });

  it("replaces an index and leaves nothing else behind", async () => {
    const { index, base, folder } = await corpusOf({ "a.md": "old words" });
    writeFiles(base, { "a.md": "new words" });
    writeFileSync(`${index.path}.new`, "left by an attempt that was killed");
    await buildIndex({ source: { base }, indexPath: index.path });
    using corpus = openCorpus(index.path);
    expect(corpus.lines("a.md")).toEqual(["new words"]);
    expect(readdirSync(folder).toSorted()).toEqual(["docs", "index.db"]);
  });

  it("refuses documents without text and leaves no index", async () => {
    const base = temporaryFolder();
    const indexPath = path.join(temporaryFolder(), "index.db");
    await expect(buildIndex({ source: { base }, indexPath })).rejects.toThrow(ResearchInputError);
    expect(existsSync(indexPath) || existsSync(`${indexPath}.new`)).toBe(false);
  });
});

describe("search", () => {
  it("finds the passage and says where it stands", async () => {
    const { corpus } = await corpusOf(DOCUMENTS);
    const [best] = corpus.search("worker takes lease", 5);
    expect(best).toMatchObject({ file: "docs/leases.md", startLine: 4, endLine: 7 });
    expect(corpus.passage(best?.passage ?? 0).heading).toBe("Leases");
  });

  it("puts passages with all the words first and then those with any of them", async () => {
    const { corpus } = await corpusOf({
      "any.md": "lease lease lease lease",
      "both.md": "A lease and, after many other words that make it rank low, a timer.",
      "none.md": "Nothing of the kind.",
    });
    expect(corpus.search("lease timer", 5).map((hit) => hit.file)).toEqual(["both.md", "any.md"]);
  });

  it("stems words and finds those of headings", async () => {
    const { corpus } = await corpusOf({ "a.md": "# Durability\n\nIt crashed while committing." });
    for (const query of ["crash", "commits", "durability", "CRASHES"])
      expect(corpus.search(query, 5)).toHaveLength(1);
  });

  it("finds Japanese words of two characters, in the middle of a sentence", async () => {
    const { corpus } = await corpusOf(DOCUMENTS);
    for (const query of ["復旧", "履歴", "クラッシュ", "検索は履歴", "クラッシュから復旧するには"]) {
      expect(corpus.search(query, 5)[0]?.file).toBe("docs/ja.md");
    }
    expect(corpus.search("歴史", 5)).toEqual([]);
  });

  it("finds a single Han character", async () => {
    const { corpus } = await corpusOf({ "a.txt": "火事になった。" });
    expect(corpus.search("火", 5)).toHaveLength(1);
  });

  it("takes a query for words, never for syntax", async () => {
    const { corpus } = await corpusOf({ "a.md": "A lease after a crash." });
    const found = HOSTILE_QUERIES.map((query) => [query, corpus.search(query, 5).length]);
    expect(found).toEqual(HOSTILE_QUERIES.map((query) => [query, query.includes("lease") ? 1 : 0]));
  });

  it("uses at most 32 words of a query", () => {
    const words = Array.from(
      { length: 50 },
      (_, index) => `word${"abcdefghijklmnopqrstuvwxyz"[index % 26]}${index}`,
    );
    expect(ftsQuery(words.join(" "), "OR")?.split(" OR ")).toHaveLength(32);
    expect(ftsQuery("…", "OR")).toBeUndefined();
  });

  it("gives the same answer from two indexes of the same documents", async () => {
    const one = await corpusOf(DOCUMENTS);
    const other = await corpusOf(Object.fromEntries(Object.entries(DOCUMENTS).toReversed()));
    for (const query of ["survives crash", "lease", "復旧"]) {
      expect(other.corpus.search(query, 8)).toEqual(one.corpus.search(query, 8));
    }
  });
});

describe("a corpus", () => {
  it("knows how distinctive a term is", async () => {
    const { corpus } = await corpusOf({ "a.md": "common rare", "b.md": "common", "c.md": "common" });
    expect(corpus.distinctiveness("rare")).toBeGreaterThan(corpus.distinctiveness("common"));
    expect(corpus.distinctiveness("absent")).toBe(0);
  });

  it.each([
    ["missing", undefined],
    ["not a database", "text"],
  ])("refuses an index that is %s", (_, content) => {
    const file = path.join(temporaryFolder(), "index.db");
    if (content !== undefined) writeFileSync(file, content);
    expect(() => openCorpus(file)).toThrow(ResearchInputError);
  });

  it("refuses a passage that it does not have", async () => {
    const { corpus } = await corpusOf({ "a.md": "text" });
    expect(() => corpus.passage(99)).toThrow(ResearchInputError);
    expect(corpus.lines("../a.md")).toBeUndefined();
  });
});
