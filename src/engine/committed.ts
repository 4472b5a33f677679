/**
 * What a commit did: each run that had a part in it learns what has become of that, with the children that were born with it.
 *
 * Invariant: an early child has happened only if its parent's write was applied and its own id was free; otherwise it is forgotten.
 */
import type { CommitRequest, CommitResult, RunWrite } from "../store/commit.ts";
import type { LiveRun } from "./live-run.ts";
import type { LoopHost } from "./loop.ts";

/** Who is told. */
export type CommitHost = Pick<LoopHost, "committed" | "fenced" | "duplicate" | "born" | "admit"> & {
  /** The run's write is durable, and it has got on. */
  readonly advanced: (run: LiveRun) => void;
};

/** A commit that was answered. */
export interface Answered {
  /** The runs, in the order of their writes in the request. */
  readonly runs: readonly LiveRun[];
  readonly request: CommitRequest;
  readonly result: CommitResult;
}

/** Tells all runs that had a part in a commit. */
export function tellRuns(host: CommitHost, { runs, request, result }: Answered): void {
  const fenced = new Set(result.fenced);
  const telling = new Telling(host, new Set(result.duplicates));
  for (const [index, run] of runs.entries()) {
    if (fenced.has(run.key)) host.fenced(run);
    else if (telling.unborn.has(run.key)) host.duplicate(run);
    else telling.done(run, request.runs[index]);
  }
}

class Telling {
  readonly #host: CommitHost;
  /** Runs that were not born. */
  readonly unborn: ReadonlySet<number>;

  constructor(host: CommitHost, unborn: ReadonlySet<number>) {
    this.#host = host;
    this.unborn = unborn;
  }

  /** The write was applied. */
  done(run: LiveRun, write: RunWrite | undefined): void {
    if (run.taken.length > 0) this.#host.advanced(run);
    // First, because a run that closes takes with it what it still has.
    const { children: early } = run;
    if (early !== undefined) run.children = undefined;
    this.#host.committed(run);
    const children = write?.children ?? none;
    if (children.length === 0) return;
    const born = children.filter(({ key }) => !this.unborn.has(key));
    this.#host.born(early === undefined ? born : this.#admit(early, born));
  }

  /** Early children that are born go on, and what else there was is forgotten. Returns the other newborn runs, which begin now. */
  #admit(early: ReadonlyMap<number, LiveRun>, born: readonly RunWrite[]): RunWrite[] {
    const waiting = new Map([...early.values()].map((child) => [child.key, child]));
    const others: RunWrite[] = [];
    for (const write of born) {
      const child = waiting.get(write.key);
      if (child === undefined) others.push(write);
      else {
        waiting.delete(write.key);
        this.#host.admit(child);
        this.done(child, write);
      }
    }
    for (const child of waiting.values()) child.forget();
    return others;
  }
}

const none: readonly RunWrite[] = [];
