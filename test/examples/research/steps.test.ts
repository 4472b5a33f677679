import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { writeTextOnce } from "../../../examples/research/atomic.ts";
import { describeError, SimulatedWeatherError } from "../../../examples/research/errors.ts";
import { appendToLedger, readLedger } from "../../../examples/research/ledger.ts";
import {
  type Attempt,
  decomposeStep,
  indexStep,
  searchStep,
  synthesizeStep,
  writeStep,
} from "../../../examples/research/steps.ts";
import { DEMO_WEATHER, describeWeather, endure, forecast } from "../../../examples/research/weather.ts";
import { DOCUMENTS, temporaryFolder, writeFiles } from "./folder.ts";
import { startModelServer } from "./model-server.ts";

const QUESTION = "What survives a crash?";
const FIRST: Attempt = { attempt: 1, idempotencyKey: "r-1/7" };
const CALM = { delayMs: 0, slowEvery: 2, slowMs: 0, failsOnce: 3, failsAlways: 4 };

async function indexed(): Promise<{ index: Awaited<ReturnType<typeof indexStep>>; folder: string }> {
  const folder = temporaryFolder();
  const base = path.join(folder, "docs");
  writeFiles(base, DOCUMENTS);
  return { index: await indexStep({ source: { base }, workFolder: path.join(folder, "work") }), folder };
}

describe("the steps, one after the other", () => {
  async function researchOnce(): Promise<string> {
    const { index } = await indexed();
    const topics = await decomposeStep({ question: QUESTION, index, writer: "extractive" }, FIRST);
    const results = await Promise.all(
      topics.map(async (topic, at) => ({
        topic,
        hits: await searchStep({ topic, position: at + 1, indexPath: index.path }, FIRST),
      })),
    );
    return synthesizeStep(
      { question: QUESTION, index, results, writer: "extractive", remarks: ["A remark."] },
      FIRST,
    );
  }

  it("make the same report every time, wherever the folder is", async () => {
    const report = await researchOnce();
    expect(report).toContain("# What survives a crash?");
    expect(report).toContain("- A remark.");
    expect(await researchOnce()).toBe(report);
  });

  it("tell of each document that was read", async () => {
    const folder = temporaryFolder();
    writeFiles(folder, DOCUMENTS);
    const onDocument = vi.fn<(file: string) => void>();
    await indexStep({ source: { base: folder }, workFolder: path.join(folder, ".work") }, onDocument);
    expect(onDocument.mock.calls.flat()).toEqual(["README.md", "docs/ja.md", "docs/leases.md"]);
  });
});

describe("searchStep", () => {
  it("writes each attempt into the ledger before it searches", async () => {
    const { index, folder } = await indexed();
    const ledger = path.join(folder, "ledger.jsonl");
    const topic = { id: "t03", title: "x", query: "lease" };
    const task = { topic, position: 3, indexPath: index.path, ledger, weather: CALM };
    await expect(searchStep(task, FIRST)).rejects.toThrow(SimulatedWeatherError);
    const hits = await searchStep(task, { ...FIRST, attempt: 2 });
    expect(hits.map((hit) => hit.file)).toContain("docs/leases.md");
    const { pid } = process;
    expect(await readLedger(ledger)).toEqual([
      { topic: "t03", attempt: 1, idempotencyKey: "r-1/7", pid },
      { topic: "t03", attempt: 2, idempotencyKey: "r-1/7", pid },
    ]);
  });

  it("fails with a clear error when its index is gone", async () => {
    const task = {
      topic: { id: "t01", title: "x", query: "x" },
      position: 1,
      indexPath: path.join(temporaryFolder(), "no.db"),
    };
    await expect(searchStep(task, FIRST)).rejects.toThrow(/There is no index at/u);
  });
});

describe("writeStep", () => {
  it("puts the report into its place, and doing it again changes nothing", async () => {
    const file = path.join(temporaryFolder(), "new", "report.md");
    const first = await writeStep({ file, report: "text\n" }, FIRST);
    const { mtimeMs, ino } = statSync(file);
    expect(await writeStep({ file, report: "text\n" }, { ...FIRST, attempt: 2 })).toEqual(first);
    expect(statSync(file)).toMatchObject({ mtimeMs, ino });
    expect(readFileSync(file, "utf8")).toBe("text\n");
    expect(readdirSync(path.dirname(file))).toEqual(["report.md"]);
  });

  it("replaces an old report whole, and uses again what an attempt that was killed has left", async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, "report.md");
    writeFiles(folder, { "report.md": "old", ".report.md.key.tmp": "a much longer half of a report" });
    await writeTextOnce(file, "new", "key");
    expect(readFileSync(file, "utf8")).toBe("new");
    expect(readdirSync(folder)).toEqual(["report.md"]);
  });
});

