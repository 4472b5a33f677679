/**
 * One run, as workflow code sees it: its root scope, its signals, queries, updates and conditions.
 *
 * The engine feeds it what the world says (signals, updates, cancel) and asks it questions (queries, conditions).
 * Invariants:
 * - A signal is kept, in order, until somebody reads it (S1).
 * - Queries, validators and conditions only read: a durable call inside one is an error (the engine checks it at the seam).
 */
import { CanceledError } from "../core/errors.ts";
import { Scope, watched } from "./scope.ts";
import { runInScope } from "./seam.ts";
import type { Seam } from "./seam.ts";
import { SignalBox } from "./signal-box.ts";

/** How a workflow takes an update. */
export interface UpdateHandler {
  readonly handle: (input: unknown) => unknown;
  readonly validate?: ((input: unknown) => void) | undefined;
}

/** What a condition's test threw. */
export interface FailedTest {
  readonly error: unknown;
}

interface Condition {
  readonly test: () => boolean;
  readonly since: number;
  readonly over: (failed: FailedTest | undefined) => void;
}

/** The workflow layer's half of one run. */
export class RunContext {
  readonly seam: Seam;
  readonly root: Scope;
  readonly signals: SignalBox;
  readonly queries: Map<string, (...args: unknown[]) => unknown> = new Map();
  readonly updates: Map<string, UpdateHandler> = new Map();
  readonly #conditions: Set<Condition> = new Set();
  /** Rejects when a signal handler fails: the run fails with its error. */
  readonly broken: Promise<never>;
  readonly fail: (error: unknown) => void;

  constructor(seam: Seam) {
    this.seam = seam;
    const { promise, reject } = Promise.withResolvers<never>();
    this.broken = watched(promise);
    this.fail = reject;
    this.root = new Scope(this);
    this.signals = new SignalBox(this);
  }

  /** Runs the workflow's function as code of this run. */
  start(run: (input: unknown) => unknown, input: unknown): Promise<unknown> {
    return Promise.race([runInScope(this.root, async () => run(input)), this.broken]);
  }

  /** A request to cancel: durable calls reject with a `CanceledError`, shielded blocks go on. */
  cancel(reason: string | undefined): void {
    this.root.cancel(new CanceledError({ reason }));
  }

  /** Runs an accepted update's handler; its result goes out through the seam. */
  update(operation: string, name: string, input: unknown): void {
    const handler = this.updates.get(name);
    runInScope(this.root, async () => handler?.handle(input)).then(
      (value) => this.seam.completeUpdate(operation, { value }),
      (error: unknown) => this.seam.completeUpdate(operation, { error }),
    );
  }

  /** Waits until `test` holds or throws; the engine asks after each turn. Returns the way to give up. */
  watch(test: () => boolean, over: Condition["over"]): () => void {
    const condition: Condition = { test, since: this.seam.now(), over };
    this.#conditions.add(condition);
    return () => this.#conditions.delete(condition);
  }

  /** Lets the first condition that now holds go on; false: none holds. To be called until it returns false, microtasks settling in between. */
  meetCondition(): boolean {
    for (const condition of this.#conditions) {
      const asked = this.#ask(condition);
      if (asked === false) continue;
      this.#conditions.delete(condition);
      condition.over(asked === true ? undefined : asked);
      return true;
    }
    return false;
  }

  #ask({ test }: Condition): boolean | FailedTest {
    try {
      return this.seam.reading("a condition", () => runInScope(this.root, test));
    } catch (error) {
      return { error };
    }
  }

  get hasConditions(): boolean {
    return this.#conditions.size > 0;
  }

  /** True if something from outside (a signal, an update) or a condition can make the run go on. */
  get listening(): boolean {
    return this.hasConditions || this.updates.size > 0 || this.signals.listening;
  }

  /** What the run waits for besides commands: "signal approve", "a condition"; with the time since when. */
  waits(): { readonly what: string; readonly since: number }[] {
    const conditions = [...this.#conditions].map(({ since }) => ({ what: "a condition", since }));
    return [...this.signals.waits(), ...conditions];
  }
}
