/** A server on this machine that speaks the OpenAI chat-completions protocol, with answers and errors as a test wants them. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** What the server says to one request: the model's text, or a status with a body and headers; undefined: it never answers. */
export type Reply = string | { status: number; body?: string; headers?: Record<string, string> } | undefined;

/** A request as it came. */
interface SeenRequest {
  path: string;
  authorization: string | undefined;
  body: { model: string; messages: { role: string; content: unknown }[] };
}

/** A running server. `replies` are given in their order; the last one is given again and again. */
export interface ModelServer {
  url: string;
  requests: SeenRequest[];
}

/** Starts a server for one test. */
export async function startModelServer(...replies: Reply[]): Promise<ModelServer> {
  const requests: SeenRequest[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = JSON.parse(await readBody(request)) as SeenRequest["body"];
    const reply = replies[Math.min(requests.length, replies.length - 1)];
    requests.push({ path: request.url ?? "", authorization: request.headers.authorization, body });
    answer(response, reply);
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => stop(server));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, requests };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks).toString("utf8");
}

function answer(response: ServerResponse, reply: Reply): void {
  if (reply === undefined) return;
  if (typeof reply !== "string") {
    response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
    response.end(
      reply.body ?? JSON.stringify({ error: { message: `status ${reply.status}`, type: "error" } }),
    );
    return;
  }
  const choice = { index: 0, finish_reason: "stop", message: { role: "assistant", content: reply } };
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
  response.writeHead(200, { "content-type": "application/json" });
  response.end(
    JSON.stringify({ id: "1", object: "chat.completion", created: 0, model: "m", choices: [choice], usage }),
  );
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => void server.close(() => resolve()));
}
