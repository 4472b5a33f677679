import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished, describe, expect, it, vi } from "vitest";
import { modelGenerator } from "../../../examples/task-generation/generation/model.ts";
import type { ModelSettings } from "../../../examples/task-generation/generation/model.ts";
import { readAnswer } from "../../../examples/task-generation/generation/generator.ts";
import { readSettings } from "../../../examples/task-generation/settings.ts";
import type { Generated } from "../../../examples/task-generation/types.ts";
import { startModelServer } from "../research/model-server.ts";
import type { Reply } from "../research/model-server.ts";
import { testApplication } from "./app.ts";
import { begin } from "./steps.ts";
import { generateTasks } from "../../../examples/task-generation/handlers/generate-tasks.ts";

const task = {
  title: "Ask the town hall",
  description: "Which papers are needed, and when is there an appointment?",
  estimatedMinutes: 30,
  priority: "high",
  type: "research",
};
const good = JSON.stringify({ tasks: [task] });

const request = {
  executionArn: "arn",
  goal: { id: "g", title: "Renew the passport", description: "Before June." },
  action: {
    id: "a",
    title: "Apply for the new passport",
    description: "At the town hall.",
    subGoal: { title: "Passport", description: "Applied for in time." },
  },
  attempt: 1,
};

async function ask(...replies: Reply[]): Promise<Generated> {
  const { url } = await startModelServer(...replies);
  const settings = { kind: "openai-compatible", url, model: "m", key: "sk-secret" } as const;
  return modelGenerator(settings).generate(request);
}

describe("a model behind an OpenAI-compatible endpoint", () => {
  it("is asked with what is known of the action, and its answer is checked and counted", async () => {
    const { url, requests } = await startModelServer(`Here:\n\`\`\`json\n${good}\n\`\`\``);
    const generator = modelGenerator({ kind: "openai-compatible", url, model: "small", key: "sk-secret" });
    expect(await generator.generate(request)).toEqual({
      tasks: [task],
      generator: "openai-compatible:small",
      usage: { inputTokens: 1, outputTokens: 1 },
    });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ path: "/v1/chat/completions", authorization: "Bearer sk-secret" });
    const said = JSON.stringify(requests[0]?.body.messages);
    for (const part of ["Renew the passport", "Applied for in time", "Apply for the new passport"])
      expect(said).toContain(part);
  });

  it.each<[string, Reply, string]>([
    ["HTTP 500", { status: 500 }, "TransientError"],
    ["HTTP 503", { status: 503 }, "TransientError"],
    ["HTTP 408", { status: 408 }, "TransientError"],
    ["too many requests", { status: 429 }, "TransientError"],
    ["HTTP 401", { status: 401 }, "PermissionError"],
    ["HTTP 403", { status: 403 }, "PermissionError"],
    ["HTTP 402", { status: 402 }, "QuotaExceededError"],
    [
      "a quota that is used up",
      {
        status: 429,
        body: JSON.stringify({
          error: { message: "no", type: "insufficient_quota", code: "insufficient_quota" },
        }),
      },
      "QuotaExceededError",
    ],
    ["HTTP 400", { status: 400 }, "ValidationError"],
    ["HTTP 404", { status: 404 }, "ValidationError"],
    ["a page instead of an answer", { status: 200, body: "<html>proxy</html>" }, "TransientError"],
    ["no JSON", "I would rather not.", "MalformedAnswerError"],
    ["no task", JSON.stringify({ tasks: [] }), "MalformedAnswerError"],
    ["six tasks", JSON.stringify({ tasks: Array.from({ length: 6 }, () => task) }), "MalformedAnswerError"],
    ["a long title", JSON.stringify({ tasks: [{ ...task, title: "x".repeat(51) }] }), "MalformedAnswerError"],
    [
      "a long description",
      JSON.stringify({ tasks: [{ ...task, description: "x".repeat(201) }] }),
      "MalformedAnswerError",
    ],
    ["14 minutes", JSON.stringify({ tasks: [{ ...task, estimatedMinutes: 14 }] }), "MalformedAnswerError"],
    ["121 minutes", JSON.stringify({ tasks: [{ ...task, estimatedMinutes: 121 }] }), "MalformedAnswerError"],
    [
      "another priority",
      JSON.stringify({ tasks: [{ ...task, priority: "urgent" }] }),
      "MalformedAnswerError",
    ],
  ])("takes %s for what it is", async (_, reply, name) => {
    await expect(ask(reply)).rejects.toMatchObject({ name });
  });

  it("never shows the key, even if the server repeats it", async () => {
    const body = JSON.stringify({ error: { message: "Incorrect API key provided: sk-secret" } });
    const error = await ask({ status: 401, body }).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain("[key]");
    expect(String(error)).not.toContain("sk-secret");
  });

  it("takes a server that is not there for one that may be there later", async () => {
    const generator = modelGenerator({ kind: "openai-compatible", url: "http://127.0.0.1:1/v1", model: "m" });
    await expect(generator.generate(request)).rejects.toMatchObject({ name: "TransientError" });
  });

  it("stops when its time is over", async () => {
    const { url, requests } = await startModelServer(undefined);
    const abort = new AbortController();
    const generator = modelGenerator({ kind: "openai-compatible", url, model: "m" });
    const answer = generator.generate({ ...request, signal: abort.signal });
    answer.catch(() => undefined);
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    abort.abort();
    await expect(answer).rejects.toMatchObject({ name: "TransientError" });
  });

  it("is paid for what it answered, also if that cannot be used", async () => {
    const { url } = await startModelServer("nonsense", good);
    const generator = modelGenerator({ kind: "openai-compatible", url, model: "m" });
    const app = await testApplication({ generator });
    const { goal, actions, ...facts } = await begin(app, { goalId: "goal-passport" });
    const input = { ...facts, batch: 1, goal, action: actions[0] };
    await expect(generateTasks(app, input, {})).rejects.toMatchObject({ name: "MalformedAnswerError" });
    await generateTasks(app, input, {});
    const tokens = `SELECT input_tokens AS "in", output_tokens AS "out" FROM`;
    expect(await app.database.all(`${tokens} executions`)).toMatchObject([{ in: 2, out: 2 }]);
    expect(await app.database.all(`${tokens} generations`)).toMatchObject([
      { in: 1, out: 1 },
      { in: 1, out: 1 },
    ]);
  });

  it("trims, so that blanks do not count", () => {
    const usage = { inputTokens: 0, outputTokens: 0 };
    const text = JSON.stringify({ tasks: [{ ...task, title: `  ${"x".repeat(50)} ` }] });
    expect(readAnswer(text, usage)[0]?.title).toBe("x".repeat(50));
  });
});

