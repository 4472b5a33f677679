/**
 * Reaching the runs of a store: here, by opening it, or through the process that has it open.
 *
 * One process at a time has a database open. Whoever finds it locked asks that process; if none answers, it is one that opens or closes just now, or a
 * command that is done in a moment: so both are tried again for a while.
 */
import { existsSync } from "node:fs";
import { Client } from "../client/client.ts";
import { databaseOf } from "../client/http-address.ts";
import { connectLocal } from "../client/http-connect.ts";
import type { Connected } from "../client/http-connect.ts";
import { holderOf } from "../client/http-holder.ts";
import type { ProcessFacts } from "../client/http-words.ts";
import { DarumaError, quoted } from "../core/errors.ts";
import { Daruma } from "../embedded/daruma.ts";
import type { DarumaOptions } from "../embedded/daruma.ts";
import { nodePorts } from "../embedded/node-ports.ts";
import type { Context } from "./context.ts";
import { telemetryLines } from "./text/log.ts";

/** The store was opened here. */
export interface Here<T> {
  readonly at: "here";
  readonly opened: T;
}

/** Another process has it open. */
export interface There {
  readonly at: "there";
  readonly client: Client;
  readonly process: ProcessFacts;
}

/** How long a locked store is tried again, how often, and when that is said, in milliseconds. */
const patienceMs = 10_000;
const stepMs = 25;
const noticeMs = 1500;

/** Opens the store, or connects to the process that has it open. @throws DarumaError DRM-STORE-BUSY (none answers), and what `open` throws */
export async function reach<T>(context: Context, open: () => Promise<T>): Promise<Here<T> | There> {
  const { io, store } = context;
  const wait = { until: io.now() + patienceMs, notice: io.now() + noticeMs };
  for (;;) {
    const opened = await unlessBusy(open);
    if (!(opened instanceof Busy)) return { at: "here", opened };
    const found = await connectThere(store);
    if (found?.process.closing === false)
      return { at: "there", client: clientOf(found), process: found.process };
    // A process that is closing says so until it is done.
    if (found !== undefined) wait.until = io.now() + patienceMs;
    await found?.backend.close();
    if (io.now() >= wait.until) throw busyError(store, undefined, opened.cause);
    if (io.now() >= wait.notice) wait.notice = notice(context, found);
    await io.pause(stepMs);
  }
}

function notice(context: Context, found: Connected | undefined): number {
  const { store } = context;
  const pid = found?.process.pid ?? holderOf(databaseOf(store) ?? "");
  const who = pid === undefined ? "the process" : `process ${pid}`;
  context.tell(`waiting for ${who}, which has ${quoted(store)} open …`);
  return Number.POSITIVE_INFINITY;
}

function clientOf({ backend }: Connected): Client {
  return new Client(backend, nodePorts.ids.unique);
}

/** The store is locked. */
class Busy {
  readonly cause: DarumaError;

  constructor(cause: DarumaError) {
    this.cause = cause;
  }
}

async function unlessBusy<T>(open: () => Promise<T>): Promise<T | Busy> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof DarumaError && error.code === "DRM-STORE-BUSY") return new Busy(error);
    throw error;
  }
}

async function connectThere(store: string): Promise<Connected | undefined> {
  try {
    return await connectLocal(store);
  } catch (error) {
    if (error instanceof DarumaError && error.code === "DRM-CONNECTION") return undefined;
    throw error;
  }
}

/** The error for a store that only its holder can use. */
export function busyError(store: string, process?: ProcessFacts, cause?: DarumaError): DarumaError {
  const pid = process?.pid ?? holderOf(databaseOf(store) ?? "");
  const who = pid === undefined ? "Another process" : `Process ${pid}`;
  const silent = process === undefined ? " and does not answer" : "";
  return new DarumaError("DRM-STORE-BUSY", {
    message: `${who} has the database ${quoted(store)} open${silent}.`,
    subject: store,
    fix:
      pid === undefined
        ? "Find it (`lsof` names it on most systems) and stop it."
        : `Stop it first (kill ${pid}), or use another store.`,
    cause,
  });
}

/** True for the error of a call to a process that went away, or is about to. */
export function isLost(error: unknown): boolean {
  return error instanceof DarumaError && (error.code === "DRM-CONNECTION" || error.code === "DRM-CLOSED");
}

const mostAttempts = 5;

/**
 * Reaches the store, does `work` and lets go of it. If the other process goes away meanwhile, all of it is done again: a further attempt must be a
 * repeat of the one before it (the same operations), so that it changes nothing that was done already (D3).
 */
export async function withStore<T extends { close(): Promise<void> }, Result>(
  context: Context,
  open: () => Promise<T>,
  work: (reached: Here<T> | There) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    const reached = await reach(context, open);
    try {
      return await work(reached);
    } catch (error) {
      if (reached.at === "here" || attempt === mostAttempts || !isLost(error)) throw error;
    } finally {
      await (reached.at === "here" ? reached.opened : reached.client).close();
    }
  }
}

/** A client, and the process at the other end of it; undefined: the store is open in this one, without any workflow's code. */
export interface Reached {
  readonly client: Client;
  readonly process: ProcessFacts | undefined;
}

/** {@link withStore} for a store that must exist, with no code here. */
export async function withRuns<Result>(
  context: Context,
  work: (reached: Reached) => Promise<Result>,
): Promise<Result> {
  checkExists(context.store);
  const open = (): Promise<Daruma> => Daruma.open(context.store, withoutCode(context));
  return await withStore(context, open, (reached) =>
    work(
      reached.at === "here"
        ? { client: reached.opened, process: undefined }
        : { client: reached.client, process: reached.process },
    ),
  );
}

/** Opening a store for a moment: no code, so no run moves, and no endpoint, so that nobody takes this process for a worker. */
function withoutCode(context: Context): DarumaOptions {
  const telemetry = telemetryLines(context);
  return { workflows: [], endpoint: false, drain: 0, checkDeterminism: false, telemetry };
}

/** Looking must not make a database. @throws DarumaError DRM-STORE-URL */
export function checkExists(store: string): void {
  const database = databaseOf(store);
  if (database === undefined || existsSync(database)) return;
  throw new DarumaError("DRM-STORE-URL", {
    message: `There is no database ${quoted(database)}.`,
    subject: store,
    fix: "Name the store with --store sqlite:PATH, or make one: daruma run FILE",
  });
}
