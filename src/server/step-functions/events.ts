/**
 * The events of an execution over all its runs.
 *
 * What a run itself knows ends with its own end. An end that came from outside (StopExecution, the machine's time limit) is the engine's: its event is added here.
 */
import type { Client } from "../../client/client.ts";
import type { RunSummary } from "../../client/backend.ts";
import { eventsQuery, type HistoryEvent } from "../../notations/asl/execution.ts";
import type { Json } from "../../notations/asl/json.ts";
import type { ExecutionRuns, Outcome } from "./runs.ts";

/** The events of one run of an execution. */
interface Part {
  readonly runId: string;
  /** How many the run has told of. */
  readonly told: number;
  readonly end: HistoryEvent | undefined;
}

export interface EventsSlice {
  readonly events: readonly HistoryEvent[];
  readonly total: number;
}

export class Events {
  readonly #client: Client;
  readonly #runs: ExecutionRuns;

  constructor(client: Client, runs: ExecutionRuns) {
    this.#client = client;
    this.#runs = runs;
  }

  /** How many events there are. @throws ApiError ExecutionDoesNotExist */
  async count(arn: string): Promise<number> {
    return size(await this.#parts(await this.#runs.ids(arn), arn));
  }

  /** At most `count` events from `from` on (from 0), counted from the end with `reverse`. @throws ApiError ExecutionDoesNotExist */
  async read(
    arn: string,
    { from, count, reverse }: { readonly from: number; readonly count: number; readonly reverse: boolean },
  ): Promise<EventsSlice> {
    const ids = await this.#runs.ids(arn);
    // Nearly all executions have one run that tells of all its events.
    if (ids.length === 1 && hasOwnEnd(await this.#runs.describe(arn)))
      return await this.#client.get(arn).query(eventsQuery, { from: from + 1, count, reverse });
    const parts = await this.#parts(ids, arn);
    const total = size(parts);
    const first = reverse ? Math.max(0, total - from - count) : from;
    const last = reverse ? total - from : Math.min(total, from + count);
    const events = await this.#between(parts, first, last);
    return { events: reverse ? events.toReversed() : events, total };
  }

  /** All events of one run. */
  async ofRun(runId: string): Promise<readonly HistoryEvent[]> {
    const parts = await this.#parts([runId], runId);
    return await this.#between(parts, 0, size(parts));
  }

  async #parts(ids: readonly string[], arn: string): Promise<readonly Part[]> {
    return await Promise.all(ids.map((runId) => this.#part(runId, arn)));
  }

  async #part(runId: string, arn: string): Promise<Part> {
    const run = await this.#runs.describe(arn, runId);
    const { events, total } = await this.#client
      .get(runId)
      .query(eventsQuery, { from: 1, count: 1, reverse: true });
    const end = hasOwnEnd(run) ? undefined : endOf(run, events[0]?.id ?? 0, await this.#runs.outcome(run));
    return { runId, told: total, end };
  }

  /** Events `first` to before `last`, by their place in all of them. */
  async #between(parts: readonly Part[], first: number, last: number): Promise<HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    let start = 0;
    for (const part of parts) {
      const from = Math.max(first, start) - start;
      const to = Math.min(last, start + size([part])) - start;
      if (from < to) events.push(...(await this.#slice(part, from, to)));
      start += size([part]);
    }
    return events;
  }

  async #slice({ runId, told, end }: Part, from: number, to: number): Promise<readonly HistoryEvent[]> {
    const count = Math.min(to, told) - from;
    const page =
      count > 0
        ? await this.#client.get(runId).query(eventsQuery, { from: from + 1, count })
        : { events: [] };
    return to > told && end !== undefined ? [...page.events, end] : page.events;
  }
}

function size(parts: readonly Part[]): number {
  return parts.reduce((sum, { told, end }) => sum + told + (end === undefined ? 0 : 1), 0);
}

function hasOwnEnd({ status }: RunSummary): boolean {
  return (
    status === "running" || status === "completed" || status === "failed" || status === "continued_as_new"
  );
}

/** The event of an end that came from outside. */
function endOf(
  { status, closedAt = 0 }: RunSummary,
  previous: number,
  { error, cause }: Outcome,
): HistoryEvent {
  const type = status === "timed_out" ? "ExecutionTimedOut" : "ExecutionAborted";
  const details: Record<string, Json> = {};
  if (error !== undefined) details["error"] = error;
  if (cause !== undefined) details["cause"] = cause;
  const key = `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
  return { id: previous + 1, previousEventId: previous, timestamp: closedAt, type, [key]: details };
}
