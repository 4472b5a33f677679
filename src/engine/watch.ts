/** Watches over turns: who is at work, so that a turn that never ends can be found and cut off. */
import type { LiveRun } from "./live-run.ts";

export interface Watch {
  /** The code of these runs begins to run. */
  begin(runs: Iterable<LiveRun>): void;
  /** It has given the thread back. */
  end(): void;
  stop(): void;
}

/** Watches nothing: for virtual time, where a turn that never ends is the test runner's matter. */
export const noWatch: Watch = { begin: () => {}, end: () => {}, stop: () => {} };
