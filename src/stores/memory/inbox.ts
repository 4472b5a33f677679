/** Messages that wait for runs, in memory. */
import type { Inbox, MessageReceipt, NewMessage } from "../../store/inbox.ts";
import { latestOf, type MemoryDatabase, type RunRecord } from "./database.ts";

function addressee(db: MemoryDatabase, { to }: NewMessage): RunRecord | undefined {
  if ("key" in to) return db.state.runs.get(to.key);
  const run = latestOf(db, to.id);
  return to.operation === undefined || run?.row.operation === to.operation.toWellFormed() ? run : undefined;
}

/** Keeps one message, if its run is open and it is not waiting there already. */
export function keepMessage(db: MemoryDatabase, message: NewMessage): MessageReceipt {
  const run = addressee(db, message);
  if (run === undefined) return { status: "not_found" };
  const key = run.row.key;
  if (!db.state.open.has(key)) return { status: "closed", key };
  const operation = message.operation.toWellFormed();
  if (run.inbox.has(operation)) return { status: "repeated", key };
  const kept = { id: db.state.nextMessage++, key, body: message.body.toWellFormed(), operation };
  run.inbox.set(operation, kept);
  db.state.messages.set(kept.id, kept);
  return { status: "kept", key };
}

/** Takes the messages from a run that has closed: for its heir, if it has one. */
export function clearInbox(db: MemoryDatabase, run: RunRecord, heirKey: number | undefined): void {
  const heir = heirKey === undefined ? undefined : db.state.runs.get(heirKey);
  for (const message of run.inbox.values()) {
    if (heir === undefined) {
      db.state.messages.delete(message.id);
      continue;
    }
    const moved = { ...message, key: heir.row.key };
    heir.inbox.set(message.operation, moved);
    db.state.messages.set(message.id, moved);
  }
  run.inbox.clear();
}

/** Deletes messages that the run's history has taken up. */
export function dropMessages(db: MemoryDatabase, run: RunRecord, ids: readonly number[]): void {
  for (const id of ids) {
    const message = db.state.messages.get(id);
    if (message?.key !== run.row.key) continue;
    db.state.messages.delete(id);
    run.inbox.delete(message.operation);
  }
}

/** The inboxes of a database. `use` rejects when the store is closed. */
export function memoryInbox(use: () => MemoryDatabase): Inbox {
  return {
    read: async (key) =>
      [...(use().state.runs.get(key)?.inbox.values() ?? [])].map((message) => ({ ...message })),
  };
}
