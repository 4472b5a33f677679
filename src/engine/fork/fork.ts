/**
 * Fork and retry: a run that goes on from a point in the history of another (docs/adr/0010-fork-and-retry.md).
 *
 * Invariants:
 * - The source is read, never written: it may be open or closed, paused or parked, and no code is needed.
 * - What is acknowledged is durable (D1), and a repeat with the same operation changes nothing (D3): the operation is in the new run's row or history.
 * - A retry is the next generation of its id, so that of two at once only one is made.
 */
import { DarumaError, DuplicateRunError, RunNotFoundError } from "../../core/errors.ts";
import type { Event } from "../../core/events.ts";
import { checkName } from "../../core/names.ts";
import type { RunWrite } from "../../store/commit.ts";
import type { RunRow } from "../../store/runs.ts";
import { durably } from "../durably.ts";
import { readEvents } from "../replay.ts";
import type { EngineState } from "../state.ts";
import { isAttached, namedChildren } from "./children.ts";
import { copyOf } from "./copy.ts";
import type { CopyOptions } from "./copy.ts";
import { askedPoint, failedPoint } from "./failed-point.ts";
import { ForkPoints } from "./points.ts";

/** A fork of a run. */
export interface ForkRequest {
  /** The id of the new run. */
  readonly id: string;
  /** The number of the last event to be shared. Default: the last possible one. */
  readonly at?: number | undefined;
  readonly operation: string;
}

/** Makes a new run from a run's history; resolves when it is durable. @throws RunNotFoundError, DuplicateRunError, DarumaError DRM-FORK-POINT, DRM-CLOSED */
export async function forkRun(state: EngineState, id: string, request: ForkRequest): Promise<void> {
  checkOpen(state);
  checkName("run id", request.id, state.options.limits);
  if (await isForked(state, request)) return;
  const source = await rowOf(state, id);
  const events = await eventsOf(state, source);
  const named = namedChildren(events, source);
  const points = new ForkPoints(events, { id, holds: (child) => isAttached(child) && named(child) });
  const written = await persist(state, {
    ...common(state, { source, events, operation: request.operation }),
    cut: points.cut(request.at),
    as: "fork",
    self: { id: request.id, generation: 1 },
    birth: request.operation,
    kept: "none",
  });
  if (!written && !(await isForked(state, request))) throw taken(request.id);
}

/** True: this operation has made the run already. @throws DuplicateRunError if another one has */
async function isForked({ options }: EngineState, { id, operation }: ForkRequest): Promise<boolean> {
  const row = await options.store.runs.byId(id);
  if (row === undefined) return false;
  if (row.operation !== operation) throw taken(id, row);
  return true;
}

function taken(runId: string, row?: RunRow): DuplicateRunError {
  return new DuplicateRunError({ runId, workflow: row?.workflow, status: row?.status });
}

/** A retry of a run. */
export interface RetryRequest {
  /** The number of the last event to be kept. Default: before what the run failed for. */
  readonly at?: number | undefined;
  readonly operation: string;
}

/** Lets a run that did not complete go on, in its next generation; resolves when that is durable. @throws RunNotFoundError, DarumaError DRM-NOT-RETRYABLE, DRM-FORK-POINT, DRM-CLOSED */
export async function retryRun(state: EngineState, id: string, request: RetryRequest): Promise<void> {
  checkOpen(state);
  for (;;) {
    const source = await rowOf(state, id);
    const events = await eventsOf(state, source);
    const { at, operation } = request;
    if (events.some((event) => event.type === "run_forked" && event.operation === operation)) return;
    checkStatus(source);
    const points = new ForkPoints(events, { id, holds: () => false });
    const written = await persist(state, {
      ...common(state, { source, events, operation }),
      cut: at === undefined ? failedPoint(events, id) : askedPoint(points.cut(at), events),
      as: "retry",
      self: { id, generation: source.generation + 1 },
      // The same in all generations: so a repeated start knows the run by it.
      birth: source.operation,
      kept: at === undefined ? "results" : "messages",
    });
    // Another retry was faster: it shows whether it was this one.
    if (written) return;
  }
}

/** @throws DarumaError DRM-NOT-RETRYABLE */
function checkStatus({ id, status }: RunRow): void {
  if (status !== "running" && status !== "completed") return;
  throw new DarumaError("DRM-NOT-RETRYABLE", {
    message: `The run ${id} is ${status}.`,
    subject: id,
    expected: "a run that failed, timed out, was terminated or was canceled",
    found: status,
    fix: `Fork it, if its work is to be done again from some point: daruma fork ID --at EVENT, or fork({ at }).`,
  });
}

function common(
  { options: { ports } }: EngineState,
  asked: Pick<CopyOptions, "source" | "events" | "operation">,
): Pick<CopyOptions, "source" | "events" | "operation" | "now" | "seed"> {
  return { ...asked, now: ports.clock.now(), seed: ports.ids.unique() };
}

async function rowOf({ options }: EngineState, id: string): Promise<RunRow> {
  const row = await options.store.runs.byId(id);
  if (row === undefined) throw new RunNotFoundError({ runId: id });
  return row;
}

/** A turn is committed whole, so what there is ends with one. */
function eventsOf({ options }: EngineState, { key }: RunRow): Promise<Event[]> {
  return readEvents(options.store.history, key);
}

/** Writes the copy. False: its id is taken. */
async function persist(state: EngineState, options: CopyOptions): Promise<boolean> {
  const { store, ports, label, leaseMs } = state.options;
  const write = await copyOf(options, { store, clock: ports.clock, keys: state.keys });
  // A session of its own: a session has one commit under way at a time, and the loop may be at work. Nobody holds what is written, so it can end at once.
  const session = await durably(ports.clock, () => store.sessions.open(label, leaseMs));
  const request = { session, operation: options.operation, runs: [write], messages: [] };
  const { duplicates } = await durably(ports.clock, () => store.commit(request));
  await durably(ports.clock, () => store.sessions.close(session));
  if (duplicates.includes(write.key)) return false;
  begin(state, write);
  return true;
}

/** Takes up what was written, where the code is here. */
function begin(state: EngineState, { key, children = [] }: RunWrite): void {
  state.attend(key);
  for (const child of children) begin(state, child);
}

function checkOpen({ closed }: EngineState): void {
  if (closed) throw new DarumaError("DRM-CLOSED", { message: "This Daruma is closed." });
}