/** A server that speaks Bedrock's Converse operation. */
async function startBedrock(
  status: number,
  answer: { readonly body: unknown; readonly type?: string },
): Promise<{ readonly url: string; readonly paths: string[]; readonly authorization: string[] }> {
  const paths: string[] = [];
  const authorization: string[] = [];
  const server = createServer((incoming, outgoing) => {
    paths.push(incoming.url ?? "");
    authorization.push(incoming.headers.authorization ?? "");
    incoming.resume();
    incoming.on("end", () => {
      const kind = answer.type === undefined ? {} : { "x-amzn-errortype": answer.type };
      outgoing.writeHead(status, { "content-type": "application/json", ...kind });
      outgoing.end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, paths, authorization };
}

describe("a model on Amazon Bedrock", () => {
  function generatorFor(url: string): ReturnType<typeof modelGenerator> {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDTEST");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
    vi.stubEnv("AWS_BEARER_TOKEN_BEDROCK", undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    return modelGenerator({ kind: "bedrock", model: "amazon.nova-lite-v1:0", region: "us-east-1", url });
  }

  it("is asked by its own protocol, with a signature", async () => {
    const body = {
      output: { message: { role: "assistant", content: [{ text: good }] } },
      stopReason: "end_turn",
      usage: { inputTokens: 120, outputTokens: 45, totalTokens: 165 },
      metrics: { latencyMs: 1 },
    };
    const { url, paths, authorization } = await startBedrock(200, { body });
    expect(await generatorFor(url).generate(request)).toEqual({
      tasks: [task],
      generator: "bedrock:amazon.nova-lite-v1:0",
      usage: { inputTokens: 120, outputTokens: 45 },
    });
    expect(paths).toEqual(["/model/amazon.nova-lite-v1%3A0/converse"]);
    expect(authorization[0]).toContain("AWS4-HMAC-SHA256 Credential=AKIDTEST/");
  });

  it.each<[number, string, string]>([
    [400, "ServiceQuotaExceededException", "QuotaExceededError"],
    [403, "AccessDeniedException", "PermissionError"],
    [408, "ModelTimeoutException", "TransientError"],
    [429, "ThrottlingException", "TransientError"],
    [500, "InternalServerException", "TransientError"],
    [400, "ValidationException", "ValidationError"],
  ])("takes HTTP %i %s for %s", async (status, type, name) => {
    const { url } = await startBedrock(status, { body: { message: "no" }, type });
    await expect(generatorFor(url).generate(request)).rejects.toMatchObject({ name });
  });
});

describe("the settings", () => {
  it("name no model where none is configured", () => {
    expect(readSettings({}).model).toBeUndefined();
    expect(readSettings({ TASKS_MODEL: "", TASKS_MODEL_URL: "" }).model).toBeUndefined();
  });

  it.each<[Record<string, string>, ModelSettings]>([
    [
      { TASKS_MODEL_URL: "http://localhost:1/v1", TASKS_MODEL: "m" },
      { kind: "openai-compatible", url: "http://localhost:1/v1", model: "m", key: undefined },
    ],
    [
      { TASKS_BEDROCK_MODEL: "m", AWS_REGION: "eu-central-1" },
      { kind: "bedrock", model: "m", region: "eu-central-1", url: undefined },
    ],
  ])("read %j", (environment, model) => {
    expect(readSettings(environment).model).toEqual(model);
  });

  it.each([
    [{ TASKS_MODEL: "m" }],
    [{ TASKS_MODEL_URL: "http://localhost:1/v1" }],
    [{ TASKS_MODEL_URL: "file:///etc", TASKS_MODEL: "m" }],
    [{ TASKS_BEDROCK_MODEL: "m" }],
    [{ TASKS_BEDROCK_MODEL: "m", AWS_REGION: "r", TASKS_MODEL_URL: "http://localhost:1" }],
    [{ TASKS_WEBHOOK_URL: "mail" }],
  ])("refuse %j", (environment) => {
    expect(() => readSettings(environment)).toThrow(expect.objectContaining({ name: "ValidationError" }));
  });

  it("seed the default database, and one of your own only if you say so", () => {
    expect(readSettings({})).toMatchObject({ seed: true, database: "sqlite:.task-generation/tasks.db" });
    expect(readSettings({ TASKS_DATABASE: "sqlite:x.db" }).seed).toBe(false);
    expect(readSettings({ TASKS_DATABASE: "sqlite:x.db", TASKS_SEED: "1" }).seed).toBe(true);
  });
});
