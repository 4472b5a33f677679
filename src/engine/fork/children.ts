/**
 * Children that are open where a history is cut: how each begins in the new run.
 *
 * Invariants:
 * - A run has its own children. What closed before the cut is part of the copy.
 * - In a fork an open child is started again, from its beginning, with an id of its own.
 * - A retry that finds its own point lets a child that failed, or ended with its parent, go on from where that was: as the next generation of its id. Others start again.
 * - An id that was made from the parent's is made anew. One that code has chosen stays: the child is the next generation of that id, and the one before must have closed.
 * - A child that was not born, because its id was taken, is tried once more, detached or not: whoever has the id says nothing about it.
 * - A detached child (`abandon`) was started once and for all: it is not started again, and whoever awaits it learns how it ended, or that it is not to be awaited.
 */
import { DarumaError } from "../../core/errors.ts";
import type { ChildStarted, Event } from "../../core/events.ts";
import { toFailure } from "../../core/failure.ts";
import type { Failure } from "../../core/failure.ts";
import type { Answer } from "../../core/messages.ts";
import type { Clock } from "../../core/ports.ts";
import type { RunRow } from "../../store/runs.ts";
import type { Store } from "../../store/store.ts";
import { childAnswer, childOperation } from "../outgoing.ts";
import { readEvents } from "../replay.ts";
import { hasCleanedUp } from "./failed-point.ts";

/** What a run is called, for the ids that are made from that. */
export interface Identity {
  readonly id: string;
  readonly generation: number;
}

/** The id of a child that code has not named. */
function derivedId({ id, generation }: Identity, ref: number): string {
  return `${id}.${generation}.${ref}`;
}

/** Tells children with an id that code has chosen. A history that was itself copied may hold ids that were made from those it was copied from. */
export function namedChildren(events: readonly Event[], self: Identity): (child: ChildStarted) => boolean {
  const copiedFrom = events.flatMap((event) => (event.type === "run_forked" ? [event.from] : []));
  const identities = [self, ...copiedFrom];
  return ({ id, ref }) => identities.every((identity) => derivedId(identity, ref) !== id);
}

/** True for children that end with their parent. */
export function isAttached({ parentClose }: ChildStarted): boolean {
  return parentClose !== "abandon";
}

/** How a child begins: from its beginning, from where another run stood, or not at all, because its answer is known. */
export type Beginning =
  | { readonly how: "anew"; readonly child: ChildStarted; readonly generation: number }
  | { readonly how: "retry"; readonly child: ChildStarted; readonly source: RunRow }
  | { readonly how: "answered"; readonly answer: Answer };

/** What the beginnings of one run's children depend on. */
export interface BeginningOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** The key of the run that is copied. */
  readonly sourceKey: number;
  readonly self: Identity;
  readonly named: (child: ChildStarted) => boolean;
  /** Children that were asked to cancel before the cut. */
  readonly canceled: ReadonlySet<number>;
  /** Children that were never born, because their id was taken: the run that has it is a stranger. */
  readonly unborn: ReadonlySet<number>;
  /** True: children go on from where they failed. */
  readonly resumes: boolean;
}

/** @throws DarumaError DRM-NOT-RETRYABLE if the run that has the child's id does not close */
export async function beginningOf(child: ChildStarted, options: BeginningOptions): Promise<Beginning> {
  const { self, named, resumes } = options;
  // It has been told to end: it need not begin.
  if (options.canceled.has(child.ref))
    return { how: "answered", answer: { type: "child_closed", ref: child.ref, status: "canceled" } };
  if (options.unborn.has(child.ref))
    return {
      how: "anew",
      child: named(child) ? child : { ...child, id: derivedId(self, child.ref) },
      generation: 1,
    };
  if (!isAttached(child)) return { how: "answered", answer: await detachedAnswer(child, options) };
  const own = named(child) || resumes ? await closedRow(child, options) : undefined;
  const known = resumes ? await goesOn(child, own, options) : undefined;
  if (known !== undefined) return known;
  if (named(child)) return { how: "anew", child, generation: (own?.generation ?? 0) + 1 };
  return { how: "anew", child: { ...child, id: derivedId(self, child.ref) }, generation: 1 };
}

/** The child of the run that is copied, if it can go on, or has its answer. One that has cleaned up starts again. */
async function goesOn(
  child: ChildStarted,
  source: RunRow | undefined,
  { store, sourceKey }: BeginningOptions,
): Promise<Beginning | undefined> {
  const born = childOperation({ key: sourceKey }, child.ref);
  if (source === undefined || source.operation !== born) return undefined;
  if (source.status === "canceled" && hasCleanedUp(await readEvents(store.history, source.key)))
    return undefined;
  if (source.status !== "completed") return { how: "retry", child, source };
  const answer = await answerOf(store, child, source);
  return answer === undefined ? undefined : { how: "answered", answer };
}

const patience = 20;
const stepMs = 100;

/** The latest run with the child's id. The end of its parent may be on its way to it. */
async function closedRow(
  child: ChildStarted,
  { store, clock, self }: BeginningOptions,
): Promise<RunRow | undefined> {
  for (let tries = 0; ; tries++) {
    const row = await store.runs.byId(child.id);
    if (row?.status !== "running") return row;
    if (tries === patience) throw stillOpen(child, self);
    await new Promise<void>((resolve) => void clock.alarm(clock.now() + stepMs, resolve));
  }
}

function stillOpen(child: ChildStarted, { id }: Identity): DarumaError {
  return new DarumaError("DRM-NOT-RETRYABLE", {
    message: `The run ${id} would start its child ${child.id} again, but the run that has this id is still open.`,
    subject: child.id,
    fix: "Wait until it has closed, or terminate it; then try again.",
  });
}

/** What a detached child has to say to a run that did not start it. */
async function detachedAnswer(child: ChildStarted, { store, self }: BeginningOptions): Promise<Answer> {
  const row = await store.runs.byId(child.id);
  const known = row === undefined ? undefined : await answerOf(store, child, row);
  if (known !== undefined) return known;
  return { type: "child_closed", ref: child.ref, status: "not_started", failure: notOurs(child, self) };
}

/** How a run ended, as an answer to the child command; undefined: it is open. */
async function answerOf(store: Store, { ref }: ChildStarted, { key }: RunRow): Promise<Answer | undefined> {
  const last = (await readEvents(store.history, key)).at(-1);
  return last === undefined ? undefined : childAnswer(last, { parent: { ref } });
}

function notOurs(child: ChildStarted, { id }: Identity): Failure {
  return toFailure(
    new DarumaError("DRM-CHILD-FAILED", {
      message: `The child ${child.id} was started by the run that ${id} is copied from, and is still open: ${id} cannot wait for it.`,
      subject: child.id,
    }),
  );
}
