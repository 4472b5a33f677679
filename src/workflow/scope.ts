/**
 * Cancellation scopes: which durable calls go together, and go away together.
 *
 * Invariants:
 * - A scope that was canceled stays canceled: every later durable call in it is rejected with the same error.
 * - Cancel reaches the scopes inside, in the order in which they were made, except shielded ones.
 * - A call that is canceled takes its command back (children: asks the child, and waits for its answer; detached children are left alone).
 */
import { Chain } from "../core/chain.ts";
import type { Link } from "../core/chain.ts";
import { CanceledError, DarumaError } from "../core/errors.ts";
import type { RunContext } from "./run-context.ts";
import { activeScope, runInScope } from "./seam.ts";
import type { Schedule } from "./seam.ts";

/** A wait that a scope can end early. */
export type Cancel = (error: Error) => void;

/** A group of durable calls. */
export class Scope {
  readonly run: RunContext;
  readonly #parent: Scope | undefined;
  readonly #shielded: boolean;
  readonly #waits: Chain<Cancel> = new Chain();
  readonly #inner: Chain<Scope> = new Chain();
  /** Its place in the scope around it. */
  readonly #link: Link<Scope> | undefined;
  #canceled: Error | undefined;
  /** Its block is over. */
  #over: { readonly reason: string | undefined } | undefined;

  constructor(run: RunContext, parent?: Scope, shielded = false) {
    this.run = run;
    this.#parent = parent;
    this.#shielded = shielded;
    if (parent !== undefined && !shielded) this.#canceled = parent.canceled;
    this.#link = parent === undefined ? undefined : parent.#inner.add(this);
  }

  /** Why the scope was canceled; absent while it is not. */
  get canceled(): Error | undefined {
    if (this.#over !== undefined) this.#canceled ??= new CanceledError(this.#over);
    return this.#canceled;
  }

  /** Registers a wait; it is forgotten when `done` is called. */
  add(cancel: Cancel): Link<Cancel> {
    return this.#waits.add(cancel);
  }

  done(wait: Link<Cancel>): void {
    this.#waits.remove(wait);
  }

  /** Cancels what waits in this scope and in the scopes inside. */
  cancel(error: Error): void {
    if (this.#canceled !== undefined) return;
    this.#canceled = error;
    this.#end(error);
  }

  /**
   * The block of the scope is over: what it left behind is canceled and the scope is forgotten. Mostly it has left nothing, so that an error, which is
   * expensive, is made only for somebody to see.
   */
  close(reason?: string): void {
    if (this.#parent !== undefined && this.#link !== undefined) this.#parent.#inner.remove(this.#link);
    if (this.#canceled !== undefined) return;
    this.#over = { reason };
    if (!this.#waits.empty || !this.#inner.empty) this.cancel(new CanceledError({ reason }));
  }

  #end(error: Error): void {
    for (let cancel = this.#waits.shift(); cancel !== undefined; cancel = this.#waits.shift()) cancel(error);
    for (const scope of this.#inner.items())
      // What was canceled before may have closed others.
      if (!scope.#shielded && scope.#over === undefined) scope.cancel(error);
  }
}

/** The scope of the code that calls; `call` names what was called, for the error. */
export function currentScope(call: string): Scope {
  const scope = activeScope();
  if (scope !== undefined) return scope;
  throw new DarumaError("DRM-NOT-IN-WORKFLOW", {
    message: `${call} was called outside of a workflow. Call it from the function of a workflow(), while that runs.`,
    subject: call,
  });
}

const ignore = (): void => {};

/** Marks a promise as watched: that nobody awaits a durable call is no error of the process. */
export function watched<T>(promise: Promise<T>): Promise<T> {
  promise.then(undefined, ignore);
  return promise;
}

/** Makes a durable call. What it throws at once, the promise rejects with, so that callers have one way to handle errors. */
export function promised<T>(call: () => Promise<T>): Promise<T> {
  try {
    return call();
  } catch (error) {
    return watched(Promise.reject(error));
  }
}

/** Why, in one line, for the history. */
function reasonOf(error: Error): string | undefined {
  return error instanceof CanceledError ? error.reason : error.message.split("\n", 1)[0];
}

/** Emits a command in the caller's scope; the promise settles in a later turn. */
export function durable<T>(call: string, command: Schedule, assigned?: (ref: number) => void): Promise<T> {
  const scope = currentScope(call);
  if (scope.canceled !== undefined) return watched(Promise.reject(scope.canceled));
  return watched(
    new Promise<T>((resolve, reject) => {
      const { seam } = scope.run;
      // A detached child goes on; a child that belongs to the block is asked to cancel, and its answer settles the call.
      const detached = command.kind === "child" && command.parentClose === "abandon";
      const cancel: Cancel = (error) => {
        if (!detached) seam.withdraw(ref, reasonOf(error));
        if (command.kind !== "child" || detached) reject(error);
      };
      const ref = seam.schedule(command, {
        resolve: (value) => {
          scope.done(wait);
          resolve(value as T);
        },
        reject: (error) => {
          scope.done(wait);
          reject(error);
        },
      });
      const wait = scope.add(cancel);
      assigned?.(ref);
    }),
  );
}

/** Runs `work` in a new scope of its own. */
export function inScope<T>(scope: Scope, work: () => Promise<T>): Promise<T> {
  return runInScope(scope, work);
}
