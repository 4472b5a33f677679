/** Events of a history in words, one line each. */
import type { CommandEvent, HistoryEvent, NoteEvent, OutcomeEvent, RunForked } from "../../core/events.ts";
import { isCommand, isOutcome } from "../../core/events.ts";
import type { Failure } from "../../core/failure.ts";
import { printable } from "../../core/printable.ts";
import { clock, dateAndTime, span } from "./times.ts";
import { argumentsPreview, failureText, shortValue } from "./values.ts";

const longest = 100;

interface Open {
  readonly what: string;
  readonly since: number;
}

/** Tells one run's events in order; it remembers what their numbers stand for. */
export class EventText {
  readonly #open: Map<number | string, Open> = new Map();
  #started = 0;

  /** What happened, without time and number. */
  of(event: HistoryEvent): string {
    if (isOutcome(event)) return this.#outcome(event);
    return isCommand(event) ? this.#command(event) : this.#note(event);
  }

  #begin(ref: number | string, what: string, since: number): string {
    this.#open.set(ref, { what, since });
    return what;
  }

  #of(ref: number | string): string {
    return this.#open.get(ref)?.what ?? `#${ref}`;
  }

  /** " after 0.9s", counted from when the command was given. */
  #after(ref: number | string, time: number): string {
    const since = this.#open.get(ref)?.since;
    return since === undefined ? "" : ` after ${span(time - since)}`;
  }

  #outcome(event: OutcomeEvent): string {
    switch (event.type) {
      case "run_started": {
        this.#started = event.time;
        const limit = event.deadline === undefined ? "" : `, time limit ${dateAndTime(event.deadline)}`;
        const parent = event.parent === undefined ? "" : `, child of ${printable(event.parent.id)}`;
        return `workflow ${printable(event.workflow)} started${called(shortValue(event.input, longest))}${parent}${limit}`;
      }
      case "activity_completed":
        return `${this.#of(event.ref)} completed${this.#after(event.ref, event.time)}${attempt(event.attempt)}${answered(shortValue(event.result, longest))}`;
      case "activity_failed":
        return `${this.#of(event.ref)} failed${this.#after(event.ref, event.time)}${attempt(event.attempt)}${because(event.failure)}`;
      case "timer_fired":
        return `${this.#of(event.ref)} is over`;
      case "child_closed":
        return `${this.#of(event.ref)} ${words(event.status)}${this.#after(event.ref, event.time)}${answered(shortValue(event.result, longest))}${because(event.failure)}`;
      case "signal_received":
        return `signal ${printable(event.name)} came${called(shortValue(event.payload, longest))}`;
      case "update_accepted":
        return `${this.#begin(event.operation, `update ${printable(event.name)}`, event.time)} accepted${called(shortValue(event.payload, longest))}`;
      case "cancel_requested":
        return `cancel was requested${reason(event.reason)}`;
    }
  }

  #command(event: CommandEvent): string {
    switch (event.type) {
      case "activity_scheduled":
        return `${this.#begin(event.ref, named("activity", event), event.time)} scheduled${called(argumentsPreview(event.input, longest))}`;
      case "timer_started":
        return `${this.#begin(event.ref, named(event.name === "sleep" ? "" : "time limit of", event), event.time)} until ${clock(event.fireAt, event.time)} (${span(event.fireAt - event.time)})`;
      case "child_started":
        return `${this.#begin(event.ref, `child ${printable(event.id)}`, event.time)} started, workflow ${printable(event.name)}${called(shortValue(event.input, longest))}`;
      case "activity_canceled":
      case "timer_canceled":
        return `${this.#of(event.ref)} canceled${this.#after(event.ref, event.time)}`;
      case "child_cancel_requested":
        return `cancel of ${this.#of(event.ref)} requested${reason(event.reason)}`;
      case "signal_sent":
        return `signal ${printable(event.name)} sent to ${printable(event.target)}${called(shortValue(event.payload, longest))}`;
      case "update_completed":
        return `${this.#of(event.operation)} ${event.failure === undefined ? "answered" : "failed"}${answered(shortValue(event.result, longest))}${because(event.failure)}`;
      case "version_marked":
        return `change ${printable(event.changeId)} at version ${event.version}`;
      default:
        return this.#closing(event);
    }
  }

  #closing(event: Extract<CommandEvent, { type: `run_${string}` }>): string {
    const after = ` after ${span(event.time - this.#started)}`;
    switch (event.type) {
      case "run_completed":
        return `completed${after}${answered(shortValue(event.result, longest))}`;
      case "run_failed":
        return `failed${after}${because(event.failure)}`;
      case "run_canceled":
        return `canceled${after}${reason(event.reason)}`;
      case "run_continued_as_new":
        return `continued as new${after}${called(shortValue(event.input, longest))}`;
    }
  }

  #note(event: NoteEvent): string {
    switch (event.type) {
      case "activity_retrying":
        return `${this.#of(event.ref)} failed${attempt(event.attempt)}${because(event.failure)}; next attempt at ${clock(event.nextAt, event.time)}`;
      case "activity_interrupted":
        return `${this.#of(event.ref)} was interrupted by the end of its process; it is called again`;
      case "activity_restarted":
        return `${this.#of(event.ref)} is called in this run`;
      case "run_forked":
        return originText(event);
      case "run_paused":
        return `paused${reason(event.reason)}`;
      case "run_resumed":
        return "resumed";
      case "run_timed_out":
        return `timed out after ${span(event.time - this.#started)}`;
      case "run_terminated":
        return `terminated after ${span(event.time - this.#started)}${reason(event.reason)}`;
    }
  }
}

/** Where a run comes from: "forked from r-1 at event 12". */
export function originText({ as, from }: Pick<RunForked, "as" | "from">): string {
  const place = `at event ${from.at}`;
  return as === "fork"
    ? `forked from ${printable(from.id)} ${place}`
    : `retried from generation ${from.generation} ${place}`;
}

function named(kind: string, { name, ref }: { readonly name: string; readonly ref: number }): string {
  return `${kind === "" ? "" : `${kind} `}${printable(name)} #${ref}`;
}

function called(text: string): string {
  return text === "" ? "" : ` (${text})`;
}

function answered(text: string): string {
  return text === "" ? "" : ` → ${text}`;
}

function attempt(number: number): string {
  return number <= 1 ? "" : ` (attempt ${number})`;
}

function because(failure: Failure | undefined): string {
  return failure === undefined ? "" : `: ${failureText(failure)}`;
}

function reason(text: string | undefined): string {
  return text === undefined || text === "" ? "" : `: ${printable(text)}`;
}

/** A status as a word in a sentence: "timed_out" is "timed out". */
export function words(status: string): string {
  return status.replaceAll("_", " ");
}
