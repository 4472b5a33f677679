/** What a run waits for, in words: every open run has a reason to move (L2). */
import type { Event, RunForked } from "../core/events.ts";
import { progressOf } from "../core/progress.ts";
import type { Progress } from "../core/progress.ts";
import type { RunRow } from "../store/runs.ts";
import { alone } from "./alone.ts";
import type { ParkedReason } from "./parking.ts";
import { isTurnless, readEvents } from "./replay.ts";
import type { EngineState } from "./state.ts";
import { replayHistory } from "./determinism.ts";

/** One reason to move. */
export interface Reason {
  readonly what: string;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

/** Where a run was forked from, or retried. */
export type Origin = Pick<RunForked, "as" | "from">;

/** The parts of a description that the row does not hold. */
export interface Described {
  readonly parentId?: string | undefined;
  readonly deadline?: number | undefined;
  /** What its history is copied from. */
  readonly origin?: Origin | undefined;
  readonly why?: ParkedReason | undefined;
  readonly waits: readonly Reason[];
  readonly messages: number;
}

/** Describes a run from its history, and from its code as it stands there; whoever holds it may be another process. */
export async function describeRun(state: EngineState, row: RunRow): Promise<Described> {
  const events = await readEvents(state.options.store.history, row.key);
  const progress = progressOf(events);
  const { parent, started, origin } = progress;
  const why = row.parked === undefined ? undefined : (JSON.parse(row.parked) as ParkedReason);
  const messages = (await state.options.store.inbox.read(row.key)).length;
  const waits = row.status === "running" ? await reasons(state, row, { progress, events }) : [];
  return {
    parentId: parent?.id,
    deadline: started?.deadline,
    origin: origin === undefined ? undefined : { as: origin.as, from: origin.from },
    why,
    waits,
    messages,
  };
}

async function reasons(
  state: EngineState,
  row: RunRow,
  { progress, events }: { readonly progress: Progress; readonly events: readonly Event[] },
): Promise<Reason[]> {
  if (row.parked !== undefined) return [{ what: "code that fits its history (it is parked)" }];
  if (row.paused) return [{ what: "resume (it is paused)", since: progress.time }];
  if (!state.workflows.has(row.workflow)) return [{ what: `a worker that has workflow ${row.workflow}` }];
  const code = await codeReasons(state, row, events);
  const all = [...activities(progress), ...children(progress), ...code, ...timers(progress)];
  return all.length === 0 && isTurnless(events) ? [{ what: "its first turn" }] : all;
}

/** What the code itself waits for: signals, conditions. */
async function codeReasons(
  state: EngineState,
  { key, id, generation, workflow: name }: RunRow,
  events: readonly Event[],
): Promise<Reason[]> {
  const { memory, workflows, options } = state;
  const held = memory.get(key);
  // One at work stands elsewhere than its history, or has not begun.
  if (held?.execution !== undefined && held.idle) return held.execution.context.waits();
  const workflow = workflows.get(name);
  if (workflow === undefined) return [];
  try {
    const about = { ...options, workflow, id, generation };
    const { context } = await alone(state, { id, workflow: name }, (settle) =>
      replayHistory(events, { ...about, ports: { settle } }, false),
    );
    return context.waits();
  } catch {
    return [{ what: "code that fits its history" }];
  }
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
