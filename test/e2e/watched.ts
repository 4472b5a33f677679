/** SQLite and the store with named points in them at which a worker may die. Production code knows nothing of them. */
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import type { Store } from "../../src/store/store.ts";
import type { Fate } from "./fate.ts";

const count = "UPDATE meta SET commits";

function before(sql: string, db: DatabaseSync, fate: Fate): void {
  if (sql !== "BEGIN IMMEDIATE" && sql !== "COMMIT" && db.isTransaction) fate.pass("transaction-writing");
}

function afterwards(sql: string, fate: Fate): void {
  if (sql === "BEGIN IMMEDIATE") fate.pass("transaction-begun");
  if (sql.startsWith(count)) fate.pass("transaction-written");
  if (sql === "COMMIT") fate.pass("committed");
}

/** A database file whose statements are points. */
export class WatchedDatabase extends DatabaseSync {
  readonly #fate: Fate;
  readonly #instead: Readonly<Record<string, string>>;

  /** `instead`: statements that are replaced by others behind the store's back. */
  constructor(path: string, fate: Fate, instead: Readonly<Record<string, string>>) {
    super(path, { timeout: 0 });
    this.#fate = fate;
    this.#instead = instead;
  }

  override exec(sql: string): void {
    this.#fate.pass("opening");
    super.exec(sql);
    this.#fate.pass("opening");
  }

  override prepare(sql: string): StatementSync {
    this.#fate.pass("opening");
    const statement = super.prepare(this.#instead[sql] ?? sql);
    const run = statement.run.bind(statement) as (
      ...values: SQLInputValue[]
    ) => ReturnType<StatementSync["run"]>;
    const watched = (...values: SQLInputValue[]): ReturnType<StatementSync["run"]> => {
      before(sql, this, this.#fate);
      if (sql === "COMMIT" && this.#fate.arrives("during-commit")) this.#fate.dieDuring(() => void run());
      const changes = run(...values);
      afterwards(sql, this.#fate);
      return changes;
    };
    return Object.assign(statement, { run: watched });
  }

  override close(): void {
    this.#fate.pass("closing");
    super.close();
    this.#fate.pass("closing");
  }
}

/** A store whose operations are points. */
export function watchedStore(store: Store, db: DatabaseSync, fate: Fate): Store {
  const { runs, history, inbox, sessions } = store;
  const recovering = <Result>(call: () => Result): Result => {
    fate.pass("recovering");
    return call();
  };
  return {
    ...store,
    runs: {
      ...runs,
      due: (query) => recovering(() => runs.due(query)),
      claim: (session, keys) => recovering(() => runs.claim(session, keys)),
      nextWake: (after) => recovering(() => runs.nextWake(after)),
    },
    history: { ...history, read: (key, from, limit) => recovering(() => history.read(key, from, limit)) },
    inbox: { read: (key) => recovering(() => inbox.read(key)) },
    sessions: {
      ...sessions,
      close: async (session) => {
        fate.pass("closing");
        await sessions.close(session);
        fate.pass("closing");
      },
    },
    commit: async (request) => {
      fate.pass("recovering");
      fate.pass("before-commit");
      const result = await store.commit(request);
      fate.pass("before-acknowledge");
      if (fate.arrives("during-checkpoint")) fate.dieDuring(() => db.exec("PRAGMA wal_checkpoint(TRUNCATE)"));
      return result;
    },
  };
}