describe("with a model", () => {
  afterEach(() => void vi.unstubAllEnvs());

  it("decomposes and synthesizes through the endpoint of the environment", async () => {
    const topics = Array.from({ length: 15 }, (_, at) => ({ title: `T${at}`, query: `lease ${at}` }));
    const quotation = { file: "docs/ja.md", line: 3, text: "完了した検索は履歴から復旧できる。" };
    const summary = [{ text: "Finished searches come back.", quotations: [quotation] }];
    const server = await startModelServer(
      JSON.stringify({ topics }),
      JSON.stringify({ summary, findings: [] }),
    );
    vi.stubEnv("RESEARCH_MODEL_URL", server.url);
    vi.stubEnv("RESEARCH_MODEL", "m");
    const { index } = await indexed();
    const found = await decomposeStep({ question: QUESTION, index, writer: "model" }, FIRST);
    const results = found.map((topic) => ({ topic, hits: [] }));
    const report = await synthesizeStep({ question: QUESTION, index, results, writer: "model" }, FIRST);
    expect(report).toContain("Written by a language model");
    expect(report).toContain("- Finished searches come back. (`docs/ja.md:3`)");
  });

  it("says what is missing when a run that was started with a model goes on without one", async () => {
    vi.stubEnv("RESEARCH_MODEL_URL", "");
    vi.stubEnv("RESEARCH_MODEL", "");
    const { index } = await indexed();
    await expect(decomposeStep({ question: QUESTION, index, writer: "model" }, FIRST)).rejects.toThrow(
      /started with a model/u,
    );
  });
});

describe("the ledger", () => {
  it("is empty before its first line and refuses lines that are no entries", async () => {
    const file = path.join(temporaryFolder(), "ledger.jsonl");
    expect(await readLedger(file)).toEqual([]);
    await appendToLedger(file, { topic: "t01", attempt: 1, idempotencyKey: "k", pid: 1 });
    expect(await readLedger(file)).toHaveLength(1);
    for (const line of ["{", "[]", '{"topic":1}']) {
      writeFileSync(file, `${line}\n`);
      await expect(readLedger(file)).rejects.toMatchObject({ name: "DemoError" });
    }
  });
});

describe("the simulated weather", () => {
  it("depends on the position and the attempt alone", () => {
    expect(forecast(DEMO_WEATHER, 1, 1)).toEqual({ delayMs: DEMO_WEATHER.delayMs });
    expect(forecast(DEMO_WEATHER, DEMO_WEATHER.slowEvery, 1)).toEqual({ delayMs: DEMO_WEATHER.slowMs });
    expect(forecast(DEMO_WEATHER, DEMO_WEATHER.failsOnce, 1).failure).toContain("simulated");
    expect(forecast(DEMO_WEATHER, DEMO_WEATHER.failsOnce, 2).failure).toBeUndefined();
    for (const attempt of [1, 2, 9])
      expect(forecast(DEMO_WEATHER, DEMO_WEATHER.failsAlways, attempt).failure).toBeDefined();
    expect(describeWeather(DEMO_WEATHER)).toContain("every 5th takes 900 ms");
  });

  it("ends with its attempt", async () => {
    const signal = AbortSignal.abort();
    const endless = { ...DEMO_WEATHER, delayMs: 3_600_000 };
    await expect(endure(endless, { position: 1, attempt: 1, signal })).rejects.toMatchObject({
      name: "AbortError",
    });
  });
});

it("describeError is one line without control characters, whatever was thrown", () => {
  expect(describeError(new SimulatedWeatherError("a\u001B[2J b\nsecond line"))).toBe(
    "SimulatedWeatherError: a [2J b",
  );
  expect(describeError({ name: "SourceError", message: "gone\nfor ever" })).toBe("SourceError: gone");
  expect(describeError(undefined)).toBe("undefined");
  expect(describeError("text")).toBe("text");
});
