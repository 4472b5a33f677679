/**
 * Replay: from a history to a run in memory that stands where the history ends, at linear cost.
 *
 * Invariants:
 * - Every recorded outcome is delivered in its order, and its turn must ask for exactly the recorded commands (H2, H3).
 * - Nothing is emitted: replay has no effect on the world.
 * - A history without a command and without a second outcome has had no turn that matters (a child, or a run whose first turn was void): its first turn is a new one.
 */
import type { CommandEvent, Event } from "../core/events.ts";
import { isCommand, isOutcome } from "../core/events.ts";
import type { Settle } from "../core/ports.ts";
import type { Histories } from "../store/history.ts";
import { DarumaError } from "../core/errors.ts";
import type { Execution } from "./execution.ts";
import type { LiveRun } from "./live-run.ts";

const page = 512;

/** All events of a run. */
export async function readEvents(history: Histories, key: number): Promise<Event[]> {
  const events: Event[] = [];
  for (;;) {
    const chunks = await history.read(key, events.length + 1, page);
    for (const chunk of chunks) appendChunk(events, chunk.seq, chunk.events);
    if (chunks.length < page) return events;
  }
}

function appendChunk(events: Event[], seq: number, text: string): void {
  const chunk = JSON.parse(text) as Event[];
  if (seq !== events.length + 1) {
    throw new DarumaError("DRM-CORRUPT-HISTORY", {
      message: "A history has a hole.",
      expected: `event ${events.length + 1}`,
      found: `event ${seq}`,
    });
  }
  for (const event of chunk) events.push(event);
}

/** Runs code with nothing else under way. */
export type Alone = (work: (settle: Settle) => Promise<void>) => Promise<void>;

/** Applies the events to the run's progress, and replays them through its code if it has any. @throws what voids a turn */
export async function replay(run: LiveRun, events: readonly Event[], alone: Alone): Promise<void> {
  for (const event of events) run.progress.apply(event);
  run.head = events.length;
  const { execution } = run;
  if (execution !== undefined && !isTurnless(events))
    await alone((settle) => replayTurns(execution, events, settle));
}

/** True if nothing of a turn is in the history: the first one has not been taken, or has asked for nothing and may as well be taken again. */
export function isTurnless(events: readonly Event[]): boolean {
  return events.every((event, index) =>
    index === 0 ? isOutcome(event) : !isOutcome(event) && !isCommand(event),
  );
}

/** Delivers the recorded outcomes, one turn each. */
export async function replayTurns(
  execution: Execution,
  events: readonly Event[],
  settle: Settle,
): Promise<void> {
  const turnless = isTurnless(events);
  const forked = events.findLastIndex(({ type }) => type === "run_forked");
  execution.emitter.copied = forked > 0 && !isTurnless(events.slice(0, forked));
  for (let at = 0; at < events.length; at++) {
    const event = events[at];
    if (event?.type === "run_forked") execution.forked(event);
    if (at === forked) execution.emitter.copied = false;
    if (event === undefined || !isOutcome(event)) continue;
    execution.deliver(event, at + 1, turnless ? undefined : commandsAfter(events, at));
    await settle();
    while (execution.meetCondition()) await settle();
    execution.endTurn();
    if (execution.violation !== undefined) throw execution.violation;
  }
}

/** The commands of the turn that the outcome at `at` began: all up to the next outcome. */
function commandsAfter(events: readonly Event[], at: number): CommandEvent[] {
  const commands: CommandEvent[] = [];
  for (let next = at + 1; next < events.length; next++) {
    const event = events[next];
    if (event === undefined || isOutcome(event)) break;
    if (isCommand(event)) commands.push(event);
  }
  return commands;
}
