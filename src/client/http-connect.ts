/** Finding the process that has a database open, and talking to it. */
import { DarumaError } from "../core/errors.ts";
import { databaseOf, isTrusted, localAddresses } from "./http-address.ts";
import type { AddressOptions } from "./http-address.ts";
import type { Backend } from "./backend.ts";
import { httpBackend } from "./http-backend.ts";
import { callJson, connectionTo } from "./http-call.ts";
import { holderOf } from "./http-holder.ts";
import { processPath } from "./http-words.ts";
import type { ProcessFacts } from "./http-words.ts";

/** The process that has the database open. */
export interface Connected {
  readonly backend: Backend;
  readonly process: ProcessFacts;
}

/** How to look for it. */
export interface ConnectOptions extends AddressOptions {
  /** How long to wait for its first answer. Default: 5,000. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Connects to the process that has the store at `url` open.
 * @throws DarumaError DRM-CONNECTION (no such process, or it does not answer), DRM-STORE-URL (no other process can have this store open)
 */
export async function connectLocal(url: string, options: ConnectOptions = {}): Promise<Connected> {
  const database = databaseOf(url);
  if (database === undefined) throw notAFile(url);
  let cause: unknown;
  for (const address of localAddresses(database, options)) {
    if (!isTrusted(address, database)) continue;
    const connection = connectionTo(address, database);
    try {
      const call = { method: "GET", path: processPath, timeoutMs: options.timeoutMs ?? 5000 } as const;
      return { process: await callJson<ProcessFacts>(connection, call), backend: httpBackend(connection) };
    } catch (error) {
      connection.agent.destroy();
      cause ??= error;
    }
  }
  throw noAnswer(database, cause);
}

function noAnswer(database: string, cause: unknown): DarumaError {
  const holder = holderOf(database);
  const message =
    holder === undefined
      ? `No process answers for the database "${database}".`
      : `Process ${holder} has the database "${database}" open, but does not answer.`;
  const fix =
    holder === undefined
      ? "Start one, for example with `daruma worker MODULE`, or open the store in this process."
      : `Wait until it is done, or stop it (process ${holder}).`;
  return new DarumaError("DRM-CONNECTION", { message, subject: database, fix, cause });
}

function notAFile(url: string): DarumaError {
  return new DarumaError("DRM-STORE-URL", {
    message: `No other process can be asked about the store "${url}".`,
    subject: url,
    expected: "sqlite:PATH",
    found: url,
  });
}
