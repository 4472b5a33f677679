/**
 * The code half of a run: the workflow function under way, and the seam that it talks to.
 *
 * It takes outcomes one at a time; what the code asks for in answer goes through the `Emitter`. It knows no store and no clock.
 * A turn is: `deliver`, microtasks settle, `meetCondition` (settling in between) until it returns false, `endTurn`.
 */
import { ChildError, DarumaError } from "../core/errors.ts";
import type { ForbiddenCallError } from "../core/errors.ts";
import type { CommandEvent, OutcomeEvent, RunForked, RunStarted } from "../core/events.ts";
import { decodePayload } from "../core/payload.ts";
import type { Payload } from "../core/payload.ts";
import { seededRandom } from "../core/random.ts";
import { RunContext } from "../workflow/run-context.ts";
import { runInScope } from "../workflow/seam.ts";
import type { ActivityDefinition, RunInfo, Schedule, Seam, Settle } from "../workflow/seam.ts";
import { answerOf } from "./answers.ts";
import type { Ended } from "./answers.ts";
import { encodeOptional } from "./commands.ts";
import { Emitter } from "./emitter.ts";
import type { ExecutionOptions } from "./emitter.ts";
import { failureOf } from "./failures.ts";
import type { ForbiddenCall, GuardedCode } from "./guard/guarded-code.ts";
import { unknownName } from "./unknown-name.ts";
import { beat } from "./watchdog-cells.ts";

/** The code half of one run. */
export class Execution implements Seam, GuardedCode {
  readonly context: RunContext;
  readonly emitter: Emitter;
  readonly #options: ExecutionOptions;
  #random: () => number = () => 0;
  /** Random numbers for code that only reads. */
  #aside: (() => number) | undefined;
  #started: RunStarted | undefined;
  #seq = 0;
  #ended: Ended | undefined;
  #continued: { readonly input: Payload | undefined } | undefined;

  constructor(options: ExecutionOptions) {
    this.#options = options;
    this.emitter = new Emitter(options);
    this.context = new RunContext(this);
  }

  /** Why the turn is void, if it is. */
  get violation(): Error | undefined {
    return this.emitter.violation;
  }

  /** Delivers outcome number `seq`. `recorded`: the commands of its turn, if it is replayed. */
  deliver(event: OutcomeEvent, seq: number, recorded?: readonly CommandEvent[]): void {
    beat();
    this.#seq = seq;
    this.emitter.begin(event.time, recorded);
    switch (event.type) {
      case "run_started":
        return this.#start(event);
      case "signal_received":
        return this.context.signals.arrive(event.name, decode(event.payload));
      case "update_accepted":
        return this.context.update(event.operation, event.name, decode(event.payload));
      case "cancel_requested":
        return this.context.cancel(event.reason);
      default:
        return this.#answer(event);
    }
  }

  /** What was replayed until now was another run's: from here on the randomness is this one's own. */
  forked({ seed }: RunForked): void {
    if (seed !== undefined) this.#random = seededRandom(seed);
  }

  /** Lets one condition that holds now go on. */
  meetCondition(): boolean {
    if (!this.context.hasConditions || this.emitter.closed || this.violation !== undefined) return false;
    let met = false;
    this.emitter.attempt(() => {
      met = this.context.meetCondition();
    });
    return met;
  }

  /** Nothing of this code counts any more. */
  abandon(): void {
    this.emitter.abandon();
  }

