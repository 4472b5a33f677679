/**
 * What an event sends to other runs: children that are born, messages that go out with the event's commit (D2).
 */
import type { Answer, Message } from "../core/messages.ts";
import type { ChildClosed, ChildStarted, Event } from "../core/events.ts";
import type { Progress } from "../core/progress.ts";
import { type DarumaError, DuplicateRunError } from "../core/errors.ts";
import { toFailure } from "../core/failure.ts";
import type { Address, NewMessage } from "../store/inbox.ts";

/** The run that sends. */
export interface Sender {
  readonly key: number;
  readonly progress: Progress;
}

/** The messages of `event`, which is about to be applied as number `seq`. Operations are functions of run and number, so a repeat is one. */
export function messagesOf(event: Event, sender: Sender): NewMessage[] {
  const { progress, key } = sender;
  const seq = progress.head + 1;
  const to = (address: Address, message: Message): NewMessage => ({
    to: address,
    body: JSON.stringify(message),
    operation: `${key}.${seq}.${"id" in address ? address.id : address.key}`,
  });
  const toChildren = (message: Message): NewMessage[] =>
    [...progress.children.values()]
      .filter(({ parentClose }) => parentClose !== "abandon")
      .map(({ started }) => to(childAddress(started, key), message));
  switch (event.type) {
    case "signal_sent":
      return [to({ id: event.target }, { type: "signal", name: event.name, payload: event.payload })];
    case "child_cancel_requested": {
      const child = progress.children.get(event.ref);
      return child === undefined
        ? []
        : [to(childAddress(child.started, key), { type: "cancel", reason: event.reason })];
    }
    case "run_paused":
      return toChildren({ type: "pause", reason: event.reason });
    case "run_resumed":
      return toChildren({ type: "resume" });
    default:
      return closingMessages(event, sender, to);
  }
}

type To = (address: Address, message: Message) => NewMessage;

/** The operation that a child is started with. */
export function childOperation({ key }: Pick<Sender, "key">, ref: number): string {
  return `${key}.${ref}`;
}

/** A child, and nobody else who may have its id. */
function childAddress({ id, ref }: ChildStarted, key: number): Address {
  return { id, operation: childOperation({ key }, ref) };
}

function closingMessages(event: Event, sender: Sender, to: To): NewMessage[] {
  const { progress } = sender;
  const answer = childAnswer(event, progress);
  if (answer === undefined && event.type !== "run_continued_as_new") return [];
  const parent = progress.parent;
  const up =
    answer === undefined || parent === undefined
      ? []
      : [to({ key: parent.key }, { type: "answer", event: answer, run: parent.key })];
  return [...up, ...endingChildren(event, sender, to)];
}

/** A run that ends takes its children with it, as their policy says. */
function endingChildren(event: Event, { progress, key }: Sender, to: To): NewMessage[] {
  const reason = "its parent has closed";
  return [...progress.children.values()].flatMap(({ started, parentClose }) => {
    if (parentClose === "abandon") return [];
    const terminate = parentClose === "terminate" || event.type === "run_terminated";
    return [to(childAddress(started, key), { type: terminate ? "terminate" : "cancel", reason })];
  });
}

/** How a closing event looks to the parent. */
export function childAnswer(
  event: Event,
  { parent }: { readonly parent?: { readonly ref: number } | undefined },
): Answer | undefined {
  const base = { type: "child_closed", ref: parent?.ref ?? 0 } as const;
  const because = (reason: string | undefined): Pick<ChildClosed, "failure"> =>
    reason === undefined ? {} : { failure: { name: "Error", message: reason } };
  switch (event.type) {
    case "run_completed":
      return { ...base, status: "completed", result: event.result };
    case "run_failed":
      return { ...base, status: "failed", failure: event.failure };
    case "run_canceled":
      return { ...base, status: "canceled", ...because(event.reason) };
    case "run_timed_out":
      return { ...base, status: "timed_out" };
    case "run_terminated":
      return { ...base, status: "terminated", ...because(event.reason) };
    default:
      return undefined;
  }
}

/**
 * The parent's answer if a child cannot be born, by default because its id is taken; it goes out with the commit that finds this out. That hardly ever
 * happens, and errors are expensive: the text is made when somebody reads it.
 */
export function refusalOf(child: ChildStarted, { key }: Pick<Sender, "key">, why?: DarumaError): NewMessage {
  return {
    to: { key },
    operation: `${childOperation({ key }, child.ref)}.refused`,
    get body() {
      return refusalText(child, key, why);
    },
  };
}

function refusalText(
  { ref, id, name }: ChildStarted,
  key: number,
  why: DarumaError = new DuplicateRunError({ runId: id, workflow: name }),
): string {
  const failure = toFailure(why);
  const event: Answer = { type: "child_closed", ref, status: "not_started", failure };
  const message: Message = { type: "answer", event, run: key };
  return JSON.stringify(message);
}
