/** Messages to a run: signals, queries and updates, as workflow code declares them. */
import type { Duration } from "../core/duration.ts";
import { checkName } from "../core/names.ts";
import { currentScope, promised } from "./scope.ts";
import { waitFor } from "./time.ts";

/** A message in. Declared once, used by workflow code to read and by clients to send. */
export interface Signal<T> {
  readonly kind: "signal";
  readonly name: string;
  /** Carries the type of the payload; never set. */
  readonly payload?: T;
  /**
   * Takes the oldest unread signal of this name, also one that came before anyone waited; else waits for the next.
   * @throws TimeoutError when `timeout` is over first (never a null); CanceledError
   */
  receive(options?: { readonly timeout?: Duration | undefined }): Promise<T>;
  /** From now on `handler` gets each signal that no `receive` is waiting for. An error in it fails the run. */
  handle(handler: (payload: T) => unknown): void;
  /** How many unread signals of this name there are. */
  unread(): number;
}

/** Declares a signal. @throws DarumaError DRM-INVALID-NAME */
export function signal<T = void>(name: string): Signal<T> {
  checkName("signal", name);
  const box = (call: string) => currentScope(`${call} of signal ${name}`).run.signals;
  return {
    kind: "signal",
    name,
    receive({ timeout } = {}) {
      const call = `receive() of signal ${name}`;
      return promised(() => {
        const signals = box("receive()");
        const register = (resolve: (payload: T) => void): (() => void) =>
          signals.receive(name, resolve as (payload: unknown) => void);
        return waitFor(register, { kind: "receive", call, subject: name, timeout });
      });
    },
    handle: (handler) => box("handle()").handle(name, handler as (payload: unknown) => unknown),
    unread: () => box("unread()").count(name),
  };
}

/** A read-only question. */
export interface Query<Result, Args extends readonly unknown[] = []> {
  readonly kind: "query";
  readonly name: string;
  /** Carries the type of the answer; never set. */
  readonly result?: Result;
  /** Answers the query from now on, on live, idle and closed runs. `handler` must only read, and must not be asynchronous. */
  handle(handler: (...args: Args) => Result): void;
}

/** Declares a query. @throws DarumaError DRM-INVALID-NAME */
export function query<Result, Args extends readonly unknown[] = []>(name: string): Query<Result, Args> {
  checkName("query", name);
  return {
    kind: "query",
    name,
    handle(handler) {
      const { queries } = currentScope(`handle() of query ${name}`).run;
      queries.set(name, handler as unknown as (...args: unknown[]) => unknown);
    },
  };
}

/** A message in, with an answer that was validated. */
export interface Update<Input, Result> {
  readonly kind: "update";
  readonly name: string;
  /** Carries the type of the answer; never set. */
  readonly result?: Result;
  /**
   * Answers the update from now on. `validate` may refuse by throwing: nothing of a refused update is recorded. It must only read.
   * `handler` may make durable calls; what it throws goes to the caller of the update and does not fail the run.
   */
  handle(
    handler: (input: Input) => Result | Promise<Result>,
    options?: { readonly validate?: ((input: Input) => void) | undefined },
  ): void;
}

/** Declares an update. @throws DarumaError DRM-INVALID-NAME */
export function update<Input = void, Result = void>(name: string): Update<Input, Result> {
  checkName("update", name);
  return {
    kind: "update",
    name,
    handle(handler, { validate } = {}) {
      const { updates } = currentScope(`handle() of update ${name}`).run;
      updates.set(name, {
        handle: handler as (input: unknown) => unknown,
        validate: validate as ((input: unknown) => void) | undefined,
      });
    },
  };
}
