/** Requests as anybody could send them, past the client. */
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";

/** An answer: its status and its body. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Sends a request to a socket. A body that is a text is sent as it is. */
export async function ask(
  address: string,
  line: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const [method = "GET", path = "/"] = line.split(" ");
  const request = httpRequest({ socketPath: address, method, path, headers, agent: false });
  request.end(typeof body === "string" ? body : JSON.stringify(body));
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  const found = await text(answer);
  return { status: answer.statusCode ?? 0, body: found === "" ? undefined : (JSON.parse(found) as unknown) };
}

/** Writes bytes to a socket and returns all that comes back. */
export async function write(address: string, bytes: string | Uint8Array): Promise<string> {
  const socket = connect(address);
  socket.end(bytes);
  return await text(socket).catch(() => "");
}
