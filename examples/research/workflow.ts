/**
 * Deep research as a workflow: index the documents, cut the question into topics, search for all of them, write the report.
 *
 * It is an ordinary async function. Kill the process at any point: what has finished is not done again, and the report is the same.
 * A search that fails for good does not stop the others; the report names it.
 */
import {
  ActivityError,
  mapConcurrent,
  type Query,
  query,
  TimeoutError,
  type Workflow,
  workflow,
} from "daruma";
import { decompose, indexDocuments, search, synthesize, writeReport } from "./activities.ts";
import { describeError } from "./errors.ts";
import type { CorpusSource } from "./files.ts";
import type { SynthesizeTask, WrittenReport } from "./steps.ts";
import type { SearchResult, Topic, Writer } from "./types.ts";
import type { Weather } from "./weather.ts";

/** What to research. All paths are absolute: the process that goes on with a run may stand in another folder. */
export interface ResearchInput {
  question: string;
  source: CorpusSource;
  /** A folder of its own for the index and a model's answers. */
  workFolder: string;
  /** The report's file. */
  out: string;
  writer: Writer;
  topics?: number;
  /** How many searches may be under way at once. Default 4. */
  concurrency?: number;
  ledger?: string;
  weather?: Weather;
}

/** What came of it. */
export interface ResearchOutcome extends WrittenReport {
  topics: number;
  failed: string[];
  /** SHA-256 over the documents that were read. */
  fingerprint: string;
}

/** Where the run is, in words. */
export const status: Query<string> = query("status");

/** The titles of the topics, in the order in which they are searched for. Empty until they are known. */
export const titles: Query<string[]> = query("titles");

/** The workflow. */
export const research: Workflow<ResearchInput, ResearchOutcome> = workflow("research", async (input) => {
  const { question, writer } = input;
  let now = "reading the documents";
  let topics: Topic[] = [];
  status.handle(() => now);
  titles.handle(() => topics.map((topic) => topic.title));
  const index = await indexDocuments({ source: input.source, workFolder: input.workFolder });
  now = `cutting the question into topics (${index.documents} documents)`;
  topics = await decompose({
    question,
    index,
    writer,
    ...(input.topics === undefined ? {} : { topics: input.topics }),
  });
  let done = 0;
  now = `searching: 0 of ${topics.length} done`;
  const one = async (topic: Topic, at: number): Promise<SearchResult> => {
    const result = await searchTolerantly(input, index.path, { topic, position: at + 1 });
    done++;
    now = `searching: ${done} of ${topics.length} done`;
    return result;
  };
  const results = await mapConcurrent(topics, one, { concurrency: input.concurrency ?? 4 });
  now = "writing the report";
  const report = await synthesizeTolerantly({ question, index, results, writer });
  const written = await writeReport({ file: input.out, report });
  now = "done";
  const failed = results.flatMap((result) => ("error" in result ? [result.topic.id] : []));
  return { ...written, topics: topics.length, failed, fingerprint: index.fingerprint };
});

async function searchTolerantly(
  input: ResearchInput,
  indexPath: string,
  { topic, position }: { topic: Topic; position: number },
): Promise<SearchResult> {
  const { ledger, weather } = input;
  const extras = {
    ...(ledger === undefined ? {} : { ledger }),
    ...(weather === undefined ? {} : { weather }),
  };
  try {
    return { topic, hits: await search({ topic, position, indexPath, ...extras }) };
  } catch (error) {
    if (!isFailure(error)) throw error;
    return { topic, error: describeError(error) };
  }
}

/** A model that fails after all the searches were made does not throw their results away: the extractive code writes then. */
async function synthesizeTolerantly(task: SynthesizeTask): Promise<string> {
  try {
    return await synthesize(task);
  } catch (error) {
    if (task.writer === "extractive" || !isFailure(error)) throw error;
    const remark = `The language model could not write this report: ${describeError(error)}`;
    return synthesize({ ...task, writer: "extractive", remarks: [remark] });
  }
}

/** A failure of the activity itself. A cancel, for one, is none: it must end the run. */
function isFailure(error: unknown): boolean {
  return error instanceof ActivityError || error instanceof TimeoutError;
}
