/**
 * A worker that was late in renewing its lease looks which of its runs are still its own: another one may have taken some over and finished them, and then
 * nothing would ever tell those who wait for them here.
 *
 * Invariant: runs that are at work are left alone; their next commit finds out by itself (L1). But one that is already on its way may be answered as it was the
 * first time it came (D3), so such runs are to be looked at again.
 */
import { DarumaError } from "../core/errors.ts";
import type { EngineState } from "./state.ts";

/** Asks the store for all runs that are in memory, or whose updates are waited for, and gives up those that are lost. False: some were at work. */
export async function recheck(state: EngineState): Promise<boolean> {
  const { memory, answers, options, session } = state;
  const keys = new Set([...memory.all().map(({ key }) => key), ...answers.keys()]);
  if (keys.size === 0) return true;
  const rows = await options.store.runs.claim(session, [...keys]);
  const epochs = new Map(rows.map(({ key, epoch }) => [key, epoch]));
  let all = true;
  for (const run of memory.all()) {
    const isNew = run.created !== undefined || !keys.has(run.key);
    if (isNew || epochs.get(run.key) === run.epoch) continue;
    if (run.dirty) all = false;
    else state.lose(run);
  }
  for (const key of keys) {
    if (!epochs.has(key) && memory.get(key) === undefined) answers.reject(key, lost(key));
  }
  return all;
}

function lost(key: number): DarumaError {
  return new DarumaError("DRM-FENCED", {
    message: `The run with key ${key} has been taken over by another worker.`,
  });
}
