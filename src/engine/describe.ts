/** What a run waits for, in words: every open run has a reason to move (L2). */
import { Progress } from "../core/progress.ts";
import type { RunRow } from "../store/runs.ts";
import type { ParkedReason } from "./parking.ts";
import { readEvents } from "./replay.ts";
import type { EngineState } from "./state.ts";

/** One reason to move. */
export interface Reason {
  readonly what: string;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

/** The parts of a description that the row does not hold. */
export interface Described {
  readonly parentId?: string | undefined;
  readonly deadline?: number | undefined;
  readonly why?: ParkedReason | undefined;
  readonly waits: readonly Reason[];
  readonly messages: number;
}

/** Describes a run from its history, and from its code if it is in memory (or can be brought there). */
export async function describeRun(state: EngineState, row: RunRow): Promise<Described> {
  const progress = new Progress();
  for (const event of await readEvents(state.options.store.history, row.key)) progress.apply(event);
  const { parent, started } = progress;
  const why = row.parked === undefined ? undefined : (JSON.parse(row.parked) as ParkedReason);
  const messages = (await state.options.store.inbox.read(row.key)).length;
  const waits = row.status === "running" ? await reasons(state, row, progress) : [];
  return { parentId: parent?.id, deadline: started?.deadline, why, waits, messages };
}

async function reasons(state: EngineState, row: RunRow, progress: Progress): Promise<Reason[]> {
  if (row.parked !== undefined) return [{ what: "code that fits its history (it is parked)" }];
  if (row.paused) return [{ what: "resume (it is paused)", since: progress.time }];
  if (!state.workflows.has(row.workflow)) return [{ what: `a worker that has workflow ${row.workflow}` }];
  const run = state.memory.get(row.key) ?? (await state.attendance.attend(row.key, true));
  const code = run?.execution?.context.waits() ?? [];
  return [...activities(progress), ...children(progress), ...code, ...timers(progress)];
}

function activities(progress: Progress): Reason[] {
  return [...progress.activities.values()].map(({ scheduled, nextAt, failures }) => {
    const calls = failures.length === 0 ? "" : ` (${failures.length} failed so far)`;
    return { what: `activity ${scheduled.name}${calls}`, since: scheduled.time, until: nextAt };
  });
}

function children(progress: Progress): Reason[] {
  return [...progress.children.values()].map(({ started }) => ({
    what: `child ${started.id}`,
    since: started.time,
  }));
}

function timers(progress: Progress): Reason[] {
  return [...progress.timers.values()].map(({ name, fireAt }) => ({ what: `timer ${name}`, until: fireAt }));
}
