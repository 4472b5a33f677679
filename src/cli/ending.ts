/** Letting go of a store, and saying so if that takes a while. */
import type { Client } from "../client/client.ts";
import type { Context } from "./context.ts";

const noticeMs = 300;

/** Closes the client. `drains`: running activities may finish first. */
export async function closeSlowly(context: Context, client: Client, drains: boolean): Promise<void> {
  let closed = false;
  const notice = async (): Promise<void> => {
    await context.io.pause(noticeMs);
    if (!closed) context.tell("Letting running activities finish (10 s at most). Ctrl-C ends at once.");
  };
  if (drains) void notice();
  await client.close();
  closed = true;
}
