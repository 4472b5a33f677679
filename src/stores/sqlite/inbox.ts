/** Messages that wait for runs. */
import type { Inbox, MessageReceipt, NewMessage, StoredMessage } from "../../store/inbox.ts";
import type { Connection } from "./connection.ts";
import { statusCodes } from "./schema.ts";

const waiting = "SELECT id, run AS key, body, operation FROM inbox WHERE run = ? ORDER BY id";
const byKey = "SELECT key, status FROM runs WHERE key = ?";
const byId = "SELECT key, status, operation FROM runs WHERE id = ? ORDER BY generation DESC LIMIT 1";
const keep =
  "INSERT INTO inbox (id, run, operation, body) VALUES (?, ?, ?, ?) ON CONFLICT (run, operation) DO NOTHING";

/** Keeps one message, if its run is open and it is not waiting there already. */
export function keepMessage(connection: Connection, { to, operation, body }: NewMessage): MessageReceipt {
  const run = "key" in to ? connection.prepare(byKey).get(to.key) : connection.prepare(byId).get(to.id);
  const wanted = "key" in to ? undefined : to.operation;
  if (run === undefined || (wanted !== undefined && run["operation"] !== wanted.toWellFormed()))
    return { status: "not_found" };
  const key = Number(run["key"]);
  if (run["status"] !== statusCodes.running) return { status: "closed", key };
  const { changes } = connection.prepare(keep).run(connection.counters.nextMessage, key, operation, body);
  if (changes === 0) return { status: "repeated", key };
  connection.counters.nextMessage += 1;
  return { status: "kept", key };
}

/** The contract's part for inboxes. */
export function sqliteInbox(connection: Connection): Inbox {
  return {
    read: async (key) =>
      connection.read(() =>
        connection
          .prepare(waiting)
          .all(key)
          .map((row) => ({ ...row }) as unknown as StoredMessage),
      ),
  };
}
