import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  ModelAnswerError,
  ModelUnavailableError,
  ResearchInputError,
} from "../../../examples/research/errors.ts";
import {
  askModel,
  type ModelConfig,
  type ModelRequest,
  parseAnswer,
  readModelConfig,
} from "../../../examples/research/model.ts";
import { temporaryFolder } from "./folder.ts";
import { type Reply, startModelServer } from "./model-server.ts";

const schema = z.object({ n: z.number() });

function request(answersFolder: string): ModelRequest<{ n: number }> {
  return {
    instructions: "Be brief.",
    prompt: "How many?",
    answersFolder,
    read: (text) => parseAnswer(text, schema),
  };
}

async function ask(...replies: Reply[]): Promise<{ n: number }> {
  const { url } = await startModelServer(...replies);
  return askModel({ url, model: "m", key: "sk-secret" }, request(temporaryFolder()));
}

describe("readModelConfig", () => {
  it("finds no model in an empty environment", () => {
    expect(readModelConfig({})).toBeUndefined();
    expect(readModelConfig({ RESEARCH_MODEL_URL: "", RESEARCH_MODEL: "" })).toBeUndefined();
  });

  it("takes a key only when there is one", () => {
    const environment = { RESEARCH_MODEL_URL: "http://localhost:1/v1", RESEARCH_MODEL: "m" };
    expect(readModelConfig(environment)).toEqual({ url: "http://localhost:1/v1", model: "m" });
    expect(readModelConfig({ ...environment, RESEARCH_MODEL_KEY: "k" })).toMatchObject({ key: "k" });
  });

  it.each([
    [{ RESEARCH_MODEL_URL: "http://localhost:1/v1" }],
    [{ RESEARCH_MODEL: "m" }],
    [{ RESEARCH_MODEL_URL: "localhost", RESEARCH_MODEL: "m" }],
    [{ RESEARCH_MODEL_URL: "file:///etc", RESEARCH_MODEL: "m" }],
  ])("refuses %j", (environment) => {
    expect(() => readModelConfig(environment)).toThrow(ResearchInputError);
  });
});

describe("askModel", () => {
  it("speaks the protocol and returns the checked answer", async () => {
    const { url, requests } = await startModelServer('Here it is:\n```json\n{"n": 3}\n```');
    const config: ModelConfig = { url, model: "small", key: "sk-secret" };
    expect(await askModel(config, request(temporaryFolder()))).toEqual({ n: 3 });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ path: "/v1/chat/completions", authorization: "Bearer sk-secret" });
    expect(requests[0]?.body.model).toBe("small");
    expect(requests[0]?.body.messages.map((message) => message.role)).toEqual(["system", "user"]);
  });

  it("asks once for the same request and keeps the answer, not the key", async () => {
    const { url, requests } = await startModelServer('{"n": 1}', '{"n": 2}');
    const folder = temporaryFolder();
    const config: ModelConfig = { url, model: "m", key: "sk-secret" };
    expect(await askModel(config, request(folder))).toEqual({ n: 1 });
    expect(await askModel(config, request(folder))).toEqual({ n: 1 });
    expect(requests).toHaveLength(1);
    const files = readdirSync(folder);
    expect(files).toHaveLength(1);
    expect(readFileSync(path.join(folder, files[0] ?? ""), "utf8")).toBe('{"n": 1}');
    expect(await askModel({ ...config, model: "other" }, request(folder))).toEqual({ n: 2 });
  });

  it("keeps no answer that cannot be used", async () => {
    const { url } = await startModelServer("I would rather not.", '{"n": "three"}', '{"n": 3}');
    const folder = temporaryFolder();
    const config: ModelConfig = { url, model: "m" };
    await expect(askModel(config, request(folder))).rejects.toThrow(ModelAnswerError);
    await expect(askModel(config, request(folder))).rejects.toThrow(/n: /u);
    expect(readdirSync(folder)).toEqual([]);
    expect(await askModel(config, request(folder))).toEqual({ n: 3 });
  });

  it.each([429, 500, 503])("takes HTTP %i for a server that may be there later", async (status) => {
    await expect(ask({ status })).rejects.toThrow(ModelUnavailableError);
  });

  it("passes on how long a busy server wants to be left alone, at most a minute", async () => {
    const busy = (seconds: string): Reply => ({ status: 429, headers: { "retry-after": seconds } });
    await expect(ask(busy("2"))).rejects.toMatchObject({ retryAfter: 2000 });
    await expect(ask(busy("86400"))).rejects.toMatchObject({ retryAfter: 60_000 });
    await expect(ask(busy("soon"))).rejects.not.toHaveProperty("retryAfter");
  });

  it.each([400, 401, 403, 404])("takes HTTP %i for a mistake that no attempt can help", async (status) => {
    await expect(ask({ status })).rejects.toMatchObject({ name: "ResearchInputError", nonRetryable: true });
  });

  it("never shows the key, even if the server repeats it", async () => {
    const body = JSON.stringify({ error: { message: "Incorrect API key provided: sk-secret" } });
    const error = await ask({ status: 401, body }).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain("HTTP 401");
    expect(String(error)).toContain("[key]");
    expect(String(error)).not.toContain("sk-secret");
  });

  it("takes an answer that is no JSON of the protocol for an answer that cannot be used", async () => {
    await expect(ask({ status: 200, body: "<html>proxy</html>" })).rejects.toThrow(ModelAnswerError);
  });

  it("takes a server that is not there for one that may be there later", async () => {
    const config: ModelConfig = { url: "http://127.0.0.1:1/v1", model: "m" };
    await expect(askModel(config, request(temporaryFolder()))).rejects.toThrow(ModelUnavailableError);
  });

  it("stops when its attempt is stopped", async () => {
    const { url } = await startModelServer(undefined);
    const abort = new AbortController();
    const answer = askModel({ url, model: "m" }, { ...request(temporaryFolder()), signal: abort.signal });
    abort.abort();
    await expect(answer).rejects.toMatchObject({ name: "AbortError" });
  });

  it("says what to install when the packages are missing", async () => {
    const missing = (): Promise<never> => Promise.reject(new ModelAnswerError("Cannot find package 'ai'"));
    const answer = askModel(
      { url: "http://127.0.0.1:1/v1", model: "m" },
      request(temporaryFolder()),
      missing,
    );
    await expect(answer).rejects.toThrow(/npm install ai @ai-sdk\/openai-compatible/u);
  });
});
