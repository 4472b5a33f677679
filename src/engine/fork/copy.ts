/**
 * The run that goes on from a cut, as it is written: its history, its children, and what it gets delivered.
 *
 * Invariants:
 * - All of it is one write (D2), so that a crash leaves nothing or all.
 * - The new run has no parent, unless that is made with it: whoever started the source has had, or will have, the source's answer.
 * - Nobody holds it: whoever has its code takes it up, as with every run that is born.
 */
import { DarumaError } from "../../core/errors.ts";
import type { ChildStarted, Event } from "../../core/events.ts";
import type { Clock } from "../../core/ports.ts";
import { progressOf } from "../../core/progress.ts";
import type { Progress } from "../../core/progress.ts";
import type { RunWrite } from "../../store/commit.ts";
import type { RunRow } from "../../store/runs.ts";
import type { Store } from "../../store/store.ts";
import type { Keys } from "../keys.ts";
import { childOperation, refusalOf } from "../outgoing.ts";
import { isTurnless, readEvents } from "../replay.ts";
import { childBirth } from "../writes.ts";
import { addressed, answering, carriedOver, telling } from "./carried.ts";
import type { Carried, Kept } from "./carried.ts";
import { beginningOf, namedChildren } from "./children.ts";
import type { Beginning, Identity } from "./children.ts";
import { copiedHistory } from "./copied-history.ts";
import type { HistoryOptions } from "./copied-history.ts";
import { failedPoint } from "./failed-point.ts";

/** What a copy is made from. */
export interface CopyOptions extends HistoryOptions {
  readonly source: RunRow;
  /** What the new run is called. */
  readonly self: Identity;
  /** The operation that the new run is born with. */
  readonly birth: string;
  readonly kept: Kept;
}

/** What a copy is made with. */
export interface CopyTools {
  readonly store: Store;
  readonly clock: Clock;
  readonly keys: Keys;
}

/** The write of the new run. @throws DarumaError DRM-NOT-RETRYABLE */
export async function copyOf(options: CopyOptions, tools: CopyTools): Promise<RunWrite> {
  const { source, self, birth, now, parent } = options;
  const { carried, beginnings } = await openAt(options, tools);
  const begun = beginnings.filter((beginning) => beginning.how !== "answered");
  const events = copiedHistory(
    options,
    begun.map(({ child }) => child),
  );
  const key = await nextKey(tools.keys);
  const itself: Itself = { key, id: self.id, progress: progressOf(events), options };
  const children: RunWrite[] = [];
  for (const beginning of begun) children.push(await born(beginning, itself, tools));
  const create = { ...self, workflow: source.workflow, createdAt: now, operation: birth };
  return {
    key,
    create: { ...create, parentKey: parent?.ref.key },
    epoch: 0,
    head: 0,
    events: JSON.stringify(events),
    count: events.length,
    state: { status: "running", paused: false, wakeAt: 0 },
    messages: [...carried, ...word(options)].map((one) => addressed(one, key)),
    children,
  };
}

/** What the code is told. If nothing of it has run before the cut, there is nothing to go on from. */
function word({ events, cut, as }: CopyOptions): Carried[] {
  return isTurnless(events.slice(0, cut.copied)) ? [] : [telling(as, cut)];
}

/** What is open at the cut: what is delivered, and how the children begin. */
async function openAt(
  { source, events, cut, self, kept }: CopyOptions,
  { store, clock }: CopyTools,
): Promise<{ readonly carried: readonly Carried[]; readonly beginnings: readonly Beginning[] }> {
  const copied = events.slice(0, cut.copied);
  const { activities, children } = progressOf(copied);
  const open = (ref: number): boolean => activities.has(ref) || children.has(ref);
  const carried = carriedOver(events, cut, { kept, open });
  const answered = new Set(carried.map(refOf));
  const beginnings: Beginning[] = [];
  const about = {
    store,
    clock,
    sourceKey: source.key,
    self,
    named: namedChildren(events, source),
    canceled: new Set(copied.flatMap(canceledRef)),
    unborn: new Set(events.flatMap(unbornRef)),
    resumes: kept === "results",
  };
  for (const { started } of children.values())
    if (!answered.has(started.ref)) beginnings.push(await beginningOf(started, about));
  const answers = beginnings.flatMap((one) => (one.how === "answered" ? [answering(one.answer)] : []));
  return { carried: [...carried, ...answers], beginnings };
}

/** The new run, as far as its children need it. */
interface Itself extends Identified {
  readonly progress: Progress;
  readonly options: CopyOptions;
}

interface Identified {
  readonly key: number;
  readonly id: string;
}

type Begun = Exclude<Beginning, { readonly how: "answered" }>;

async function born(beginning: Begun, itself: Itself, tools: CopyTools): Promise<RunWrite> {
  const { child } = beginning;
  if (beginning.how === "retry") return await retried(child, beginning.source, { itself, tools });
  while (!tools.keys.has(1)) await tools.keys.refill(1);
  const { create, ...write } = childBirth({ ...child, time: itself.options.now }, itself, tools);
  const { generation } = beginning;
  return { ...write, create: create === undefined ? undefined : { ...create, generation }, epoch: 0 };
}

/** A child goes on from where it failed, with the new run as its parent. */
async function retried(
  child: ChildStarted,
  source: RunRow,
  { itself, tools }: { readonly itself: Itself; readonly tools: CopyTools },
): Promise<RunWrite> {
  const { key, id, options } = itself;
  const { ref, parentClose } = child;
  const events = await readEvents(tools.store.history, source.key);
  const write = await copyOf(
    {
      source,
      events,
      cut: childPoint(events, source, options),
      as: "retry",
      self: { id: source.id, generation: source.generation + 1 },
      birth: childOperation(itself, ref),
      operation: options.operation,
      seed: `${options.seed}.${ref}`,
      now: options.now,
      parent: { ref: { key, id, ref }, close: parentClose },
      kept: "results",
    },
    tools,
  );
  return { ...write, refusal: refusalOf(child, itself) };
}

/** @throws DarumaError DRM-NOT-RETRYABLE, about the run that is asked for */
function childPoint(
  events: readonly Event[],
  { id: child }: RunRow,
  { self: { id }, cut: { at } }: CopyOptions,
): ReturnType<typeof failedPoint> {
  try {
    return failedPoint(events, child);
  } catch (cause) {
    throw new DarumaError("DRM-NOT-RETRYABLE", {
      message: `The child ${child} of run ${id} cannot go on from where it failed: it did more after that.`,
      subject: child,
      cause,
      fix: `Say where the parent is to go on: --at ${at} (retry({ at: ${at} })) starts the children that are open there from their beginning.`,
    });
  }
}

async function nextKey(keys: Keys): Promise<number> {
  while (!keys.has(1)) await keys.refill(1);
  return keys.take();
}

function canceledRef(event: Event): number[] {
  return event.type === "child_cancel_requested" ? [event.ref] : [];
}

function unbornRef(event: Event): number[] {
  return event.type === "child_closed" && event.status === "not_started" ? [event.ref] : [];
}

function refOf({ message }: Carried): number | undefined {
  return message.type === "answer" ? message.event.ref : undefined;
}
