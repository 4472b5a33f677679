/** Puts the parts of the contract together over one connection. */
import type { Store } from "../../store/store.ts";
import { Committer } from "./commit.ts";
import type { Connection } from "./connection.ts";
import { sqliteHistories } from "./history.ts";
import { sqliteInbox } from "./inbox.ts";
import { sqliteRecords } from "./records.ts";
import { RunWriter } from "./run-write.ts";
import { sqliteRuns } from "./runs.ts";
import { SessionTable, sqliteSessions } from "./sessions.ts";
import { WorkflowNames } from "./workflows.ts";

/** The store over an open connection. Every operation is done when it returns; the promises are there for the contract. */
export function sqliteStore(connection: Connection): Store {
  const sessions = new SessionTable(connection);
  const references = { workflows: new WorkflowNames(connection), sessions };
  const committer = new Committer(connection, sessions, new RunWriter(connection, references));
  return {
    runs: sqliteRuns(connection, references),
    history: sqliteHistories(connection),
    inbox: sqliteInbox(connection),
    sessions: sqliteSessions(connection, sessions),
    records: sqliteRecords(connection),
    commit: async (request) => committer.commit(request),
    // No other process can have the file, so no message comes from one.
    listen: () => () => undefined,
    isShared: () => false,
    close: async () => connection.close(),
  };
}
