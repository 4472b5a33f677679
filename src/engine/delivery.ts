/** One thing that is on its way to a run in memory. */
import type { Failure } from "../core/failure.ts";
import type { RunStarted } from "../core/events.ts";
import type { Message } from "../core/messages.ts";
import type { Payload } from "../core/payload.ts";

/** What only the engine itself sends: never stored, because the history says it already. */
export type Internal =
  /** A new run: appends and delivers its first event. */
  | { readonly type: "start"; readonly event: RunStarted }
  /** The first turn of a run whose first event is in the history already. */
  | { readonly type: "begin"; readonly event: RunStarted }
  | { readonly type: "timer"; readonly ref: number }
  | { readonly type: "deadline" }
  | {
      readonly type: "retry";
      readonly ref: number;
      readonly attempt: number;
      readonly nextAt: number;
      readonly failure: Failure;
      readonly heartbeat?: Payload | undefined;
    };

/** Told when what was delivered is durable (or refused). */
export interface Receipt {
  accept(): void;
  refuse(error: Error): void;
}

/** Told the answer of an update, when that is durable. */
export interface Answering {
  readonly resolve: (result: Payload | undefined) => void;
  readonly reject: (error: Error) => void;
  /** The run went on as a new one before it could take the update: it is to be sent again. */
  readonly again: () => void;
}

export interface Delivery {
  readonly message: Message | Internal;
  /** A repeat of an operation that the history holds changes nothing (D3). */
  readonly operation: string;
  /** Its number in the inbox, if it waits there too. */
  readonly stored?: number | undefined;
  readonly receipt?: Receipt | undefined;
  readonly answer?: Answering | undefined;
  /** Why it is refused without being looked at again. */
  readonly refused?: Error | undefined;
}

const internal: ReadonlySet<string> = new Set<Internal["type"]>([
  "start",
  "begin",
  "timer",
  "deadline",
  "retry",
]);

/** Messages outlive the run's stay in memory; what the engine sends itself does not need to. */
export function isMessage(message: Message | Internal): message is Message {
  return !internal.has(message.type);
}

/** An activity's outcome that waits in the inbox is known to its run. */
export function noteAnswered(
  run: { readonly key: number; readonly answered: Set<number> },
  message: Message | Internal,
): void {
  if (message.type !== "answer" || message.event.type === "child_closed") return;
  if (message.run === undefined || message.run === run.key) run.answered.add(message.event.ref);
}

const controls: ReadonlySet<string> = new Set<Message["type"]>(["pause", "resume", "cancel", "terminate"]);

/** The signals `pause`, `resume` and `cancel` are requests to the engine, for every workflow. */
export function asControl(message: Message): Message {
  if (message.type !== "signal") return message;
  if (message.name === "pause" || message.name === "resume" || message.name === "cancel")
    return { type: message.name };
  return message;
}

/** True for what must be looked at even if the run is paused, parked, or its code is not at hand. */
export function isControl(message: Message | Internal): boolean {
  return isMessage(message) && controls.has(asControl(message).type);
}