  /** All microtasks of the turn have run: closes the run if its function has ended, and finds out whether it waits for anything durable. */
  endTurn(): void {
    if (this.violation === undefined && !this.emitter.closed) this.emitter.attempt(() => this.#close());
    this.emitter.end();
  }

  /** Answers a query. Only between turns. */
  query(name: string, args: readonly unknown[]): unknown {
    const { queries } = this.context;
    const handler = queries.get(name);
    if (handler === undefined) throw unknownName("query", name, [...queries.keys()]);
    return this.#readingInScope(`query ${name}`, () => handler(...args));
  }

  /** Why there is no room for a signal, if nobody will take it at once. */
  signalRefusal(): DarumaError | undefined {
    const { id, limits } = this.#options;
    if (this.context.signals.total < limits.signalsBuffered) return undefined;
    return new DarumaError("DRM-SIGNAL-LIMIT", {
      message: `The run ${id} has too many signals that it has not read.`,
      subject: id,
      expected: `at most ${limits.signalsBuffered} (limits.signalsBuffered)`,
      found: String(this.context.signals.total + 1),
    });
  }

  /** Asks the validator of an update; throws what it throws. */
  validateUpdate(name: string, payload: Payload | undefined): void {
    const { updates } = this.context;
    const handler = updates.get(name);
    if (handler === undefined) throw unknownName("update", name, [...updates.keys()]);
    this.#readingInScope(`the validator of update ${name}`, () => handler.validate?.(decode(payload)));
  }

  /** The definition behind an open activity command. */
  definitionOf(ref: number): ActivityDefinition | undefined {
    const command = this.emitter.pending.get(ref)?.command;
    return command?.kind === "activity" ? command.definition : undefined;
  }

  // --- the seam ---

  info(): RunInfo {
    const { id, generation, workflow } = this.#options;
    const { time = this.emitter.now, deadline, parent } = this.#started ?? {};
    const base = { id, generation, workflow: workflow.name, startedAt: time, historyLength: this.#seq };
    return { ...base, deadline, parentId: parent?.id };
  }

  now(): number {
    return this.emitter.now;
  }

  random(): number {
    return (this.#aside ?? this.#random)();
  }

  mayEmit(call: string): void {
    this.emitter.mayEmit(call);
  }

  reading<T>(what: string, work: () => T): T {
    const before = this.#aside;
    let numbers: (() => number) | undefined;
    // How often code reads is in no history, so it must not use up the random numbers of the run.
    this.#aside = () => (numbers ??= seededRandom(`${this.#started?.seed} ${this.#seq}`))();
    try {
      return this.emitter.reading(what, work);
    } finally {
      this.#aside = before;
    }
  }

  schedule(command: Schedule, settle: Settle): number {
    return this.emitter.schedule(command, settle);
  }

  withdraw(ref: number, reason?: string): void {
    this.emitter.withdraw(ref, reason);
  }

  childId(ref: number): string {
    return this.emitter.childIds.get(ref) ?? "";
  }

  signalRun(target: string, name: string, payload: unknown): void {
    this.emitter.mayEmit(`signal ${name}`);
    const encoded = encodeOptional(payload, this.#options.limits, `the payload of signal ${name}`);
    const ref = this.emitter.nextRef();
    this.emitter.record({ type: "signal_sent", ref, target, name, payload: encoded, time: this.now() });
  }

  version(changeId: string, min: number, max: number): number {
    return this.emitter.version(changeId, min, max);
  }

  completeUpdate(operation: string, outcome: Ended): void {
    if (this.emitter.closed) return;
    if (!this.emitter.inTurn)
      return void this.emitter.stray("The handler of an update ended outside of a turn");
    const answer = answerOf(outcome, this.#options.limits, "the result of an update");
    this.emitter.attempt(() =>
      this.emitter.record({ type: "update_completed", operation, time: this.now(), ...answer }),
    );
  }

  continueAsNew(input: unknown): void {
    this.emitter.mayEmit("continueAsNew()");
    this.#continued ??= {
      input: encodeOptional(input, this.#options.limits, "the input of continueAsNew()"),
    };
  }

  // --- for the guard ---

  startedAt(): number {
    return this.#started?.time ?? this.emitter.now;
  }

  get replaying(): boolean {
    return this.emitter.replaying;
  }

  forbid(call: ForbiddenCall): ForbiddenCallError {
    return this.emitter.forbid(call);
  }

  rejected(reason: unknown): void {
    const { id: runId, workflow, report } = this.#options;
    const { name } = workflow;
    // What has parked the run is told already.
    if (this.violation !== undefined && reason === this.violation) return;
    const message = `A promise of workflow ${name}, run ${runId}, was rejected and nobody handles it: ${describe(reason)}`;
    report?.({ level: "warn", event: "unhandled_rejection", message, runId, workflow: name });
  }

  // --- inside ---

  #readingInScope<T>(what: string, work: () => T): T {
    return this.reading(what, () => runInScope(this.context.root, work));
  }

  #start(event: RunStarted): void {
    this.#started = event;
    this.emitter.depth = event.depth ?? 0;
    this.#random = seededRandom(event.seed);
    for (const { name, payload } of event.carried ?? []) this.context.signals.arrive(name, decode(payload));
    const run = this.#options.workflow.run as (input: unknown) => unknown;
    this.context.start(run, decode(event.input)).then(
      (value) => this.#end({ value }),
      (error: unknown) => this.#end({ error }),
    );
  }

  #end(ended: Ended): void {
    beat();
    if (!this.emitter.inTurn) this.emitter.stray("The workflow function ended outside of a turn");
    this.#ended ??= ended;
  }

  #answer(event: Extract<OutcomeEvent, { ref: number }>): void {
    const { pending, childIds } = this.emitter;
    const open = pending.get(event.ref);
    if (open === undefined) return void this.emitter.attempt(() => this.#unasked(event));
    const childId = childIds.get(event.ref);
    pending.delete(event.ref);
    childIds.delete(event.ref);
    const { settle, command } = open;
    if (event.type === "timer_fired") settle.resolve(undefined);
    else if (event.type === "activity_completed") settle.resolve(decode(event.result));
    else if (event.type === "child_closed" && event.status === "completed")
      settle.resolve(decode(event.result));
    else settle.reject(failureOf(event, command, childId));
  }

  #close(): void {
    const closing = this.#closing();
    if (closing !== undefined) {
      this.emitter.record(closing);
      this.emitter.closed = true;
      this.emitter.pending.clear();
    } else if (this.emitter.pending.size === 0 && !this.context.listening) {
      this.emitter.stray("Nothing durable is open and the function has not ended");
    }
  }

  #closing(): CommandEvent | undefined {
    const time = this.now();
    const { limits, workflow } = this.#options;
    if (this.#continued !== undefined) return { type: "run_continued_as_new", ...this.#continued, time };
    if (this.#ended === undefined) return undefined;
    const canceled = this.context.root.canceled;
    if (canceled !== undefined && "error" in this.#ended && isCancel(this.#ended.error)) {
      return { type: "run_canceled", reason: reasonOf(canceled), time };
    }
    const { result, failure } = answerOf(this.#ended, limits, `the result of workflow ${workflow.name}`);
    if (failure !== undefined) return { type: "run_failed", failure, time };
    return result === undefined ? { type: "run_completed", time } : { type: "run_completed", result, time };
  }

  #unasked(event: Extract<OutcomeEvent, { ref: number }>): never {
    throw new DarumaError("DRM-CORRUPT-HISTORY", {
      message: `The history of run ${this.#options.id} answers a command that it does not hold: ${event.type} #${event.ref}.`,
    });
  }
}

/** What was thrown, with its stack if it has one. */
function describe(reason: unknown): string {
  return reason instanceof Error ? (reason.stack ?? String(reason)) : String(reason);
}

function decode(payload: Payload | undefined): unknown {
  return payload === undefined ? undefined : decodePayload(payload);
}

function isCancel(error: unknown): boolean {
  const cause = error instanceof ChildError ? error.cause : error;
  return cause instanceof DarumaError && cause.code === "DRM-CANCELED";
}

function reasonOf(error: Error): string | undefined {
  return "reason" in error && typeof error.reason === "string" ? error.reason : undefined;
}
