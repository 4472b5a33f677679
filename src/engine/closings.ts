/**
 * Who waits here for runs to close that are not in memory. If a run closes in this process its commit tells them; what others do only the store knows.
 */
import { DarumaError, isErrorCode, RunNotFoundError } from "../core/errors.ts";
import type { Event } from "../core/events.ts";
import { isClosed } from "../core/status.ts";
import type { RunRow } from "../store/runs.ts";
import type { ParkedReason } from "./parking.ts";
import type { EngineState } from "./state.ts";

/** Tells those who wait for a run if it has closed, is parked, or is gone. */
export async function lookForClosed(state: EngineState, key: number): Promise<void> {
  try {
    tell(state, key, await closingEvent(state, key));
  } catch (error) {
    tell(state, key, error as Error);
  }
}

/** The same for all runs that somebody waits for, in a store that others use too: what they finish nobody announces here. */
export async function lookForAllClosed(state: EngineState): Promise<void> {
  if (!state.options.store.isShared()) return;
  for (const key of state.closings.keys()) await lookForClosed(state, key);
}

/** The closing event of a run; undefined if it is open. @throws why it is parked; RunNotFoundError */
async function closingEvent({ options, stuckRuns }: EngineState, key: number): Promise<Event | undefined> {
  const { runs, history } = options.store;
  const row = await runs.byKey(key);
  if (row === undefined) throw new RunNotFoundError({ runId: String(key) });
  // One that is tried again soon is not given up yet.
  if (row.parked !== undefined && !stuckRuns.ask(key)) throw parkedError(row);
  if (!isClosed(row.status)) return undefined;
  const chunk = await history.last(key);
  return (JSON.parse(chunk?.events ?? "[]") as Event[]).at(-1);
}

function tell({ closings }: EngineState, key: number, answer: Event | Error | undefined): void {
  const waiting = answer === undefined ? undefined : closings.get(key);
  if (answer === undefined || waiting === undefined) return;
  closings.delete(key);
  for (const { closed, parked } of waiting) {
    if (answer instanceof Error) parked(answer);
    else closed(answer);
  }
}

/** Why a run is set aside, as an error. */
function parkedError({ id, parked }: RunRow): DarumaError {
  const reason = JSON.parse(parked ?? "{}") as ParkedReason;
  const { expected, found } = reason;
  const code = isErrorCode(reason.code) ? reason.code : "DRM-INTERNAL";
  return new DarumaError(code, {
    message: `The run ${id} is parked: ${reason.message}`,
    subject: id,
    expected,
    found,
  });
}
