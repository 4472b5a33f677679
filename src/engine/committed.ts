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
  const duplicates = new Set(result.duplicates);
  for (const [index, run] of runs.entries()) {
    if (fenced.has(run.key)) host.fenced(run);
    else if (duplicates.has(run.key)) host.duplicate(run);
    else done(host, { run, write: request.runs[index], duplicates });
  }
}

interface Applied {
  readonly run: LiveRun;
  readonly write: RunWrite | undefined;
  /** Runs that were not born. */
  readonly duplicates: ReadonlySet<number>;
}

function done(host: CommitHost, { run, write, duplicates }: Applied): void {
  if (run.taken.length > 0) host.advanced(run);
  // First, because a run that closes takes with it what it still has.
  const { children: early } = run;
  run.children = undefined;
  host.committed(run);
  const born = write?.children?.filter(({ key }) => !duplicates.has(key)) ?? [];
  if (early !== undefined) admit(host, { early, born, duplicates });
  else if (born.length > 0) host.born(born);
}

interface Births {
  readonly early: ReadonlyMap<number, LiveRun>;
  readonly born: readonly RunWrite[];
  readonly duplicates: ReadonlySet<number>;
}

/** Early children that are born go on, the other newborn runs begin, and what else there was is forgotten. */
function admit(host: CommitHost, { early, born, duplicates }: Births): void {
  const waiting = new Map([...early.values()].map((child) => [child.key, child]));
  const others: RunWrite[] = [];
  for (const write of born) {
    const child = waiting.get(write.key);
    if (child === undefined) others.push(write);
    else {
      waiting.delete(write.key);
      host.admit(child);
      done(host, { run: child, write, duplicates });
    }
  }
  for (const child of waiting.values()) child.forget();
  if (others.length > 0) host.born(others);
}
