/**
 * The events of an execution as GetExecutionHistory shows them. They are made while the machine runs and again while it is replayed; nothing of them is stored.
 *
 * Invariants:
 * - Numbers are dense from 1.
 * - Event 25,000 is the end of the execution: AWS keeps no more ("Step Functions service quotas", execution event history).
 */
import { StatesError } from "../states-error.ts";
import type { JsonObject } from "../json.ts";
import type { HistoryEvent } from "../execution.ts";

/** AWS's quota. */
const mostEvents = 25_000;

/** What an event says; made when somebody asks, because most events are never looked at. */
export type Details = JsonObject | (() => JsonObject);

interface Entry {
  readonly previous: number;
  readonly time: number;
  readonly type: string;
  readonly details: Details | undefined;
  readonly key: string | undefined;
}

export class EventLog {
  readonly #entries: Entry[] = [];
  readonly #now: () => number;
  readonly #limit: number;
  /** Events of the execution before it was redriven. */
  readonly #before: number;

  constructor(
    now: () => number,
    options: { readonly limited: boolean; readonly before?: number | undefined },
  ) {
    this.#now = now;
    this.#limit = options.limited ? mostEvents : Infinity;
    this.#before = options.before ?? 0;
  }

  /** Appends an event and returns its number. `details` goes under a key that is made of the type. */
  add(type: string, previous: number, details?: Details, key?: string): number {
    if (this.next >= this.#limit) throw full();
    return this.close(type, previous, details, key);
  }

  /** The last event, for which there is always room. */
  close(type: string, previous: number, details?: Details, key?: string): number {
    this.#entries.push({ previous, time: this.#now(), type, details, key });
    return this.#before + this.#entries.length;
  }

  get next(): number {
    return this.#before + this.#entries.length + 1;
  }

  get count(): number {
    return this.#entries.length;
  }

  /** Events by their place in this log, from 0; the end is not included. */
  slice(from: number, to: number): HistoryEvent[] {
    return this.#entries.slice(from, to).map((entry, index) => this.#event(entry, Math.max(0, from) + index));
  }

  #event({ previous, time, type, details, key }: Entry, index: number): HistoryEvent {
    const id = this.#before + index + 1;
    const event = { id, previousEventId: previous, timestamp: time, type };
    if (details === undefined) return event;
    const made = typeof details === "function" ? details() : details;
    return { ...event, [key ?? keyOf(type)]: made };
  }
}

/** `MapStateStarted` → `mapStateStartedEventDetails`. */
function keyOf(type: string): string {
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}

function full(): StatesError {
  return new StatesError("States.Runtime", {
    cause: `The execution reached the maximum number of history events (${mostEvents}).`,
  });
}
