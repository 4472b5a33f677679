/** What activities were called with in a test, and what stands in for them. */
import { DarumaError } from "../core/errors.ts";
import { decodePayload, encodePayload } from "../core/payload.ts";
import { runningAttempt } from "../engine/async-context.ts";
import type { Attempt } from "../engine/attempt.ts";
import type { ActivityDefinition } from "../workflow/seam.ts";
import type { Crew } from "./crew.ts";
import type { Stub, StubFunction } from "./stubs.ts";

/** One attempt of an activity. It is `running` until its function ends; a crash of the engine does not change it any more. */
export interface ActivityCall<Args extends readonly unknown[] = readonly unknown[], Result = unknown> {
  readonly activity: string;
  readonly args: Args;
  readonly runId: string;
  readonly workflow: string;
  /** Counts attempts from 1. */
  readonly attempt: number;
  readonly idempotencyKey: string;
  /** When it began, epoch milliseconds. */
  readonly time: number;
  readonly status: "running" | "completed" | "failed";
  readonly result?: Result;
  readonly error?: unknown;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** How the calls of a test are answered. */
export interface CallOptions {
  readonly stubs: readonly Stub[];
  /** Activities without a stub fail. */
  readonly onlyStubs: boolean;
  readonly now: () => number;
}

/** All calls of one test, over all crashes, and the stubs. */
export class Calls {
  readonly all: ActivityCall[] = [];
  readonly #stubs: Map<string, StubFunction>;
  readonly #options: CallOptions;

  constructor(options: CallOptions) {
    this.#options = options;
    this.#stubs = new Map(options.stubs.map(({ name, run }) => [name, run]));
  }

  /** From now on this stub stands in for its activity. */
  use({ name, run }: Stub): void {
    this.#stubs.set(name, run);
  }

  /** The attempts of one activity, or of all, in the order in which they began. */
  of(activity: string | undefined): readonly ActivityCall[] {
    return activity === undefined ? [...this.all] : this.all.filter((call) => call.activity === activity);
  }

  /** What the engine calls in the place of activities: the same for the same definition. */
  interceptor(crew: Crew): (definition: ActivityDefinition) => ActivityDefinition {
    const known = new WeakMap<ActivityDefinition, ActivityDefinition>();
    return (definition) => {
      let answer = known.get(definition);
      if (answer === undefined) known.set(definition, (answer = this.#watched(definition, crew)));
      return answer;
    };
  }

  #watched(definition: ActivityDefinition, crew: Crew): ActivityDefinition {
    const run = (...args: unknown[]): unknown => {
      const attempt = runningAttempt();
      return attempt === undefined
        ? undefined
        : crew.work(attempt, () => this.#call(definition, attempt, args));
    };
    return { ...definition, run };
  }

  async #call(definition: ActivityDefinition, attempt: Attempt, args: unknown[]): Promise<unknown> {
    const call = this.#begin(attempt, args);
    try {
      const run = this.#stubs.get(definition.name) ?? this.#real(definition);
      call.result = await (run as (...given: unknown[]) => unknown)(...args);
      call.status = "completed";
      return call.result;
    } catch (error) {
      Object.assign(call, { status: "failed", error });
      throw error;
    }
  }

  #begin(attempt: Attempt, args: readonly unknown[]): Writable<ActivityCall> {
    const { activity, runId, workflow, attempt: number, idempotencyKey } = attempt;
    const call: Writable<ActivityCall> = {
      activity,
      // A copy, because the function may change what it gets.
      args: decodePayload(encodePayload(args)) as readonly unknown[],
      runId,
      workflow,
      attempt: number,
      idempotencyKey,
      time: this.#options.now(),
      status: "running",
    };
    this.all.push(call);
    return call;
  }

  #real({ name, run }: ActivityDefinition): StubFunction {
    if (!this.#options.onlyStubs) return run;
    const error = new DarumaError("DRM-UNKNOWN-ACTIVITY", {
      message: `The activity "${name}" has no stub, and this test runs only stubs.`,
      subject: name,
      expected: `one of ${[...this.#stubs.keys()].join(", ")}`,
      found: name,
      fix: "Add a stub for it, or leave `onlyStubs` out to run the real activity.",
    });
    throw Object.assign(error, { nonRetryable: true });
  }
}
