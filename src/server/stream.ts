/** Answers that are a stream: one line of JSON for each item, as they come. */
import type { ServerResponse } from "node:http";
import { toFailure } from "../core/failure.ts";

/** Writes the items until there are no more or the client has gone. An error that comes in between is the last line: `{"error":…}`. */
export async function writeLines(response: ServerResponse, items: AsyncIterable<object>): Promise<void> {
  const iterator = items[Symbol.asyncIterator]();
  // The first item comes before the head, so that an error that is known at once (no such run) has a status of its own.
  let next = await iterator.next();
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  response.flushHeaders();
  try {
    while (next.done !== true && !response.destroyed) {
      if (!response.write(`${JSON.stringify(next.value)}\n`)) await room(response);
      next = await iterator.next();
    }
  } catch (error) {
    response.write(`${JSON.stringify({ error: toFailure(error) })}\n`);
  }
  response.end();
  await iterator.return?.();
}

/** Resolves when more can be written, or nothing ever. */
function room(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once("drain", resolve);
    response.once("close", resolve);
  });
}
