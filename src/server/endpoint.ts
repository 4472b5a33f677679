/**
 * The local endpoint: the process that has a database open listens beside it, so that commands and other processes of the same user go through it.
 *
 * Invariants:
 * - It is opened and closed while the store's lock is held. So whatever lies at its address was left behind by a process that is gone, and is replaced.
 * - Only this user can connect: the socket's mode is 0600, and a folder outside the database's own belongs to this user alone.
 * - A process that cannot listen works all the same; it says so once.
 */
import { chmodSync, lstatSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { isMainThread } from "node:worker_threads";
import type { Backend } from "../client/backend.ts";
import { isTrusted, localAddresses, makeFolder } from "../client/http-address.ts";
import type { AddressOptions } from "../client/http-address.ts";
import type { ProcessFacts } from "../client/http-words.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import { handlerOf } from "./handler.ts";

/** What is served. */
export interface EndpointOptions extends AddressOptions {
  /** The path of the database. */
  readonly database: string;
  /** Answers the calls. May come later than the endpoint: calls wait for it. */
  readonly backend: Promise<Backend>;
  readonly facts: () => ProcessFacts;
  /** The largest value that is taken, in bytes. */
  readonly payloadBytes: number;
  readonly telemetry: Telemetry;
}

/** A server that listens, or could not. */
export interface Endpoint {
  /** Where it listens; undefined if there was no place. */
  readonly address: string | undefined;
  /** Stops listening and ends all connections. To be called before the store is closed. */
  close(): Promise<void>;
}

/** Opens the endpoint of a database whose store this process has just opened. Never rejects. */
export async function openEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const { database, telemetry } = options;
  let reason = "there is no address that is short enough";
  for (const address of localAddresses(database, options)) {
    const server = createServer(handlerOf(options));
    try {
      await listenAt(server, address, database);
      return { address, close: () => closeServer(server, address) };
    } catch (error) {
      reason = String(error);
    }
  }
  const message = `Other processes cannot reach this one: ${reason}`;
  telemetry({ level: "warn", event: "endpoint_unavailable", message, database });
  return { address: undefined, close: async () => {} };
}

async function listenAt(server: Server, address: string, database: string): Promise<void> {
  if (process.platform !== "win32") prepare(address, database);
  server.on("clientError", (_error, socket) => void socket.destroy());
  server.unref();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.once("listening", resolve);
    privately(() => server.listen({ path: address, exclusive: true }));
  });
  server.removeAllListeners("error");
  // A connection that breaks while it is being accepted is its client's matter.
  server.on("error", () => {});
  if (process.platform !== "win32") chmodSync(address, 0o600);
}

/** Makes room for the socket. Anything but a socket stays where it is. */
function prepare(address: string, database: string): void {
  makeFolder(address);
  const trusted = isTrusted(address, database);
  const found = lstatSync(address, { throwIfNoEntry: false });
  if (trusted && found?.isSocket() === true) rmSync(address, { force: true });
  if (!trusted)
    throw Object.assign(new Error(`others can write to the folder of ${address}`), { code: "EACCES" });
}

/** The socket is made inside `listen`, with the mode that the mask leaves. Only the main thread may set it; `chmod` follows in any case. */
function privately(listen: () => void): void {
  if (!isMainThread) return listen();
  const before = process.umask(0o177);
  try {
    listen();
  } finally {
    process.umask(before);
  }
}

/** Answers that are under way get the rest of this turn of the event loop to leave. */
async function closeServer(server: Server, address: string): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await new Promise<void>((resolve) => void setImmediate(resolve));
  server.closeAllConnections();
  await closed;
  if (process.platform !== "win32") rmSync(address, { force: true });
}
