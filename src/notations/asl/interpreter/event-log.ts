/**
 * The events of an execution as GetExecutionHistory shows them. They are made while the machine runs and again while it is replayed; nothing of them is stored.
 *
 * Invariants:
 * - Numbers are dense from 1.
 * - Event 25,000 is the end of the execution: AWS keeps no more ("Step Functions service quotas", execution event history).
 */
import { StatesError } from "../states-error.ts";
import type { Json, JsonObject } from "../json.ts";
import type { HistoryEvent } from "../execution.ts";

/** AWS's quota. */
export const mostEvents = 25_000;

export class EventLog {
  readonly events: HistoryEvent[] = [];
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
  add(type: string, previous: number, details?: JsonObject, key?: string): number {
    if (this.next >= this.#limit) throw full();
    return this.#append(type, previous, details, key);
  }

  /** The last event, for which there is always room. */
  close(type: string, previous: number, details: JsonObject): number {
    return this.#append(type, previous, details);
  }

  get next(): number {
    return this.#before + this.events.length + 1;
  }

  #append(type: string, previous: number, details?: JsonObject, key?: string): number {
    const id = this.next;
    const event: Record<string, Json> = { id, previousEventId: previous, timestamp: this.#now(), type };
    if (details !== undefined) event[key ?? keyOf(type)] = details;
    this.events.push(event as HistoryEvent);
    return id;
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
