/**
 * The one connection to the file: transactions, the counters that they carry, and the end of it all.
 *
 * Invariants:
 * - a write is one transaction; when it fails nothing of it is left, in the file or in memory;
 * - a write is counted in the database and in the mark before it is answered: by the number of the chunk that it appended last, or by `commits` if it appended none
 *   (most append, and so write one page less);
 * - after an error of the disk or of the file no operation is tried again: all reject with DRM-STORE-FAILED.
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { DarumaError } from "../../core/errors.ts";
import { endsStore, failed, operationError } from "./failure.ts";
import type { Mark } from "./mark.ts";

/** Numbers that are never given out twice, and what transactions are counted by. */
export interface Counters {
  /** With `chunk` it makes a count that each transaction raises. */
  commits: number;
  /** The number of the last chunk of history. */
  chunk: number;
  nextKey: number;
  nextMessage: number;
  nextSession: number;
}

/** A row as SQLite gives it. */
export type Row = Record<string, SQLInputValue>;

/** What an open file is made of. */
export interface ConnectionParts {
  readonly db: Pick<DatabaseSync, "prepare" | "exec" | "close" | "isTransaction">;
  readonly path: string;
  readonly mark: Mark;
  readonly counters: Counters;
  /** The store's clock: epoch milliseconds; it decides leases. */
  readonly now: () => number;
}

/** What each transaction raises, and no two have in common: see mark.ts. */
export function countOf({ commits, chunk }: Counters): number {
  return commits + chunk;
}

/** Statements, transactions and counters of one open database file. */
export class Connection {
  readonly counters: Counters;
  readonly now: () => number;
  /** Called when a write was taken back: what was remembered of it must be forgotten. */
  readonly onRollback: (() => void)[] = [];
  readonly #parts: ConnectionParts;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #count: StatementSync;
  readonly #prepared: Map<string, StatementSync> = new Map();
  /** What the database says. */
  #kept: Readonly<Counters>;
  #failure: DarumaError | undefined;
  #closed = false;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.counters = parts.counters;
    this.#kept = { ...parts.counters };
    this.now = parts.now;
    this.#begin = parts.db.prepare("BEGIN IMMEDIATE");
    this.#commit = parts.db.prepare("COMMIT");
    this.#count = parts.db.prepare(
      "UPDATE meta SET commits = ?, next_key = ?, next_message = ?, next_session = ?",
    );
  }

  /** A statement, prepared once for each text. */
  prepare(sql: string): StatementSync {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const statement = this.#parts.db.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }

  /** @throws DarumaError DRM-CLOSED or DRM-STORE-FAILED if the store cannot be used. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#closed) throw new DarumaError("DRM-CLOSED", { message: "The store is closed." });
  }

  /** Runs `work`, which only reads. */
  read<T>(work: () => T): T {
    this.check();
    try {
      return work();
    } catch (error) {
      throw this.#judge(error);
    }
  }

  /** Runs `work` as one transaction. It is durable when this returns. */
  write<T>(work: () => T): T {
    this.check();
    try {
      this.#begin.run();
      const result = work();
      this.#finish();
      return result;
    } catch (error) {
      const judged = this.#judge(error);
      const { commits, chunk, nextMessage } = this.#kept;
      Object.assign(this.counters, { commits, chunk, nextMessage });
      this.#rollback();
      throw judged;
    }
  }

  #finish(): void {
    const kept = this.#keepCounters();
    this.#commit.run();
    this.#kept = kept;
    try {
      this.#parts.mark.write(countOf(kept));
    } catch (error) {
      throw failed(`${this.#parts.path}-mark`, error);
    }
  }

  /** Writes what the chunks do not say by themselves, if anything. */
  #keepCounters(): Readonly<Counters> {
    const { counters } = this;
    const kept = this.#kept;
    if (counters.chunk <= kept.chunk) counters.commits += 1;
    const { commits, chunk, nextKey, nextMessage, nextSession } = counters;
    const same =
      commits === kept.commits &&
      nextKey === kept.nextKey &&
      nextMessage === kept.nextMessage &&
      nextSession === kept.nextSession;
    if (!same) this.#count.run(commits, nextKey, nextMessage, nextSession);
    return { commits, chunk, nextKey, nextMessage, nextSession };
  }

  #rollback(): void {
    try {
      if (this.#parts.db.isTransaction) this.#parts.db.exec("ROLLBACK");
      // After it, because what is remembered may be read from the database again.
      for (const forget of this.onRollback) forget();
    } catch (error) {
      this.#failure ??= failed(this.#parts.path, error);
    }
  }

  #judge(error: unknown): unknown {
    if (!endsStore(error)) return operationError(error, this.#parts.path);
    this.#failure ??= error instanceof DarumaError ? error : failed(this.#parts.path, error);
    return this.#failure;
  }

  /** Gives the file up; nothing happens the second time. @throws DarumaError DRM-STORE-FAILED: the last of it could not be written. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#prepared.clear();
    try {
      this.#parts.db.close();
      this.#parts.mark.close();
    } catch (error) {
      throw this.#failure ?? failed(this.#parts.path, error);
    }
  }
}
