/**
 * The events of an execution over all its runs.
 *
 * What a run itself knows ends with its own end. An end that came from outside (StopExecution, the machine's time limit) is the engine's: its event is added here.
 */
import type { Client } from "../../client/client.ts";
import type { RunSummary } from "../../client/backend.ts";
import { eventsQuery, mapRunsQuery, type HistoryEvent } from "../../notations/asl/execution.ts";
import type { Json } from "../../notations/asl/json.ts";
import type { ExecutionRuns, Outcome } from "./runs.ts";

/** The events of one run of an execution. */
interface Part {
  readonly runId: string;
  /** How many the run has told of. */
  readonly told: number;
  /** What it could not tell, because it was ended from outside: its map runs were aborted, and so was it. */
  readonly ends: readonly HistoryEvent[];
}

/** `from` counts from 0; from the end with `reverse`. */
interface Wanted {
  readonly from: number;
  readonly count: number;
  readonly reverse: boolean;
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

  /**
   * At most `count` events from `from` on (from 0), counted from the end with `reverse`; fewer, but one at least, if they are large.
   * @throws ApiError ExecutionDoesNotExist
   */
  async read(arn: string, wanted: Wanted): Promise<EventsSlice> {
    const ids = await this.#runs.ids(arn);
    // Nearly all executions have one run that tells of all its events.
    if (ids.length === 1 && hasOwnEnd(await this.#runs.describe(arn)))
      return await this.#client.get(arn).query(eventsQuery, { ...wanted, from: wanted.from + 1 });
    const parts = await this.#parts(ids, arn);
    return { events: await this.#page(parts, wanted), total: size(parts) };
  }

  /** All events of one run. */
  async ofRun(runId: string): Promise<readonly HistoryEvent[]> {
    const parts = await this.#parts([runId], runId);
    const events: HistoryEvent[] = [];
    for (const all = size(parts); events.length < all;) {
      const page = await this.#page(parts, { from: events.length, count: all, reverse: false });
      if (page.length === 0) break;
      events.push(...page);
    }
    return events;
  }

  async #parts(ids: readonly string[], arn: string): Promise<readonly Part[]> {
    return await Promise.all(ids.map((runId) => this.#part(runId, arn)));
  }

  async #part(runId: string, arn: string): Promise<Part> {
    const run = await this.#runs.describe(arn, runId);
    const { events, total } = await this.#client
      .get(runId)
      .query(eventsQuery, { from: 1, count: 1, reverse: true });
    const ends = hasOwnEnd(run) ? [] : await this.#ends(run, events[0]?.id ?? 0);
    return { runId, told: total, ends };
  }

  async #ends(run: RunSummary, last: number): Promise<readonly HistoryEvent[]> {
    const { closedAt: timestamp = 0 } = run;
    const mapRuns = await this.#client.get(run.id).query(mapRunsQuery, {});
    const aborted = mapRuns
      .filter(({ status }) => status === "RUNNING")
      .map((_, index): HistoryEvent => {
        const previousEventId = last + index;
        return { id: previousEventId + 1, previousEventId, timestamp, type: "MapRunAborted" };
      });
    return [...aborted, endOf(run, last + aborted.length, await this.#runs.outcome(run))];
  }

  async #page(parts: readonly Part[], { from, count, reverse }: Wanted): Promise<HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    let skip = from;
    for (const part of reverse ? parts.toReversed() : parts) {
      const here = Math.min(count - events.length, size([part]) - skip);
      const some = here > 0 ? await this.#slice(part, { from: skip, count: here, reverse }) : [];
      events.push(...some);
      if (some.length < here) break;
      skip = Math.max(0, skip - size([part]));
    }
    return events;
  }

  /** Of one part, which has them all. */
  async #slice({ runId, told, ends }: Part, { from, count, reverse }: Wanted): Promise<HistoryEvent[]> {
    const last = reverse ? ends.toReversed() : ends;
    const [start, lastStart] = reverse ? [last.length, 0] : [0, told];
    const place = (first: number, index: number): number => Math.max(0, index - first);
    const added = last.slice(place(lastStart, from), place(lastStart, from + count));
    const asked = Math.min(told, place(start, from + count)) - place(start, from);
    if (asked <= 0) return added;
    const page = { from: place(start, from) + 1, count: asked, reverse };
    const { events } = await this.#client.get(runId).query(eventsQuery, page);
    if (reverse) return [...added, ...events];
    return events.length < asked ? [...events] : [...events, ...added];
  }
}

function size(parts: readonly Part[]): number {
  return parts.reduce((sum, { told, ends }) => sum + told + ends.length, 0);
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
