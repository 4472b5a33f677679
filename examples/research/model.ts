/**
 * Asks a language model behind any endpoint that speaks the OpenAI protocol, through the packages `ai` and `@ai-sdk/openai-compatible`.
 * Both are optional and loaded only when a model is configured.
 *
 * - The model is asked for JSON in plain text, because not every endpoint knows a schema mode. A schema checks what comes back.
 * - Retries belong to the workflow engine; none happen here. An error says whether another attempt can help.
 * - An answer is kept in a file under a hash of what was asked. An attempt that is repeated after a crash does not pay again.
 * - The key comes from the environment of the process and goes nowhere else: not into inputs, histories, files or messages.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { APICallError, generateText } from "ai";
import type { z } from "zod";
import { writeTextOnce } from "./atomic.ts";
import { ModelAnswerError, ModelUnavailableError, ResearchInputError } from "./errors.ts";

/** Which model to ask. */
export interface ModelConfig {
  /** The base URL of the API, such as "http://localhost:11434/v1". */
  url: string;
  model: string;
  key?: string;
}

/** One question to the model. */
export interface ModelRequest<T> {
  instructions: string;
  prompt: string;
  /** Makes sense of the answer. An answer that it throws at is not kept. */
  read: (text: string) => T;
  /** Where answers are kept. */
  answersFolder: string;
  signal?: AbortSignal | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What is used of the packages. */
export interface Packages {
  generateText: typeof generateText;
  APICallError: typeof APICallError;
  createOpenAICompatible: typeof createOpenAICompatible;
}

/** Loads the packages; a parameter, so that a test can leave them out. */
export type LoadPackages = () => Promise<Packages>;

/** Reads RESEARCH_MODEL_URL, RESEARCH_MODEL and RESEARCH_MODEL_KEY. Undefined when no model is configured. */
export function readModelConfig(environment: Environment): ModelConfig | undefined {
  const {
    RESEARCH_MODEL_URL: url = "",
    RESEARCH_MODEL: model = "",
    RESEARCH_MODEL_KEY: key = "",
  } = environment;
  if (url === "" && model === "") return undefined;
  if (url === "" || model === "")
    throw new ResearchInputError("RESEARCH_MODEL_URL and RESEARCH_MODEL must be set together.");
  if (!URL.canParse(url) || !/^https?:$/u.test(new URL(url).protocol)) {
    throw new ResearchInputError(
      "RESEARCH_MODEL_URL must be an http or https URL, such as http://localhost:11434/v1.",
    );
  }
  return { url, model, ...(key === "" ? {} : { key }) };
}

/** Asks the model, or takes the answer that is kept for the same request. */
export async function askModel<T>(
  config: ModelConfig,
  request: ModelRequest<T>,
  load: LoadPackages = loadPackages,
): Promise<T> {
  const asked = JSON.stringify([config.url, config.model, request.instructions, request.prompt]);
  const hash = createHash("sha256").update(asked).digest("hex");
  const file = path.join(request.answersFolder, `${hash}.json`);
  const kept = await readFile(file, "utf8").catch(() => undefined);
  const text = kept ?? (await callModel(config, request, load));
  const answer = request.read(text);
  if (kept === undefined) await writeTextOnce(file, text, "new");
  return answer;
}

async function callModel<T>(
  config: ModelConfig,
  request: ModelRequest<T>,
  load: LoadPackages,
): Promise<string> {
  const packages = await load().catch((cause: unknown) => {
    throw missingPackages(cause);
  });
  const apiKey = config.key === undefined ? {} : { apiKey: config.key };
  const provider = packages.createOpenAICompatible({
    name: "research-model",
    baseURL: config.url,
    ...apiKey,
  });
  const { instructions, prompt, signal } = request;
  const abort = signal === undefined ? {} : { abortSignal: signal };
  try {
    const { text } = await packages.generateText({
      model: provider(config.model),
      instructions,
      prompt,
      maxRetries: 0,
      ...abort,
    });
    return text;
  } catch (error) {
    throw signal?.aborted === true ? error : explain(error, packages, config);
  }
}

async function loadPackages(): Promise<Packages> {
  const [ai, compatible] = await Promise.all([import("ai"), import("@ai-sdk/openai-compatible")]);
  const { generateText, APICallError } = ai;
  return { generateText, APICallError, createOpenAICompatible: compatible.createOpenAICompatible };
}

function missingPackages(cause: unknown): ResearchInputError {
  const fix =
    "Run `npm install ai @ai-sdk/openai-compatible`, or unset RESEARCH_MODEL_URL to work without a model.";
  return new ResearchInputError(
    `A model is configured, but the packages to reach it could not be loaded. ${fix}`,
    { cause },
  );
}

/** Which of the example's errors this is. What the server said is cut short, and the key is taken out of it. */
function explain(error: unknown, packages: Packages, config: ModelConfig): Error {
  const hide = (text: string): string =>
    config.key === undefined ? text : text.replaceAll(config.key, "[key]");
  const said = hide(error instanceof Error ? error.message : String(error)).slice(0, 300);
  const answered = packages.APICallError.isInstance(error) && error.statusCode === 200;
  if (!packages.APICallError.isInstance(error) || answered) {
    return new ModelAnswerError(`The model gave no usable answer: ${said}`);
  }
  const status = error.statusCode === undefined ? "" : ` (HTTP ${error.statusCode})`;
  if (!error.isRetryable)
    return new ResearchInputError(`The model endpoint refused the request${status}: ${said}`);
  const message = `The model endpoint is not available${status}: ${said}`;
  return new ModelUnavailableError(message, { retryAfter: retryAfter(error.responseHeaders) });
}

/** The server's wish in milliseconds, at most a minute; undefined when it has none. */
function retryAfter(headers: Record<string, string> | undefined): number | undefined {
  const seconds = Number(headers?.["retry-after"] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1000, 60_000) : undefined;
}

/** The JSON in the model's answer, checked. Models like to put it into a code block or between sentences. */
export function parseAnswer<T>(text: string, schema: z.ZodType<T>): T {
  const start = text.indexOf("{");
  const end = text.lastIndexOf("}");
  const result = schema.safeParse(parseJson(text.slice(Math.max(start, 0), end + 1)));
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, 3).map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new ModelAnswerError(
    `The model's answer does not have the form that was asked for: ${issues.join("; ")}`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
