/**
 * Watching over turns: code of workflows that does not give the thread back is cut off.
 *
 * What "cut off" means: the code ends at once, without its `catch` and `finally`, and all microtasks that were waiting at that moment are lost.
 * Invariants, for whoever runs workflow code:
 * - It runs between `begin` and `end`, in a macrotask in which nothing else is under way: so nothing else can be lost with it.
 * - Between the two it waits for nothing but microtasks and ticks, and asks `still` whenever it comes back from that: after a cut it must do nothing more.
 */

/** Something that runs workflow code. */
export interface Watched {
  /** Its code was cut off at `site` (file:line:column, if that is known). Nothing of it will go on. */
  cut(site: string | undefined): void;
  /** Its code took more than half of its time, and ended. */
  slow(): void;
}

export interface Watch {
  /** Workflow code begins to run. Returns the number of this turn. */
  begin(work: Watched): number;
  /** False: the turn was cut off. Whoever asks is a leftover of it. */
  still(turn: number): boolean;
  /** The code has given the thread back. */
  end(turn: number): void;
}

/** Watches nothing: for virtual time, where a turn that never ends is the test runner's matter. */
export const noWatch: Watch = { begin: () => 0, still: () => true, end: () => {} };
