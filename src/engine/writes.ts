/** From runs in memory to the writes of a commit. */
import type { ChildStarted, Event, RunContinuedAsNew, RunStarted } from "../core/events.ts";
import { encodePayload } from "../core/payload.ts";
import type { NewRun, RunState, RunWrite } from "../store/commit.ts";
import type { NewMessage } from "../store/inbox.ts";
import type { Keys } from "./keys.ts";
import type { LiveRun } from "./live-run.ts";
import { childOperation, refusalOf } from "./outgoing.ts";
import { unknownName } from "./unknown-name.ts";

/** What writes are made with. */
export interface WriteTools {
  readonly keys: Keys;
  /** The workflows that have code here: a child of another could never begin. */
  readonly workflows: ReadonlyMap<string, unknown>;
}

/** True for events with which a run is born. */
function isBirth(event: Event): event is ChildStarted | RunContinuedAsNew {
  return event.type === "child_started" || event.type === "run_continued_as_new";
}

/** The write of one run. */
export function writeOf(run: LiveRun, tools: WriteTools): RunWrite {
  const { key, created, epoch, head, out, outgoing, heartbeats } = run;
  const state = stateOf(run);
  const children: RunWrite[] = [];
  const settled: number[] = [];
  const messages = [...outgoing];
  let heir: number | undefined;
  for (const event of out) {
    if (event.type === "child_started" && !tools.workflows.has(event.name)) {
      messages.push(refusalOf(event, run, unknownName("workflow", event.name, [...tools.workflows.keys()])));
    } else if (isBirth(event)) {
      const child = earlyWrite(event, run, tools) ?? birth(event, run, tools);
      if (event.type === "run_continued_as_new") heir = child.key;
      children.push(child);
    } else if (closesActivity(event)) settled.push(event.ref);
  }
  return {
    key,
    create: created,
    epoch,
    head,
    events: out.length === 0 ? "[]" : JSON.stringify(out),
    count: out.length,
    state,
    consumed: consumedBy(run),
    messages,
    children,
    heir,
    refusal: run.early?.refusal,
    release: run.guest,
    heartbeats: heartbeats.size === 0 ? none : [...heartbeats].map(([ref, details]) => ({ ref, details })),
    settled,
  };
}

const none: readonly never[] = [];

/** The write of a child that has begun early, if that counts. A child of a run that has closed is not to begin before it has been told. */
function earlyWrite(event: Event, run: LiveRun, tools: WriteTools): RunWrite | undefined {
  if (run.children === undefined || event.type !== "child_started" || run.progress.closed) return undefined;
  const child = run.children.get(event.ref);
  return child?.committable === true ? writeOf(child, tools) : undefined;
}

/** How many keys the write of a run takes at most. */
export function birthsOf({ out, children }: LiveRun): number {
  let births = 0;
  for (const event of out) if (isBirth(event)) births++;
  if (children !== undefined) for (const child of children.values()) births += birthsOf(child);
  return births;
}

/** The numbers of the inbox messages that were taken up. */
function consumedBy({ taken }: LiveRun): readonly number[] {
  const numbers: number[] = [];
  for (const { stored } of taken) if (stored !== undefined) numbers.push(stored);
  return numbers;
}

function closesActivity(event: Event): event is Extract<Event, { type: "activity_completed" }> {
  return (
    event.type === "activity_completed" ||
    event.type === "activity_failed" ||
    event.type === "activity_canceled"
  );
}

/** A parked run is tried again as soon as there may be other code; one that has not begun is to begin as soon as somebody can. */
function wakeAtOf({ progress, parked, unbegun }: LiveRun): number | undefined {
  if (progress.closed) return undefined;
  return parked === undefined && unbegun === undefined ? progress.wakeAt() : 0;
}

function stateOf(run: LiveRun): RunState {
  const { progress, parked } = run;
  return {
    status: progress.status,
    paused: progress.paused,
    parked,
    wakeAt: wakeAtOf(run),
    closedAt: progress.closed ? progress.time : undefined,
  };
}

