/**
 * The commit: one transaction, one sync of the disk.
 *
 * Order within a commit: all run writes with their children, then the messages that applied writes send, then the messages from outside.
 * So a message to a run that the same commit closes is answered with `closed`, and one to a run that it creates arrives.
 */
import type { CommitRequest, CommitResult, RunWrite } from "../../store/commit.ts";
import type { MessageReceipt, NewMessage } from "../../store/inbox.ts";
import type { Connection } from "./connection.ts";
import { keepMessage } from "./inbox.ts";
import type { RunWriter } from "./run-write.ts";
import type { SessionTable } from "./sessions.ts";

/** What a commit has done so far. */
class Progress {
  readonly fenced: Set<number> = new Set();
  readonly duplicates: Set<number> = new Set();
  readonly notified: Set<number> = new Set();
  readonly outgoing: NewMessage[] = [];
}

/** Applies commits. */
export class Committer {
  readonly #connection: Connection;
  readonly #sessions: SessionTable;
  readonly #writer: RunWriter;

  constructor(connection: Connection, sessions: SessionTable, writer: RunWriter) {
    this.#connection = connection;
    this.#sessions = sessions;
    this.#writer = writer;
  }

  /** Applies a commit. @throws DarumaError DRM-FENCED: the session is unknown. */
  commit(request: CommitRequest): CommitResult {
    this.#connection.check();
    const session = this.#sessions.get(request.session);
    if (session.last?.operation === request.operation) return copyResult(session.last.answer);
    const answer = this.#connection.write(() => this.#apply(request, session.number));
    session.last = { operation: request.operation, answer };
    return copyResult(answer);
  }

  #apply(request: CommitRequest, session: number): CommitResult {
    const progress = new Progress();
    for (const write of request.runs) this.#applyWrite(write, session, progress);
    for (const message of progress.outgoing) this.#deliver(message, progress);
    const receipts = request.messages.map((message) => this.#deliver(message, progress));
    const { fenced, duplicates, notified } = progress;
    return { fenced: [...fenced], duplicates: [...duplicates], receipts, notified: [...notified] };
  }

  #applyWrite(write: RunWrite, session: number, progress: Progress): void {
    const outcome = this.#writer.apply(write, session);
    if (outcome === "fenced") progress.fenced.add(write.key);
    if (outcome === "duplicate") {
      progress.duplicates.add(write.key);
      if (write.refusal !== undefined) progress.outgoing.push(write.refusal);
    }
    if (outcome !== "applied") return;
    if (write.messages !== undefined) progress.outgoing.push(...write.messages);
    for (const child of write.children ?? []) this.#applyWrite(child, session, progress);
    if (write.heir !== undefined) this.#writer.handOver(write.key, write.heir);
  }

  #deliver(message: NewMessage, progress: Progress): MessageReceipt {
    const receipt = keepMessage(this.#connection, message);
    if (receipt.status === "kept") progress.notified.add(receipt.key);
    return receipt;
  }
}

function copyResult({ fenced, duplicates, receipts, notified }: CommitResult): CommitResult {
  return {
    fenced: [...fenced],
    duplicates: [...duplicates],
    receipts: receipts.map((receipt) => ({ ...receipt })),
    notified: [...notified],
  };
}
