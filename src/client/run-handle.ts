/** A run, as a client holds it. Every method may be called at any time, from any process, as often as you like. */
import { DarumaError } from "../core/errors.ts";
import type { HistoryEvent } from "../core/events.ts";
import { decodePayload, encodePayload } from "../core/payload.ts";
import type { Payload } from "../core/payload.ts";
import type { Query, Signal, Update } from "../workflow/messages.ts";
import type { Backend, RunDescription, RunSummary } from "./backend.ts";

/** A message may carry its own operation id: sending it again with the same one changes nothing. */
export interface SendOptions {
  readonly operation?: string | undefined;
}

/** Where a run goes on from. A repeat with the same operation id changes nothing. */
export interface RetryOptions extends SendOptions {
  /** The number of the last event that is kept. Default: the run itself knows. */
  readonly at?: number | undefined;
}

/** How a run is forked. */
export interface ForkOptions extends SendOptions {
  /** The new run's id. Default: this run's id and a unique part. */
  readonly id?: string | undefined;
  /** The number of the last event that both runs share. Default: the last point that there is; for a closed run the outcome that it closed on, which is decided anew. */
  readonly at?: number | undefined;
}

export class RunHandle<Output = unknown> {
  readonly id: string;
  readonly #backend: Backend;
  readonly #unique: () => string;

  constructor(id: string, backend: Backend, unique: () => string) {
    this.id = id;
    this.#backend = backend;
    this.#unique = unique;
  }

  /**
   * Its result; waits until it has closed, also through `continueAsNew`.
   * @throws RunFailedError (`cause` is the workflow's error), RunCanceledError, RunTerminatedError, RunTimedOutError; the violation if it gets parked
   */
  async result(): Promise<Output> {
    return decode(await this.#backend.result(this.id)) as Output;
  }

  /** Sends a signal; resolves when it is durable. @throws RunNotFoundError, RunClosedError, PayloadError */
  signal<T>(signal: Signal<T> | string, ...rest: SignalArgs<T>): Promise<void> {
    const [payload, options] = rest as [unknown, SendOptions | undefined];
    const name = typeof signal === "string" ? signal : signal.name;
    return this.#send(
      { type: "signal", name, payload: encode(payload, `the payload of signal ${name}`) },
      options,
    );
  }

  /** Asks; the answer is from a durable state. Works on closed runs too. @throws DarumaError DRM-UNKNOWN-QUERY, what the handler threw */
  async query<Result, Args extends readonly unknown[]>(
    query: Query<Result, Args> | string,
    ...args: Args
  ): Promise<Result> {
    const name = typeof query === "string" ? query : query.name;
    return decode(await this.#backend.query(this.id, name, encodePayload(args))) as Result;
  }

  /** Sends an update and waits for its answer. @throws UpdateRejectedError (nothing was recorded), what the handler threw */
  async update<Input, Result>(
    update: Update<Input, Result> | string,
    ...rest: SignalArgs<Input>
  ): Promise<Result> {
    const [input, options] = rest as [unknown, SendOptions | undefined];
    const name = typeof update === "string" ? update : update.name;
    const payload = encode(input, `the input of update ${name}`);
    const operation = options?.operation ?? this.#unique();
    return decode(await this.#backend.update(this.id, name, { payload, operation })) as Result;
  }

  /** Stops new turns and new attempts; what runs finishes, what arrives is kept. Reaches children. */
  pause(reason?: string): Promise<void> {
    return this.#send({ type: "pause", reason });
  }

  resume(): Promise<void> {
    return this.#send({ type: "resume" });
  }

  /** Asks the run to cancel: it sees a `CanceledError` and may clean up. Ends a pause. Reaches children. */
  cancel(reason?: string): Promise<void> {
    return this.#send({ type: "cancel", reason });
  }

  /** Ends the run at once, with its children. */
  terminate(reason?: string): Promise<void> {
    return this.#send({ type: "terminate", reason });
  }

  /**
   * Makes a new run that shares this one's history up to a point, and goes on from there by itself, with the code of today. This run is left as it is; it may be
   * open or closed. What had no outcome at the point is done anew in the new run: activities are called (with new idempotency keys), children started, timers waited for.
   * @throws RunNotFoundError, DuplicateRunError, DarumaError DRM-FORK-POINT (its message names the nearest points)
   */
  async fork(options: ForkOptions = {}): Promise<RunHandle<Output>> {
    const id = options.id ?? `${this.id}-${this.#unique()}`;
    const operation = options.operation ?? this.#unique();
    await this.#backend.fork(this.id, { id, at: eventNumber(options.at), operation });
    return new RunHandle<Output>(id, this.#backend, this.#unique);
  }

  /**
   * Lets a run that failed, timed out or was terminated go on: with the same id, as its next generation, from before what it failed for. What succeeded is not done again;
   * the activity that failed is called again. A run whose code failed by itself decides its last turn anew. With `at`, it goes on from after that event; so can a run that was canceled.
   * Resolves when it is durable.
   * @throws RunNotFoundError, DarumaError DRM-NOT-RETRYABLE (its message says what to do instead), DRM-FORK-POINT
   */
  retry(options: RetryOptions = {}): Promise<void> {
    const operation = options.operation ?? this.#unique();
    return this.#backend.retry(this.id, { at: eventNumber(options.at), operation });
  }

  describe(): Promise<RunDescription> {
    return this.#backend.describe(this.id);
  }

  /** What lists show of the run; cheaper than `describe()`, which looks into the history. @throws RunNotFoundError */
  summary(): Promise<RunSummary> {
    return this.#backend.summary(this.id);
  }

  /** The history of the latest generation. With `follow`, goes on until the run has closed. */
  history(options: { readonly from?: number; readonly follow?: boolean } = {}): AsyncIterable<HistoryEvent> {
    const { from = 1, follow = false } = options;
    return this.#backend.history(this.id, { from, follow });
  }

  #send(message: Parameters<Backend["send"]>[1], options?: SendOptions): Promise<void> {
    return this.#backend.send(this.id, message, options?.operation ?? this.#unique());
  }
}

/** A payload of type void may be left out. */
export type SignalArgs<T> = [T] extends [void]
  ? [payload?: T, options?: SendOptions]
  : [payload: T, options?: SendOptions];

function encode(value: unknown, subject: string): Payload | undefined {
  return value === undefined ? undefined : encodePayload(value, { subject });
}

function decode(payload: Payload | undefined): unknown {
  return payload === undefined ? undefined : decodePayload(payload);
}

/** @throws DarumaError DRM-INVALID-OPTION */
function eventNumber(at: number | undefined): number | undefined {
  if (at === undefined || (Number.isSafeInteger(at) && at >= 1)) return at;
  throw new DarumaError("DRM-INVALID-OPTION", {
    message: 'The option "at" is no number of an event.',
    subject: "at",
    expected: "a whole number of 1 or more",
    found: String(at),
  });
}
