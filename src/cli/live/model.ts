/**
 * One run as it is shown while it goes on: what it called, what is open, what came of it. A fold over its events.
 *
 * Invariant: what is kept is bounded by what is open and a fixed number of finished things, however long the history is.
 */
import type { Event } from "../../core/events.ts";
import { printable } from "../../core/printable.ts";
import type { RunStatus } from "../../core/status.ts";
import { argumentsPreview, failureText, shortValue } from "../text/values.ts";

/** How one thing stands. `retrying`: it has failed and will be called again. */
export type ItemState = "open" | "retrying" | "done" | "failed" | "canceled";

/** One thing that the run asked for, or that came to it. */
export interface Item {
  readonly kind: "activity" | "timer" | "child" | "signal" | "update";
  readonly name: string;
  /** Its arguments, shortened. */
  readonly label: string;
  readonly since: number;
  state: ItemState;
  ended: number | undefined;
  /** When it is due, if it waits for a time. */
  until: number | undefined;
  /** The call that is under way, from 1. */
  attempt: number;
  /** Why it failed. */
  note: string;
  /** The run behind a child. */
  readonly childId?: string | undefined;
}

const mostFinished = 200;
const labelLength = 80;

const closings: Partial<Record<Event["type"], RunStatus>> = {
  run_completed: "completed",
  run_failed: "failed",
  run_canceled: "canceled",
  run_timed_out: "timed_out",
  run_terminated: "terminated",
  run_continued_as_new: "continued_as_new",
};

export class RunModel {
  readonly id: string;
  workflow = "";
  status: RunStatus = "running";
  paused = false;
  canceling = false;
  startedAt: number | undefined;
  endedAt: number | undefined;
  note = "";
  /** Things in the order in which they began; the oldest finished ones are only counted. */
  readonly items: Map<number | string, Item> = new Map();
  /** Finished things that are no longer in `items`. */
  forgotten = 0;
  /** What the code waits for, in words: "signal approve". */
  waits: readonly { readonly what: string; readonly since?: number | undefined }[] = [];
  #finished: (number | string)[] = [];

  constructor(id: string) {
    this.id = id;
  }

  take(event: Event): void {
    this.waits = [];
    const status = closings[event.type];
    if (status !== undefined) this.#close(status, event);
    else this.#begin(event);
  }

  #begin(event: Event): void {
    switch (event.type) {
      case "run_started":
        this.workflow = event.workflow;
        this.startedAt = event.time;
        return;
      case "activity_scheduled":
        return this.#add(event.ref, {
          kind: "activity",
          name: event.name,
          label: argumentsPreview(event.input, labelLength),
          since: event.time,
        });
      case "timer_started":
        return this.#add(event.ref, {
          kind: "timer",
          name: event.name,
          label: "",
          since: event.time,
          until: event.fireAt,
        });
      case "child_started":
        return this.#add(event.ref, {
          kind: "child",
          name: event.name,
          label: event.id,
          since: event.time,
          childId: event.id,
        });
      case "update_accepted":
        return this.#add(event.operation, {
          kind: "update",
          name: event.name,
          label: shortValue(event.payload, labelLength),
          since: event.time,
        });
      case "signal_received":
        this.#add(event.operation, {
          kind: "signal",
          name: event.name,
          label: shortValue(event.payload, labelLength),
          since: event.time,
        });
        return this.#end(event.operation, "done", event.time);
      default:
        this.#change(event);
    }
  }

  #change(event: Event): void {
    switch (event.type) {
      case "activity_completed":
      case "timer_fired":
        return this.#end(event.ref, "done", event.time);
      case "activity_failed":
        return this.#end(event.ref, "failed", event.time, failureText(event.failure));
      case "activity_canceled":
      case "timer_canceled":
        return this.#end(event.ref, "canceled", event.time);
      case "activity_retrying":
        return this.#retry(event.ref, event);
      case "child_closed":
        return this.#endChild(event);
      case "update_completed":
        return this.#end(event.operation, event.failure === undefined ? "done" : "failed", event.time);
      case "cancel_requested":
        this.canceling = true;
        return;
      case "run_paused":
      case "run_resumed":
        this.paused = event.type === "run_paused";
        return;
      default:
    }
  }

  #add(key: number | string, item: Pick<Item, "kind" | "name" | "label" | "since"> & Partial<Item>): void {
    this.items.set(key, { until: undefined, ...item, state: "open", ended: undefined, attempt: 1, note: "" });
  }

  #end(key: number | string, state: ItemState, time: number, note = ""): void {
    const item = this.items.get(key);
    if (item === undefined) return;
    Object.assign(item, { state, ended: time, until: undefined, note });
    this.#finished.push(key);
    if (this.#finished.length < 2 * mostFinished) return;
    for (const old of this.#finished.splice(0, mostFinished)) this.items.delete(old);
    this.forgotten += mostFinished;
  }

  #endChild(event: Extract<Event, { type: "child_closed" }>): void {
    const { status, failure } = event;
    const state = status === "completed" ? "done" : status === "canceled" ? "canceled" : "failed";
    const why = failure === undefined ? status.replaceAll("_", " ") : failureText(failure);
    this.#end(event.ref, state, event.time, state === "done" ? "" : why);
  }

  #retry(ref: number, event: Extract<Event, { type: "activity_retrying" }>): void {
    const item = this.items.get(ref);
    if (item === undefined) return;
    const { nextAt: until, attempt, failure } = event;
    Object.assign(item, { state: "retrying", until, attempt: attempt + 1, note: failureText(failure) });
  }

  #close(status: RunStatus, event: Event): void {
    this.status = status;
    this.endedAt = event.time;
    this.paused = false;
    if (event.type === "run_failed") this.note = failureText(event.failure);
    if ("reason" in event && event.reason !== undefined) this.note = printable(event.reason);
    for (const [key, item] of this.items) {
      if (item.ended === undefined) this.#end(key, "canceled", event.time);
    }
  }
}
