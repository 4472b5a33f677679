/**
 * Sessions are kept in memory: no other process can have the file, so a session cannot outlive this one. Rows name their holder by a number that is
 * never given out again, so the runs of former processes are held by nobody, without a write at opening.
 */
import { DarumaError } from "../../core/errors.ts";
import type { CommitResult } from "../../store/commit.ts";
import type { Renewal, Sessions } from "../../store/sessions.ts";
import type { Connection } from "./connection.ts";

/** A session; `until` is when its lease ends. */
export interface SessionRecord {
  readonly name: string;
  readonly number: number;
  readonly label: string;
  until: number;
  /** The last commit and what it answered (D3). */
  last: { readonly operation: string; readonly answer: CommitResult } | undefined;
}

/** The sessions of this process. */
export class SessionTable {
  readonly #connection: Connection;
  readonly #byName: Map<string, SessionRecord> = new Map();
  readonly #byNumber: Map<number, SessionRecord> = new Map();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  open(label: string, leaseMs: number): string {
    const number = this.#connection.counters.nextSession++;
    const name = `session-${number}`;
    const record: SessionRecord = {
      name,
      number,
      label,
      until: this.#connection.now() + leaseMs,
      last: undefined,
    };
    this.#byName.set(name, record);
    this.#byNumber.set(number, record);
    return name;
  }

  renew(name: string, leaseMs: number): Renewal {
    const record = this.#byName.get(name);
    if (record === undefined) return "unknown";
    const late = record.until <= this.#connection.now();
    record.until = this.#connection.now() + leaseMs;
    return late ? "late" : "renewed";
  }

  close(name: string): void {
    const record = this.#byName.get(name);
    if (record === undefined) return;
    this.#byName.delete(name);
    this.#byNumber.delete(record.number);
  }

  /** @throws DarumaError DRM-FENCED: it was closed or never existed, so it holds nothing. */
  get(name: string): SessionRecord {
    const record = this.#byName.get(name);
    if (record !== undefined) return record;
    throw new DarumaError("DRM-FENCED", {
      message: `The session "${name}" is not known to the store: it was closed or removed.`,
      subject: name,
      fix: "Open a new session and claim the runs again.",
    });
  }

  /** The name of the holder with this number, if it still exists. */
  nameOf(owner: number | null): string | undefined {
    return owner === null ? undefined : this.#byNumber.get(owner)?.name;
  }

  /** True if `session` is the holder, or may become it. */
  mayClaim(session: string, owner: number | null): boolean {
    const holder = owner === null ? undefined : this.#byNumber.get(owner);
    return holder === undefined || holder.name === session || holder.until <= this.#connection.now();
  }
}

/** The contract's part for sessions. */
export function sqliteSessions(connection: Connection, table: SessionTable): Sessions {
  return {
    open: async (label, leaseMs) => connection.read(() => table.open(label, leaseMs)),
    renew: async (session, leaseMs) => connection.read(() => table.renew(session, leaseMs)),
    close: async (session) => connection.read(() => table.close(session)),
  };
}
