/**
 * The one holder of asynchronous context: the scope of the workflow code, or the attempt of the activity, that is running; nothing in the engine's own code.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { setActivityHolder } from "../workflow/run.ts";
import { Scope } from "../workflow/scope.ts";
import { setAsyncContext } from "../workflow/seam.ts";
import { Attempt } from "./attempt.ts";

const storage = new AsyncLocalStorage<Scope | Attempt | undefined>();

/** The scope of the workflow code that is running, if any is. */
export function runningScope(): Scope | undefined {
  const current = storage.getStore();
  return current instanceof Scope ? current : undefined;
}

/** The attempt of the activity whose code is running, if any is. */
export function runningAttempt(): Attempt | undefined {
  const current = storage.getStore();
  return current instanceof Attempt ? current : undefined;
}

/** Connects the workflow layer; safe to call more than once. */
export function connectAsyncContext(): void {
  setAsyncContext({ get: runningScope, run: (scope, work) => storage.run(scope, work) });
  setActivityHolder(runningAttempt);
}

/** Runs an activity's code. */
export function asActivity<T>(attempt: Attempt, work: () => T): T {
  return storage.run(attempt, work);
}

/** Runs the engine's own code, whoever caused it. */
export function asEngine<T>(work: () => T): T {
  return storage.run(undefined, work);
}
