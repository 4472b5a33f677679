/**
 * Rewinding: a run in memory goes back to where its history ends, because what its code has done since then is void.
 *
 * Invariants:
 * - What it took up since its last commit waits again, in order, before what waits already; receipts and answers stay with it.
 * - It takes up nothing until it is back (`held`), and whoever asks for it waits.
 * - Attempts of its activities go on; their results find the run as it is then.
 */
import type { Event } from "../core/events.ts";
import { Progress } from "../core/progress.ts";
import { alone } from "./alone.ts";
import { executionOptions } from "./attendance.ts";
import type { Delivery } from "./delivery.ts";
import { durably } from "./durably.ts";
import type { LiveRun } from "./live-run.ts";
import { park } from "./parking.ts";
import { readEvents, replay } from "./replay.ts";
import type { EngineState } from "./state.ts";

/** Takes a run back. Returns at once; the run goes on by itself when it is there. */
export function rewind(state: EngineState, run: LiveRun): void {
  run.rewind();
  state.attendance.during(run.key, () => back(state, run));
}

async function back(state: EngineState, run: LiveRun): Promise<LiveRun | undefined> {
  const events = run.created === undefined ? await committed(state, run) : [];
  if (run.dropped) return undefined;
  const violation = await replayed(state, run, events);
  if (run.dropped) return undefined;
  run.held = false;
  if (violation !== undefined) park(state, run, violation);
  else goOn(state, run, events);
  return run;
}

/** Its history. A store that cannot be reached is asked again. */
function committed({ options }: EngineState, { key }: LiveRun): Promise<Event[]> {
  const { store, ports } = options;
  return durably(ports.clock, () => readEvents(store.history, key));
}

async function replayed(
  state: EngineState,
  run: LiveRun,
  events: readonly Event[],
): Promise<Error | undefined> {
  const workflow = state.workflows.get(run.workflow);
  run.progress = new Progress();
  if (workflow !== undefined) run.equip(workflow, executionOptions(state, false));
  try {
    await replay(run, events, (work) => alone(state, run, work));
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

function goOn(state: EngineState, run: LiveRun, events: readonly Event[]): void {
  const waiting = run.queue.drain();
  const [first] = events;
  const begins = waiting.some(({ message }) => message.type === "begin");
  if (events.length === 1 && first?.type === "run_started" && !begins)
    run.queue.push({ message: { type: "begin", event: first }, operation: "begin" });
  for (const delivery of waiting) run.queue.push(delivery);
  const decided = new Set(waiting.flatMap(refOf));
  // That they were interrupted was noted in what is void now.
  if (!run.progress.paused)
    state.attendance.noteInterruptions(run, (ref, { nextAt }) => {
      return nextAt === undefined && !run.attempts.has(ref) && !decided.has(ref);
    });
  state.alarms.watch(run);
  state.loop.resume(run);
}

/** The activity that a delivery is about. */
function refOf({ message }: Delivery): number[] {
  if (message.type === "answer") return [message.event.ref];
  return message.type === "retry" ? [message.ref] : [];
}
