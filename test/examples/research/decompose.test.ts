import { describe, expect, it } from "vitest";
import { decomposeQuestion, MAX_TOPICS, MIN_TOPICS, oneLine } from "../../../examples/research/decompose.ts";
import { ResearchInputError } from "../../../examples/research/errors.ts";
import { corpusOf, DOCUMENTS } from "./folder.ts";

describe("decomposeQuestion", () => {
  it("starts with the question and its terms, and goes on with the words of the documents", async () => {
    const { corpus } = await corpusOf(DOCUMENTS);
    const topics = decomposeQuestion("What survives a crash?", corpus);
    expect(topics).toHaveLength(18);
    expect(topics.slice(0, 3).map((topic) => topic.title)).toEqual([
      "What survives a crash?",
      "survives",
      "crash",
    ]);
    expect(topics.map((topic) => topic.id).slice(0, 2)).toEqual(["t01", "t02"]);
    const titles = topics.map((topic) => topic.title);
    expect(titles).toContain("Timers");
    expect(titles.some((title) => title.startsWith("survives crash: "))).toBe(true);
  });

  it("makes no two topics that search for the same words", async () => {
    const { corpus } = await corpusOf(DOCUMENTS);
    const queries = decomposeQuestion("What survives a crash?", corpus, MAX_TOPICS).map(
      (topic) => topic.query,
    );
    expect(new Set(queries).size).toBe(MAX_TOPICS);
  });

  it.each([
    ["What survives a crash?", { "a.md": "Nothing to do with it." }],
    ["crash", { "a.txt": "crash" }],
    ["クラッシュから復旧するには？", { "ja.md": "履歴。" }],
    ["what is it", { "a.md": "It is what it is." }],
  ])("makes as many topics as asked for, however little there is: %s", async (question, files) => {
    const { corpus } = await corpusOf(files);
    for (const count of [MIN_TOPICS, 18, MAX_TOPICS]) {
      expect(decomposeQuestion(question, corpus, count)).toHaveLength(count);
    }
  });

  it("gives the same topics every time", async () => {
    const one = await corpusOf(DOCUMENTS);
    const other = await corpusOf(DOCUMENTS);
    const question = "How do leases and timers survive?";
    expect(decomposeQuestion(question, other.corpus)).toEqual(decomposeQuestion(question, one.corpus));
  });

  it.each([
    ["without a word", "?!", 18],
    ["that is endless", "crash ".repeat(1000), 18],
    ["with too few topics", "crash", MIN_TOPICS - 1],
    ["with too many topics", "crash", MAX_TOPICS + 1],
    ["with a part of a topic", "crash", 15.5],
  ])("refuses a question %s", async (_, question, count) => {
    const { corpus } = await corpusOf({ "a.md": "crash" });
    expect(() => decomposeQuestion(question, corpus, count)).toThrow(ResearchInputError);
  });
});

it("oneLine leaves nothing that could move a cursor or turn the text around, and cuts whole characters", () => {
  expect(oneLine("a\u001B[2J\n b\u202Ec\0")).toBe("a [2J b c");
  expect([...oneLine("😀".repeat(200))]).toHaveLength(120);
});
