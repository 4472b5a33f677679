/**
 * Whose code is running: what the guards ask before they do anything.
 *
 * Several copies of Daruma in one process share one set of guards: each copy registers a way to find its own workflow code, the first one installs.
 * Invariant: the answer comes from the async context of the call, so it holds along awaits and callbacks, and it is "nobody" in activities and in the engine.
 */
import type { ForbiddenCallError } from "../../core/errors.ts";

/** A call that workflow code may not make. */
export interface ForbiddenCall {
  /** Its name as people know it: `setTimeout`, `fs.readFile`. */
  readonly call: string;
  /** What to do instead, in a sentence. */
  readonly fix: string;
  /** file:line:column of the user's call. */
  readonly site: string | undefined;
}

/** Workflow code, as the guards see it. Copies of different versions meet here: add, never change. */
export interface GuardedCode {
  /** The time of the outcome that is being delivered, epoch milliseconds. */
  now(): number;
  /** When the run started, epoch milliseconds. */
  startedAt(): number;
  /** Seeded; in [0, 1). */
  random(): number;
  /** True while the code repeats what it did before. */
  readonly replaying: boolean;
  /** Notes the call, so that the turn is void whatever the code does with the error, and returns the error. */
  forbid(call: ForbiddenCall): ForbiddenCallError;
  /** A promise of this code was rejected and nobody handles it. */
  rejected(reason: unknown): void;
}

/** Finds the workflow code that is running, if any is. */
export type Lookup = () => GuardedCode | undefined;

interface Shared {
  readonly lookups: Lookup[];
  /** What has been put in the place of something real. */
  readonly guards: WeakSet<object>;
}

const name = Symbol.for("daruma.guard");

const shared: Shared = ((globalThis as { [name]?: Shared })[name] ??= {
  lookups: [],
  guards: new WeakSet(),
});

/** Adds a way to find workflow code; the same way counts once. */
export function register(lookup: Lookup): void {
  if (!shared.lookups.includes(lookup)) shared.lookups.push(lookup);
}

/** The workflow code that is running, if any is. */
export function running(): GuardedCode | undefined {
  const { lookups } = shared;
  // By index: this is called for every clock reading of the process.
  for (let at = 0; at < lookups.length; at++) {
    const code = lookups[at]?.();
    if (code !== undefined) return code;
  }
  return undefined;
}

/** Marks a function as one of ours. */
export function asGuard<T extends object>(guard: T): T {
  shared.guards.add(guard);
  return guard;
}

export function isGuard(value: unknown): boolean {
  return typeof value === "function" && shared.guards.has(value);
}
