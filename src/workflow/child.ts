/** Child runs: runs that a workflow starts. Their failure is theirs: the parent gets a typed error and decides. */
import type { ParentClosePolicy } from "../core/events.ts";
import { durationMs } from "../core/duration.ts";
import type { Duration } from "../core/duration.ts";
import type { Signal } from "./messages.ts";
import { currentScope, durable, inScope, promised, Scope } from "./scope.ts";
import { CanceledError } from "../core/errors.ts";
import type { Workflow } from "./workflow.ts";

/** Options of a child run. */
export interface ChildOptions {
  /** Default: derived from the parent's id; the same on every replay. */
  readonly id?: string | undefined;
  /** What happens to the child when the parent closes first. Default: `terminate`. `abandon` detaches it: a cancel or pause of the parent does not reach it either. */
  readonly parentClose?: ParentClosePolicy | undefined;
  /** Its time limit. Default: its workflow's. */
  readonly timeout?: Duration | undefined;
}

/** A started child. */
export interface ChildHandle<Output> {
  readonly id: string;
  /** Its result. @throws ChildError (its `cause` says why), CanceledError */
  result(): Promise<Output>;
  /** Sends a signal with this turn's commit; a payload of type void may be left out. A child that has closed does not get it. */
  signal<T>(signal: Signal<T>, ...payload: [T] extends [void] ? [payload?: T] : [payload: T]): void;
  /** Asks it to cancel. It may clean up; `result()` tells when it is over. */
  cancel(reason?: string): void;
}

/** A workflow, or the name of one in any notation. */
export type Startable<Input, Output> = Workflow<Input, Output> | string;

/** Starts a child and waits for its result. @throws ChildError, CanceledError */
function run<Input, Output>(
  workflow: Startable<Input, Output>,
  input: Input,
  options: ChildOptions = {},
): Promise<Output> {
  return promised(() => start(workflow, input, options).result());
}

/** Starts a child and returns at once. */
function start<Input, Output>(
  workflow: Startable<Input, Output>,
  input: Input,
  options: ChildOptions = {},
): ChildHandle<Output> {
  const { run: context } = currentScope("child()");
  const { seam } = context;
  const scope = new Scope(context, currentScope("child()"));
  const name = typeof workflow === "string" ? workflow : workflow.name;
  const { parentClose = "terminate" } = options;
  const timeout = options.timeout ?? (typeof workflow === "string" ? undefined : workflow.options.timeout);
  let ref = 0;
  const result = inScope(scope, () =>
    durable<Output>(
      "child()",
      {
        kind: "child",
        name,
        input,
        id: options.id,
        parentClose,
        timeoutMs: timeout === undefined ? undefined : durationMs(timeout, "the time-out of child()"),
      },
      (assigned) => (ref = assigned),
    ),
  );
  // A run may have very many children: nothing of one stays when it has closed.
  const over = (): void => scope.close();
  result.then(over, over);
  const id = seam.childId(ref);
  return {
    id,
    result: () => result,
    signal: (sent, ...[payload]) => seam.signalRun(id, sent.name, payload),
    cancel: (reason) => {
      // A detached child is in no block, so that it is asked directly.
      if (parentClose === "abandon") seam.withdraw(ref, reason);
      else scope.cancel(new CanceledError({ reason }));
    },
  };
}

/** `child(workflow, input, options?)` starts a child and waits; `child.start(…)` returns a handle at once. */
export const child: typeof run & { readonly start: typeof start } = Object.assign(run, { start });
