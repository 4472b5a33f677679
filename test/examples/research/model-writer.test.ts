import { describe, expect, it } from "vitest";
import { decomposeQuestion } from "../../../examples/research/decompose.ts";
import {
  decomposeWithModel,
  type ModelCall,
  synthesizeWithModel,
} from "../../../examples/research/model-writer.ts";
import type { SearchResult } from "../../../examples/research/types.ts";
import { corpusOf, DOCUMENTS, temporaryFolder } from "./folder.ts";
import { type ModelServer, startModelServer } from "./model-server.ts";

const QUESTION = "What survives a crash?";

async function serverSaying(answer: unknown): Promise<{ call: ModelCall; server: ModelServer }> {
  const server = await startModelServer(JSON.stringify(answer));
  return { call: { config: { url: server.url, model: "m" }, answersFolder: temporaryFolder() }, server };
}

function promptOf(server: ModelServer): string {
  return JSON.stringify(server.requests[0]?.body.messages.at(-1)?.content);
}

function topics(count: number, query: (index: number) => string): { title: string; query: string }[] {
  return Array.from({ length: count }, (_, index) => ({ title: `Topic ${index}`, query: query(index) }));
}

describe("decomposeWithModel", () => {
  it("numbers the model's topics and makes them plain lines", async () => {
    const { corpus } = await corpusOf(DOCUMENTS);
    const answer = { topics: topics(16, (index) => `lease\u001B[2J\n"crash" ${index}`) };
    const { call, server } = await serverSaying(answer);
    const found = await decomposeWithModel(QUESTION, corpus, call);
    expect(found).toHaveLength(16);
    expect(found[0]).toEqual({ id: "t01", title: "Topic 0", query: 'lease [2J "crash" 0' });
    expect(corpus.search(found[0]?.query ?? "", 5).length).toBeGreaterThan(0);
    expect(promptOf(server)).toContain("timers");
  });

  it("takes no more topics than a research may have", async () => {
    const { corpus } = await corpusOf(DOCUMENTS);
    const { call } = await serverSaying({ topics: topics(100, (index) => `word${index}`) });
    expect(await decomposeWithModel(QUESTION, corpus, call)).toHaveLength(40);
  });

  it.each([
    ["too few topics", topics(14, () => "lease")],
    ["topics without a word", topics(20, (index) => (index < 10 ? "?!" : "lease"))],
  ])("does not accept %s", async (_, list) => {
    const { corpus } = await corpusOf(DOCUMENTS);
    const { call } = await serverSaying({ topics: list });
    await expect(decomposeWithModel(QUESTION, corpus, call)).rejects.toMatchObject({
      name: "ModelAnswerError",
    });
  });

  it("asks no model about a question without words", async () => {
    const { corpus } = await corpusOf(DOCUMENTS);
    const { call, server } = await serverSaying({});
    await expect(decomposeWithModel("?!", corpus, call)).rejects.toMatchObject({
      name: "ResearchInputError",
    });
    expect(server.requests).toEqual([]);
  });
});

describe("synthesizeWithModel", () => {
  const real = {
    file: "README.md",
    line: 8,
    text: "Timers survive a crash: they are rows of the database and not memory.",
  };
  const offByTwo = { ...real, line: 10 };
  const invented = { file: "README.md", line: 8, text: "Timers do not survive a crash." };

  async function synthesize(
    answer: unknown,
  ): Promise<{ findings: ReturnType<typeof synthesizeWithModel>; server: ModelServer }> {
    const { corpus } = await corpusOf(DOCUMENTS);
    const results: SearchResult[] = decomposeQuestion(QUESTION, corpus).map((topic, at) =>
      at === 1 ? { topic, error: "gone" } : { topic, hits: corpus.search(topic.query, 8) },
    );
    const { call, server } = await serverSaying(answer);
    const findings = synthesizeWithModel({ question: QUESTION, results }, corpus, call);
    await findings.catch(() => undefined);
    return { findings, server };
  }

  it("shows the model passages with numbered lines, but not of searches that failed", async () => {
    const { server } = await synthesize({ summary: [{ text: "x", quotations: [real] }], findings: [] });
    expect(promptOf(server)).toContain(String.raw`8: - Timers survive a crash`);
    expect(promptOf(server)).toContain("## t01 ");
    expect(promptOf(server)).not.toContain("## t02 ");
  });

  it("keeps what it can verify, puts lines right, and says what it dropped", async () => {
    const answer = {
      summary: [
        { text: "Timers survive.", quotations: [offByTwo, invented] },
        { text: "Nothing survives.", quotations: [invented] },
        { text: "No evidence.", quotations: [] },
      ],
      findings: [
        { topic: "t01", text: "About timers.", quotations: [real] },
        { topic: "t99", text: "No such topic.", quotations: [real] },
      ],
    };
    expect(await (await synthesize(answer)).findings).toEqual({
      summary: [{ text: "Timers survive.", quotations: [real] }],
      findings: [{ topic: "t01", text: "About timers.", quotations: [real] }],
      notes: [
        "Quotations by the model that do not stand in the documents and were left out: 2.",
        "Statements by the model that rested on nothing else and were left out: 2.",
      ],
    });
  });

  it.each([
    ["of which nothing is true", { summary: [{ text: "x", quotations: [invented] }], findings: [] }],
    ["of another form", { report: "Everything survives." }],
    [
      "with a line that is no line",
      { summary: [{ text: "x", quotations: [{ ...real, line: 0 }] }], findings: [] },
    ],
  ])("does not accept an answer %s", async (_, answer) => {
    const { findings } = await synthesize(answer);
    await expect(findings).rejects.toMatchObject({ name: "ModelAnswerError" });
  });
});
