/**
 * What the activities do, as plain functions. They may be called any number of times with the same input: an attempt that was cut off by
 * a crash is made again. What an attempt is told by the engine comes in as a parameter, so that no engine is needed to try them.
 */
import { createHash } from "node:crypto";
import path from "node:path";
import { writeTextOnce } from "./atomic.ts";
import { openCorpus } from "./corpus.ts";
import { decomposeQuestion } from "./decompose.ts";
import { ResearchInputError } from "./errors.ts";
import type { CorpusSource } from "./files.ts";
import { buildIndex } from "./indexer.ts";
import { appendToLedger } from "./ledger.ts";
import { type ModelConfig, readModelConfig } from "./model.ts";
import { decomposeWithModel, type ModelCall, synthesizeWithModel } from "./model-writer.ts";
import { renderReport } from "./report.ts";
import { extractFindings } from "./synthesize.ts";
import type { Findings, Hit, IndexInfo, SearchResult, Topic, Writer } from "./types.ts";
import { endure, type Weather } from "./weather.ts";

const HITS_PER_SEARCH = 8;

/** What an attempt knows about itself. */
export interface Attempt {
  attempt: number;
  idempotencyKey: string;
  signal?: AbortSignal;
}

export interface IndexTask {
  source: CorpusSource;
  /** Where the index and the answers of a model are kept. One run, one folder. */
  workFolder: string;
}

export interface DecomposeTask {
  question: string;
  index: IndexInfo;
  writer: Writer;
  /** How many topics the extractive code makes. */
  topics?: number;
}

export interface SearchTask {
  topic: Topic;
  /** The topic's place among the topics, from 1. */
  position: number;
  indexPath: string;
  ledger?: string;
  weather?: Weather;
}

export interface SynthesizeTask {
  question: string;
  index: IndexInfo;
  results: SearchResult[];
  writer: Writer;
  /** Goes into the report's notes. */
  remarks?: string[];
}

export interface WriteTask {
  file: string;
  report: string;
}

/** Where a report is. */
export interface WrittenReport {
  file: string;
  sha256: string;
}

/** Builds the index of a run. */
export function indexStep(task: IndexTask, onDocument?: (file: string) => void): Promise<IndexInfo> {
  const indexPath = path.join(task.workFolder, "index.db");
  return buildIndex({ source: task.source, indexPath, ...(onDocument === undefined ? {} : { onDocument }) });
}

/** The topics of the question. */
export async function decomposeStep(task: DecomposeTask, attempt: Attempt): Promise<Topic[]> {
  using corpus = openCorpus(task.index.path);
  if (task.writer === "extractive") return decomposeQuestion(task.question, corpus, task.topics);
  return await decomposeWithModel(task.question, corpus, modelCall(task.index, attempt));
}

/** Searches for one topic and returns references to passages. */
export async function searchStep(task: SearchTask, attempt: Attempt): Promise<Hit[]> {
  const { topic, position, ledger, weather } = task;
  const { idempotencyKey } = attempt;
  const entry = { topic: topic.id, attempt: attempt.attempt, idempotencyKey, pid: process.pid };
  if (ledger !== undefined) await appendToLedger(ledger, entry);
  if (weather !== undefined) await endure(weather, { position, ...attempt });
  using corpus = openCorpus(task.indexPath);
  return corpus.search(topic.query, HITS_PER_SEARCH);
}

/** The report as Markdown. It is bounded by the number of topics and quotations: some ten kilobytes, far below the limit of a payload. */
export async function synthesizeStep(task: SynthesizeTask, attempt: Attempt): Promise<string> {
  using corpus = openCorpus(task.index.path);
  const findings: Findings =
    task.writer === "model"
      ? await synthesizeWithModel(task, corpus, modelCall(task.index, attempt))
      : extractFindings(task.question, task.results, corpus);
  findings.notes.push(...(task.remarks ?? []));
  return renderReport({ ...task, findings }, corpus);
}

/** Puts the report into its place. Doing it again changes nothing. */
export async function writeStep(task: WriteTask, attempt: Attempt): Promise<WrittenReport> {
  const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
  await writeTextOnce(task.file, task.report, hash(attempt.idempotencyKey).slice(0, 12));
  return { file: task.file, sha256: hash(task.report) };
}

function modelCall(index: IndexInfo, attempt: Attempt): ModelCall {
  const answersFolder = path.join(path.dirname(index.path), "answers");
  return { config: modelConfig(), answersFolder, signal: attempt.signal };
}

function modelConfig(): ModelConfig {
  const config = readModelConfig(process.env);
  if (config !== undefined) return config;
  throw new ResearchInputError(
    "This run was started with a model. Set RESEARCH_MODEL_URL and RESEARCH_MODEL to go on with it.",
  );
}
