/** What the sender of a message is told. */
import { RunClosedError, RunNotFoundError } from "../core/errors.ts";
import type { MessageReceipt, NewMessage } from "../store/inbox.ts";
import type { Receipt } from "./delivery.ts";

/** Passes the store's receipt for a message on to whoever sent it. */
export function answerPost(
  receipt: Receipt | undefined,
  { to }: NewMessage,
  answer: MessageReceipt | undefined,
): void {
  if (receipt === undefined) return;
  const runId = "id" in to ? to.id : String(to.key);
  if (answer?.status === "not_found") receipt.refuse(new RunNotFoundError({ runId }));
  else if (answer?.status === "closed") receipt.refuse(new RunClosedError({ runId }));
  else receipt.accept();
}
