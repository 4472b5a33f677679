/**
 * Where a history can be cut so that another run can go on from there.
 *
 * Invariants:
 * - A copy ends where a turn ends, so that every copied turn is whole and a replay of it can be compared (H2, H3). Notes may follow.
 * - Or it ends with an outcome whose commands are left out: such an outcome is not copied but delivered again, and decided anew.
 * - What closes a run is never copied. The first event can always be the only one.
 */
import { DarumaError } from "../../core/errors.ts";
import { isCommand, isOutcome } from "../../core/events.ts";
import type { ChildStarted, Event, OutcomeEvent } from "../../core/events.ts";
import { isImposed } from "../history-limit.ts";

/** A cut through a history. */
export interface Cut {
  /** The number of the last event that counts. */
  readonly at: number;
  /** How many events are copied as they are. */
  readonly copied: number;
  /** The event `at`, if it is to be delivered again instead of being copied. */
  readonly anew?: OutcomeEvent | undefined;
  readonly instead?: Instead | undefined;
}

/** An outcome after the cut that is not delivered again, and what the run is told in its place. */
export interface Instead {
  readonly outcome: OutcomeEvent;
  readonly told: unknown;
}

/** How points are looked for. */
export interface PointOptions {
  readonly id: string;
  /** True for children that the new run cannot start again as long as they are open at the point. */
  readonly holds: (child: ChildStarted) => boolean;
}

const closing: ReadonlySet<string> = new Set<Event["type"]>([
  "run_completed",
  "run_failed",
  "run_canceled",
  "run_timed_out",
  "run_terminated",
  "run_continued_as_new",
]);

/** True for events that close a run. */
export function isClosing({ type }: Event): boolean {
  return closing.has(type);
}

/** The points of one history. */
export class ForkPoints {
  readonly #events: readonly Event[];
  readonly #options: PointOptions;
  /** By index: the turn of the event goes on after it. */
  readonly #inTurn: readonly boolean[];
  /** By index: a child that stands in the way. */
  readonly #held: readonly (ChildStarted | undefined)[];

  constructor(events: readonly Event[], options: PointOptions) {
    this.#events = events;
    this.#options = options;
    this.#inTurn = goesOn(events);
    this.#held = holders(events, options.holds);
  }

  /** The last point that there is. */
  get last(): number {
    return this.#nearest(this.#events.length, -1) ?? 1;
  }

  /** True if a run can go on after event number `at`. */
  has(at: number): boolean {
    const event = this.#events[at - 1];
    if (event === undefined || isClosing(event) || this.#held[at - 1] !== undefined) return false;
    return isOutcome(event) || this.#inTurn[at - 1] === false || this.#turnless(at);
  }

  /** The cut after event number `at`; default: the last one that there is. @throws DarumaError DRM-FORK-POINT, which names the nearest points */
  cut(at: number = this.last): Cut {
    if (!this.has(at)) throw this.#refusal(at);
    const event = this.#events[at - 1];
    const anew = event !== undefined && isOutcome(event) && this.#inTurn[at - 1] === true && at > 1;
    return anew ? { at, copied: at - 1, anew: event } : { at, copied: at };
  }

  /** Nothing of a turn is before the point. */
  #turnless(at: number): boolean {
    return !this.#events.slice(1, at).some((event) => isOutcome(event) || isCommand(event));
  }

  #nearest(from: number, step: 1 | -1): number | undefined {
    for (let at = from; at >= 1 && at <= this.#events.length; at += step) if (this.has(at)) return at;
    return undefined;
  }

  #refusal(at: number): DarumaError {
    const { id } = this.#options;
    const most = this.#events.length;
    const near = [this.#nearest(Math.min(at, most), -1), this.#nearest(Math.max(at, 1), 1)];
    const points = [...new Set(near.filter((point) => point !== undefined))];
    return new DarumaError("DRM-FORK-POINT", {
      message: `The history of run ${id} cannot be cut after event ${at}: ${this.#why(at)}.`,
      subject: id,
      expected: points.map((point) => `event ${point}`).join(" or "),
      found: `event ${at}`,
      details: { nearest: points },
    });
  }

  #why(at: number): string {
    const event = this.#events[at - 1];
    const held = this.#held[at - 1];
    if (event === undefined) return `it has events 1 to ${this.#events.length}`;
    if (isClosing(event)) return "that event closes it";
    if (held !== undefined)
      return `its child ${held.id} is open there, and has an id of its own that only one run can have`;
    return "the turn that the event belongs to goes on after it";
  }
}

/** By index: commands of the event's turn come after it. The end that the engine imposes belongs to no turn. */
function goesOn(events: readonly Event[]): boolean[] {
  const result: boolean[] = [];
  let more = false;
  for (let index = events.length - 1; index >= 0; index--) {
    const event = events[index];
    if (event === undefined) continue;
    result[index] = more;
    if (isOutcome(event)) more = false;
    else if (isCommand(event) && !isImposed(event)) more = true;
  }
  return result;
}

function holders(
  events: readonly Event[],
  holds: (child: ChildStarted) => boolean,
): (ChildStarted | undefined)[] {
  const open = new Map<number, ChildStarted>();
  return events.map((event) => {
    if (event.type === "child_started" && holds(event)) open.set(event.ref, event);
    if (event.type === "child_closed") open.delete(event.ref);
    return open.values().next().value;
  });
}
