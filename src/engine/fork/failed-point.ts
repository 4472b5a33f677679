/**
 * Where a run that did not complete is to go on: before the outcome that it failed for, so that this is tried again and nothing that succeeded is.
 *
 * Invariants:
 * - If the run's error is, or was made from, the failure of an activity or a child, that outcome is left out: what failed is called again.
 * - An error may say itself where: its own property `retryAt` is the number of the outcome that is to be decided anew. The code knows best, so nothing else is looked at.
 * - With `retryWith` that outcome is not delivered again; the run is told `retryWith` in its place (`forked`), and decides on that.
 * - If the code failed by itself, its last turn is decided anew: the outcome that it failed on is delivered again.
 * - What was ended from outside goes on where it stood; a canceled run as if it had not been canceled.
 * - Work that was begun because of the failure or the cancel (a compensation, a notice) is never left out without being asked: then there is no point.
 */
import { DarumaError } from "../../core/errors.ts";
import { isOutcome } from "../../core/events.ts";
import type { ActivityFailed, ChildClosed, Event } from "../../core/events.ts";
import type { Failure } from "../../core/failure.ts";
import { decodePayload } from "../../core/payload.ts";
import { isImposed } from "../history-limit.ts";
import { isClosing } from "./points.ts";
import type { Cut, Instead } from "./points.ts";

/** The cut for a retry of a closed run. @throws DarumaError DRM-NOT-RETRYABLE */
export function failedPoint(events: readonly Event[], id: string): Cut {
  const end = events.findIndex(isClosing);
  const event = events[end];
  if (event?.type === "run_canceled") return before(events, cancelOf(events), { id, why: "was canceled at" });
  if (event?.type !== "run_failed" || isImposed(event)) return { at: end, copied: end };
  const told = toldPoint(events, event.failure);
  if (told !== undefined) return told;
  const last = events.findLastIndex((one, index) => index < end && isOutcome(one));
  const failing = failingOutcome(events, event.failure, last);
  if (failing !== undefined) return before(events, failing, { id, why: "failed for" });
  return anew(events, last) ?? { at: 1, copied: 1 };
}

/** The outcome with this index is decided anew; undefined: it is none, or it is the first. */
function anew(events: readonly Event[], index: number): Cut | undefined {
  const outcome = events[index];
  if (index < 1 || outcome === undefined || !isOutcome(outcome)) return undefined;
  return { at: index + 1, copied: index, anew: outcome };
}

function toldPoint(events: readonly Event[], failure: Failure): Cut | undefined {
  const { retryAt } = ownOf(failure);
  if (retryAt === 1) return { at: 1, copied: 1 };
  const cut = typeof retryAt === "number" ? anew(events, retryAt - 1) : undefined;
  const instead = insteadOf(events, failure);
  return cut === undefined || instead === undefined ? cut : { at: cut.copied, copied: cut.copied, instead };
}

/** What the error of a run that failed says about its retry. */
function ownOf({ props }: Failure): { readonly retryAt?: unknown; readonly retryWith?: unknown } {
  return props === undefined ? {} : (decodePayload(props) as object);
}

function insteadOf(events: readonly Event[], failure: Failure): Instead | undefined {
  const { retryAt, retryWith: told } = ownOf(failure);
  const outcome = typeof retryAt === "number" && retryAt > 1 ? events[retryAt - 1] : undefined;
  return told !== undefined && outcome !== undefined && isOutcome(outcome) ? { outcome, told } : undefined;
}

/** A point that was asked for: what the run's error says is not to be delivered again is not, if it comes after that. */
export function askedPoint(cut: Cut, events: readonly Event[]): Cut {
  const end = events.find(isClosing);
  const instead = end?.type === "run_failed" ? insteadOf(events, end.failure) : undefined;
  const follows = instead !== undefined && events.indexOf(instead.outcome) >= cut.copied;
  return follows && cut.anew !== instead.outcome ? { ...cut, instead } : cut;
}

/** The index of the first outcome that the run's error is made from; else of its last outcome, if that was a failure. */
function failingOutcome(events: readonly Event[], failure: Failure, last: number): number | undefined {
  const known = new Map<string, number>();
  for (const [index, event] of events.entries()) {
    const { failure: reason } = isFailure(event) ? event : {};
    for (const name of reason === undefined ? [] : namesOf(reason)) known.set(name, index);
  }
  const places = [...parts(failure)].flatMap((part) => known.get(namesOf(part).at(-1) ?? "") ?? []);
  if (places.length > 0) return Math.min(...places);
  const event = events[last];
  return event !== undefined && isFailure(event) ? last : undefined;
}

function isFailure(event: Event): event is ActivityFailed | ChildClosed {
  return event.type === "activity_failed" || (event.type === "child_closed" && event.status !== "completed");
}

/** How a failure is known again after its way through the code: by its name and what it says; surely, if its attempts came along. */
function namesOf({ name, message, details, attempts }: Failure): string[] {
  const last = attempts?.at(-1);
  const said = JSON.stringify([name, message, details]);
  return last === undefined ? [said] : [said, JSON.stringify([message, details, last.attempt, last.time])];
}

/** The error, what caused it, and what it is made of. */
function* parts(failure: Failure): Generator<Failure> {
  yield failure;
  if (failure.cause !== undefined) yield* parts(failure.cause);
  for (const part of failure.errors ?? []) yield* parts(part);
}

function cancelOf(events: readonly Event[]): number {
  return events.findIndex(({ type }) => type === "cancel_requested");
}

/** True if a canceled run had something done after it was canceled. */
export function hasCleanedUp(events: readonly Event[]): boolean {
  return events.slice(cancelOf(events) + 1).some(isWork);
}

function before(
  events: readonly Event[],
  index: number,
  { id, why }: { readonly id: string; readonly why: string },
): Cut {
  const work = events.slice(index + 1).find(isWork);
  if (work === undefined) return { at: index, copied: index };
  throw new DarumaError("DRM-NOT-RETRYABLE", {
    message: `The run ${id} ${why} event ${index + 1}, and had "${work.name}" done after that (event ${events.indexOf(work) + 1}). A retry would leave that out.`,
    subject: id,
    fix: `Say where: --at ${index} (retry({ at: ${index} })) repeats all that came after event ${index}; --at ${index + 1} decides anew what to do about event ${index + 1}.`,
  });
}

function isWork(event: Event): event is Extract<Event, { readonly name: string }> {
  return (
    event.type === "activity_scheduled" || event.type === "child_started" || event.type === "signal_sent"
  );
}
