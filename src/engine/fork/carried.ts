/**
 * What a run that goes on from a cut gets delivered, because it came after the cut and must not be lost or asked for again.
 *
 * Invariants:
 * - A retry keeps the id, so it keeps what was acknowledged to senders by that id: signals and updates, with their operations (S1, D3).
 * - Where a retry finds its own point, results that came after it are kept: what succeeded is not called again.
 * - A fork gets nothing but the outcome that is to be decided anew.
 * - What the run's error has named with `retryWith` is never delivered again: the run is told something else in its place.
 * - What tells code that its run goes on (`forked`) comes after the other messages.
 */
import type { Event, RunForked } from "../../core/events.ts";
import { forkedSignal } from "../../core/messages.ts";
import type { Answer, Message } from "../../core/messages.ts";
import { encodePayload } from "../../core/payload.ts";
import type { NewMessage } from "../../store/inbox.ts";
import type { Cut } from "./points.ts";

/** Which events after the cut are delivered again: none but the one at the cut; messages; or messages and results. */
export type Kept = "none" | "messages" | "results";

/** A message, before it is addressed. */
export interface Carried {
  readonly message: Message;
  /** Undefined: to be made from the run's key. */
  readonly operation?: string | undefined;
}

/** What is delivered again, in its order. `open`: the commands that are open at the cut. */
export function carriedOver(
  events: readonly Event[],
  { copied, anew, instead }: Cut,
  { kept, open }: { readonly kept: Kept; readonly open: (ref: number) => boolean },
): Carried[] {
  return events.slice(copied).flatMap((event) => {
    const carried = carriedOf(event);
    if (carried === undefined || event === instead?.outcome) return [];
    if (event === anew) return [carried];
    const { type } = carried.message;
    if (type === "answer") return kept === "results" && isSuccess(event) && open(event.ref) ? [carried] : [];
    return kept !== "none" && type !== "cancel" ? [carried] : [];
  });
}

/** An outcome as the message that brings it. A timer that was due is due, and comes by itself. */
function carriedOf(event: Event): Carried | undefined {
  switch (event.type) {
    case "signal_received":
    case "update_accepted": {
      const { name, payload, operation } = event;
      if (name === forkedSignal) return { message: { type: "forked", payload }, operation };
      const type = event.type === "signal_received" ? "signal" : "update";
      return { message: { type, name, payload }, operation };
    }
    case "cancel_requested":
      return { message: { type: "cancel", reason: event.reason } };
    case "activity_completed":
    case "activity_failed":
    case "child_closed": {
      const { time: _time, ...answer } = event;
      return { message: { type: "answer", event: answer } };
    }
    default:
      return undefined;
  }
}

function isSuccess(event: Event): event is Extract<Event, { readonly ref: number }> {
  return (
    event.type === "activity_completed" || (event.type === "child_closed" && event.status === "completed")
  );
}

/** The message to the run with this key. */
export function addressed({ message, operation }: Carried, key: number): NewMessage {
  const sent: Message = message.type === "answer" ? { ...message, run: key } : message;
  return {
    to: { key },
    body: JSON.stringify(sent),
    operation: operation ?? `${key}.${message.type === "answer" ? message.event.ref : message.type}.carried`,
  };
}

/** Tells the code that its run goes on from the history of another. */
export function telling(as: RunForked["as"], { instead }: Cut): Carried {
  const payload = encodePayload({ as, ...(instead === undefined ? {} : { told: instead.told }) });
  return { message: { type: "forked", payload } };
}

/** The answer to a child command that nobody else will give. */
export function answering(event: Answer): Carried {
  return { message: { type: "answer", event } };
}
