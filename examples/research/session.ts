/** Opens the engine for a research, and turns a run's history into messages for a display. */
import { Daruma } from "daruma";
import type { Message, RunEvent } from "./demo/progress.ts";
import { describeError } from "./errors.ts";
import { research, titles } from "./workflow.ts";

/** An engine that knows the workflow `research`. Runs of a process that was killed go on at once. */
export function openEngine(store: string): Promise<Daruma> {
  return Daruma.open(store, { workflows: [research] });
}

/** Tells what happens in a run until it is closed; the events that are there already come first. The last message is the result or the error. */
export async function* follow(daruma: Daruma, runId: string): AsyncGenerator<Message> {
  const run = daruma.get(runId, research);
  let asked = false;
  for await (const event of run.history({ follow: true })) {
    const message = asMessage(event);
    if (message.event.name === "search" && !asked) {
      asked = true;
      yield { kind: "titles", titles: await run.query(titles) };
    }
    yield message;
  }
  yield await ending(run);
}

async function ending(run: { result(): Promise<unknown> }): Promise<Message> {
  try {
    const outcome = (await run.result()) as Extract<Message, { kind: "result" }>["outcome"];
    return { kind: "result", outcome };
  } catch (error) {
    return { kind: "error", text: describeError(error) };
  }
}

/** The few parts of a history event that a display needs. */
export function asMessage(event: HistoryEventLike): { kind: "event"; event: RunEvent } {
  const { seq, type, ref, name, failure } = event;
  const known = { ...(ref === undefined ? {} : { ref }), ...(name === undefined ? {} : { name }) };
  const reason = failure === undefined ? {} : { reason: describeError(failure) };
  return { kind: "event", event: { seq, type, ...known, ...reason } };
}

interface HistoryEventLike {
  seq: number;
  type: string;
  ref?: number;
  name?: string;
  failure?: unknown;
}
