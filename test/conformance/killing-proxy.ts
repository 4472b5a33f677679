// Stands between a client and the server, and kills the server (kill -9) after each execution that it has acknowledged, before the client hears of it.
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { once } from "node:events";
import type { ConformanceServer } from "./server.ts";

export interface KillingProxy {
  readonly kills: () => number;
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}

/** Listens on `port`. Requests that come while the server is away wait. */
export async function killingProxy(server: ConformanceServer, port: number): Promise<KillingProxy> {
  let kills = 0;
  let away: Promise<void> = Promise.resolve();
  const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    await away;
    const target = String(request.headers["x-amz-target"] ?? "");
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => /^(?:content-type|x-amz-|authorization)/.test(name)),
    ) as Record<string, string>;
    const answer = await fetch(server.url, { method: "POST", headers, body });
    const text = await answer.text();
    if (answer.ok && target.endsWith(".StartExecution")) {
      kills++;
      await server.kill();
      away = server.start();
      await away;
    }
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" }).end(text);
  };
  const proxy: Server = createServer((request, response) => {
    forward(request, response).catch((error: unknown) => response.writeHead(502).end(String(error)));
  });
  proxy.listen(port, "127.0.0.1");
  await once(proxy, "listening");
  return {
    kills: () => kills,
    close: async () => {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
