/**
 * Early children: a child has its first turn in the same group as the turn that starts it, before either is durable, and is born with all that it has done by
 * then. So a child that does nothing but compute costs one row and one chunk of history, and the others one commit less.
 *
 * Invariants:
 * - Its write is part of its parent's: it is born if that is applied and its id is free, and nothing of it leaves the process before (D1, D2).
 * - Nobody can find it before: what is sent to it meanwhile waits in the inbox that it is born with, as for any other child.
 * - What becomes void of its parent takes it along. If its own turn did what it may not do, it is born parked. If that was cut off, or has not come, or its parent
 *   has closed, it is born like any other child and begins after that.
 * - Only in a store that no other process uses: there the session that makes a row has it.
 */
import type { ChildStarted, RunStarted } from "../core/events.ts";
import { executionOptions } from "./attendance.ts";
import { LiveRun } from "./live-run.ts";
import type { EngineState } from "./state.ts";
import { childBeginning } from "./writes.ts";

/** An early child, and the event that it begins with. */
export interface Beginning {
  readonly child: LiveRun;
  readonly started: RunStarted;
}

/** Makes the children that `parent` has started since the last look, as far as they can begin early. */
export function beginEarly(state: EngineState, parent: LiveRun): Beginning[] {
  const { births = [] } = parent;
  parent.births = undefined;
  if (parent.progress.closed || parent.dropped || state.options.store.isShared()) return [];
  return births.flatMap((event) => makeEarly(state, parent, event) ?? []);
}

function makeEarly(state: EngineState, parent: LiveRun, event: ChildStarted): Beginning | undefined {
  const { keys, memory, workflows } = state;
  const workflow = workflows.get(event.name);
  if (workflow === undefined || !keys.has(1) || memory.byId(event.id) !== undefined) return undefined;
  const { create, started, refusal } = childBeginning(event, parent);
  const child = new LiveRun({ ...create, key: keys.take(), epoch: 1, created: create });
  child.early = { refusal };
  child.equip(workflow, executionOptions(state, false));
  parent.children ??= new Map();
  parent.children.set(event.ref, child);
  return { child, started };
}

/** It is born: from now on it is a run like any other. */
export function admitEarly({ memory }: EngineState, child: LiveRun): void {
  child.early = undefined;
  if (!child.progress.closed && child.parked === undefined) memory.add(child);
}
