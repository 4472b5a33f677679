/** The command line of `main.ts`: what it means, and what is wrong with it before any work begins. */
import { statSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { checkQuestion, MAX_TOPICS, MIN_TOPICS } from "./decompose.ts";
import { ResearchInputError } from "./errors.ts";
import { readModelConfig } from "./model.ts";
import type { ResearchInput } from "./workflow.ts";

/** What `--help` prints. */
export const HELP: string = `Usage: node examples/research/main.ts --question TEXT [options]

  --question TEXT    what you want to know
  --docs FOLDER      the .md and .txt files to search (default: .)
  --out FILE         where the report goes (default: report.md)
  --topics N         how many searches, ${MIN_TOPICS} to ${MAX_TOPICS} (default: 18; a language model decides for itself)
  --concurrency N    how many searches at once, 1 to 100 (default: 4)
  --folder FOLDER    the database and the index (default: .daruma-research)

A language model is used when RESEARCH_MODEL_URL and RESEARCH_MODEL (and RESEARCH_MODEL_KEY, if it needs one) are set.
Example: node examples/research/main.ts --question "What survives a crash?" --docs ./docs --out report.md
`;

/** What the user wants. */
export interface CommandLine {
  /** Where databases and indexes are kept. */
  folder: string;
  /** The input but for the folder that belongs to one run. */
  input: Omit<ResearchInput, "workFolder">;
}

const text = { type: "string" } as const;
const OPTIONS = {
  question: text,
  docs: text,
  out: text,
  topics: text,
  concurrency: text,
  folder: text,
  help: { type: "boolean" },
} as const;

/** Reads the command line; undefined when only help is wanted. What is wrong with it is a `ResearchInputError`. */
export function readCommandLine(
  args: string[],
  environment: Readonly<Record<string, string | undefined>>,
): CommandLine | undefined {
  const values = parse(args);
  if (values.help === true) return undefined;
  if (values.question === undefined) throw new ResearchInputError("--question is missing.");
  checkQuestion(values.question);
  const base = path.resolve(values.docs ?? ".");
  const out = path.resolve(values.out ?? "report.md");
  if (!isFolder(base)) throw new ResearchInputError(`--docs: there is no folder ${JSON.stringify(base)}.`);
  if (isFolder(out))
    throw new ResearchInputError(`--out: ${JSON.stringify(out)} is a folder; the name of a file is needed.`);
  const topics = wholeNumber("--topics", values.topics, [MIN_TOPICS, MAX_TOPICS]);
  const concurrency = wholeNumber("--concurrency", values.concurrency, [1, 100]);
  const input = {
    question: values.question,
    source: { base, exclude: [out] },
    out,
    writer: readModelConfig(environment) === undefined ? ("extractive" as const) : ("model" as const),
    ...(topics === undefined ? {} : { topics }),
    ...(concurrency === undefined ? {} : { concurrency }),
  };
  return { folder: path.resolve(values.folder ?? ".daruma-research"), input };
}

function parse(args: string[]): ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"] {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (cause) {
    throw new ResearchInputError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}

function wholeNumber(
  option: string,
  value: string | undefined,
  [least, most]: [number, number],
): number | undefined {
  if (value === undefined) return undefined;
  const number = /^\d{1,4}$/u.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new ResearchInputError(
    `${option} must be a whole number from ${least} to ${most}; found ${JSON.stringify(value)}.`,
  );
}
