/** Sessions in memory. */
import type { Renewal, Sessions } from "../../store/sessions.ts";
import type { MemoryDatabase } from "./database.ts";

function open(db: MemoryDatabase, label: string, leaseMs: number): string {
  const session = `session-${db.state.nextSession++}`;
  const until = db.now() + leaseMs;
  db.state.sessions.set(session, { label, until, operation: undefined, answer: undefined });
  return session;
}

function renew(db: MemoryDatabase, session: string, leaseMs: number): Renewal {
  const record = db.state.sessions.get(session);
  if (record === undefined) return "unknown";
  const late = record.until <= db.now();
  record.until = db.now() + leaseMs;
  return late ? "late" : "renewed";
}

/** The sessions of a database. `use` rejects when the store is closed. */
export function memorySessions(use: () => MemoryDatabase): Sessions {
  return {
    open: async (label, leaseMs) => open(use(), label, leaseMs),
    renew: async (session, leaseMs) => renew(use(), session, leaseMs),
    close: async (session) => void use().state.sessions.delete(session),
  };
}