/** A child as it is born with a write of its parent. */
export function childBirth(event: ChildStarted, parent: Parent, tools: Pick<WriteTools, "keys">): RunWrite {
  return newborn(childOf(event, parent), tools);
}

type Parent = Pick<LiveRun, "key" | "id" | "progress">;

function birth(event: ChildStarted | RunContinuedAsNew, run: LiveRun, tools: WriteTools): RunWrite {
  return event.type === "child_started"
    ? childBirth(event, run, tools)
    : newborn(successorOf(event, run), tools);
}

/** How many operations a generation hands on to the next one. */
const rememberedOperations = 1_000;

interface Newborn {
  readonly id: string;
  readonly generation: number;
  readonly operation: string;
  readonly parentKey?: number | undefined;
  /** A child's is a function of its parent's, so that a crash before the commit changes nothing. */
  readonly seed: string;
  readonly started: Omit<RunStarted, "seed">;
  readonly refusal?: NewMessage | undefined;
}

function childOf(event: ChildStarted, run: Parent): Newborn {
  const { time, ref, timeoutMs } = event;
  return {
    id: event.id,
    generation: 1,
    operation: childOperation(run, ref),
    parentKey: run.key,
    seed: `${run.progress.seed}.${ref}`,
    refusal: refusalOf(event, run),
    started: {
      type: "run_started",
      workflow: event.name,
      input: event.input,
      deadline: timeoutMs === undefined ? undefined : time + timeoutMs,
      parent: { key: run.key, id: run.id, ref },
      parentClose: event.parentClose,
      depth: (run.progress.started?.depth ?? 0) + 1,
      time,
    },
  };
}

/** The next generation: same id, same parent, unread signals; the time limit of a run counts from its own start. */
function successorOf(event: RunContinuedAsNew, run: LiveRun): Newborn {
  const { started, seed, limitMs } = run.progress;
  const kept = run.execution?.context.signals.kept() ?? [];
  return {
    id: run.id,
    generation: run.generation + 1,
    // The same in all generations: so a repeated start, and its parent, know the run by it.
    operation: run.operation,
    parentKey: started?.parent?.key,
    seed: `${run.generation + 1}:${seed?.replace(/^\d+:/, "")}`,
    started: {
      type: "run_started",
      workflow: run.workflow,
      input: event.input,
      deadline: limitMs === undefined ? undefined : event.time + limitMs,
      parent: started?.parent,
      parentClose: started?.parentClose,
      depth: started?.depth,
      carried: kept.map(({ name, payload }) => ({
        name,
        payload: payload === undefined ? undefined : encodePayload(payload, { maxBytes: Infinity }),
      })),
      operations: [...run.progress.operations].slice(-rememberedOperations),
      time: event.time,
    },
  };
}

/** What a run begins with. */
interface RunBeginning {
  readonly create: NewRun;
  readonly started: RunStarted;
  readonly refusal: NewMessage | undefined;
}

function beginning({ seed, refusal, ...run }: Newborn): RunBeginning {
  const started: RunStarted = { ...run.started, seed };
  const { id, generation, operation, parentKey } = run;
  const { workflow, time: createdAt } = started;
  return { create: { id, generation, workflow, createdAt, operation, parentKey }, started, refusal };
}

/** What a child begins with. */
export function childBeginning(event: ChildStarted, parent: Parent): RunBeginning {
  return beginning(childOf(event, parent));
}

function newborn(run: Newborn, { keys }: Pick<WriteTools, "keys">): RunWrite {
  const { create, started, refusal } = beginning(run);
  return {
    key: keys.take(),
    create,
    epoch: 1,
    head: 0,
    events: JSON.stringify([started]),
    count: 1,
    state: { status: "running", paused: false, wakeAt: 0 },
    refusal,
  };
}
