/**
 * From the calls of workflow code to commands: new ones go to `emit`, replayed ones are compared with the record.
 *
 * Invariants:
 * - Commands are emitted only in a turn; a call at another time is a stray await (the code waited for something that is no durable call).
 * - Queries, validators and conditions emit nothing.
 * - What workflow code may not do is noted as the turn's violation, whatever the code does with the error: such a turn is void.
 */
import { DarumaError, ForbiddenCallError, StrayAwaitError } from "../core/errors.ts";
import type { CommandEvent } from "../core/events.ts";
import type { Limits } from "../core/limits.ts";
import type { Payload } from "../core/payload.ts";
import { PlacedMap } from "../core/placed-map.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import type { Schedule, Settle } from "../workflow/seam.ts";
import type { AnyWorkflow } from "../workflow/workflow.ts";
import { callSite } from "./call-site.ts";
import { commandOf } from "./commands.ts";
import type { ForbiddenCall } from "./guard/guarded-code.ts";
import { Recorded, versionMark } from "./recorded.ts";
import { beat } from "./watchdog-cells.ts";

/** So many commands of one turn are signs that it gets on. */
const maxBeats = 100_000;

/** What an execution needs of its run. */
export interface ExecutionOptions {
  readonly workflow: AnyWorkflow;
  readonly id: string;
  readonly generation: number;
  readonly limits: Limits;
  /** On replay compare payloads too. */
  readonly strict: boolean;
  /** Remember where the last durable call was made (costs some microseconds a call). */
  readonly trace: boolean;
  /** Takes each new command. */
  readonly emit: (command: CommandEvent) => void;
  /** Takes what people should know about the code. Default: nobody does. */
  readonly report?: Telemetry | undefined;
  /** Called when the code did between turns what it may not do: nobody would look at it before the next one. */
  readonly outOfTurn?: (() => void) | undefined;
}

/** A command whose answer has not come. */
export interface Pending {
  readonly settle: Settle;
  readonly command: Schedule;
  /** What a copied activity is called with: the arguments as the code gives them in this run. */
  readonly input: Payload | undefined;
}

/** Code that may only read, and the first thing that it did and may not do. */
interface Reading {
  readonly what: string;
  offence: DarumaError | undefined;
}

/** The command side of one execution. */
export class Emitter {
  readonly pending: PlacedMap<number, Pending> = new PlacedMap();
  readonly childIds: Map<number, string> = new Map();
  /** The time of the outcome being delivered. */
  now = 0;
  depth = 0;
  /** The first thing that workflow code did and may not do; the turn is void. */
  violation: Error | undefined;
  closed = false;
  /** The turns that are replayed were another run's (see `RunForked`): what names a run differs in their payloads. */
  copied = false;
  readonly #options: ExecutionOptions;
  readonly #versions: Map<string, number> = new Map();
  #recorded: Recorded | undefined;
  #lastRef = 0;
  #inTurn = false;
  #beats = 0;
  #reading: Reading | undefined;
  #site: string | undefined;

  constructor(options: ExecutionOptions) {
    this.#options = options;
  }

  /** A turn begins. `recorded`: its commands, if it is replayed. */
  begin(time: number, recorded: readonly CommandEvent[] | undefined): void {
    this.now = time;
    this.#beats = 0;
    const strict = this.#options.strict && !this.copied;
    this.#recorded = recorded === undefined ? undefined : new Recorded(recorded, strict);
    this.#inTurn = true;
  }

  /** The turn is over. */
  end(): void {
    if (this.violation === undefined) this.attempt(() => this.#recorded?.finish(this.#site));
    this.#inTurn = false;
  }

  /** Its code was cut off, or is void: what may be left of it can do nothing any more. */
  abandon(): void {
    this.#inTurn = false;
    this.closed = true;
    this.pending.clear();
  }

  get inTurn(): boolean {
    return this.#inTurn;
  }

  /** True while a recorded turn is repeated. */
  get replaying(): boolean {
    return this.#inTurn && this.#recorded !== undefined;
  }

  schedule(command: Schedule, settle: Settle): number {
    this.mayEmit(`${command.kind} ${command.kind === "activity" ? command.definition.name : command.name}`);
    this.#checkRoom();
    if (command.kind === "child") this.#checkDepth();
    const { limits } = this.#options;
    const ref = this.#lastRef + 1;
    const event = commandOf(command, { ref, time: this.now, run: this.#options, limits });
    this.#lastRef = ref;
    const input = this.copied && event.type === "activity_scheduled" ? event.input : undefined;
    this.pending.set(ref, { settle, command, input });
    const recorded = this.record(event);
    if (recorded.type === "child_started") this.childIds.set(ref, recorded.id);
    return ref;
  }

  withdraw(ref: number, reason?: string): void {
    const command = this.pending.get(ref)?.command;
    if (command === undefined || this.closed) return;
    this.mayEmit("cancel");
    const time = this.now;
    if (command.kind === "child")
      return void this.record({ type: "child_cancel_requested", ref, reason, time });
    this.pending.delete(ref);
    this.record({ type: command.kind === "activity" ? "activity_canceled" : "timer_canceled", ref, time });
  }

  /** The number for a command that has no answer. */
  nextRef(): number {
    return ++this.#lastRef;
  }

  version(changeId: string, min: number, max: number): number {
    this.mayEmit(`getVersion(${changeId})`);
    const known = this.#versions.get(changeId) ?? this.#recorded?.version(changeId);
    const version = known ?? (this.#recorded === undefined ? max : -1);
    if (version < min || version > max)
      throw (this.violation ??= unknownVersion(changeId, version, { min, max }));
    if (known === undefined && this.#recorded === undefined)
      this.#options.emit(versionMark(changeId, version, this.now));
    this.#versions.set(changeId, version);
    return version;
  }

  /** Takes a command; returns it as the history has it. */
  record(event: CommandEvent): CommandEvent {
    if (this.#options.trace) this.#site = callSite() ?? this.#site;
    // A turn that makes calls gets on; one that makes calls without end does not.
    if (this.#beats++ < maxBeats) beat();
    let recorded = event;
    const failed = this.attempt(() => {
      if (this.#recorded === undefined) this.#options.emit(event);
      else recorded = this.#recorded.match(event, this.#site);
    });
    if (failed !== undefined) throw failed;
    return recorded;
  }

  /** Does `work`; what it throws is a violation, and is returned. */
  attempt(work: () => void): Error | undefined {
    try {
      work();
      return undefined;
    } catch (error) {
      this.violation ??= error as Error;
      return error as Error;
    }
  }

  mayEmit(call: string): void {
    if (this.#reading !== undefined) throw (this.#reading.offence ??= readOnly(this.#reading.what, call));
    if (this.#inTurn) return;
    throw this.stray(`${call} was called outside of a turn`, callSite());
  }

  /** Runs `work` with durable calls forbidden. @throws DarumaError DRM-READ-ONLY for such a call, also if `work` keeps the error to itself */
  reading<T>(what: string, work: () => T): T {
    const before = this.#reading;
    const reading: Reading = { what, offence: undefined };
    this.#reading = reading;
    try {
      const answer = work();
      if (reading.offence !== undefined) throw reading.offence;
      return answer;
    } finally {
      this.#reading = before;
    }
  }

  /** Notes, and returns, the error of a call that workflow code may not make. */
  forbid(call: ForbiddenCall): ForbiddenCallError {
    const error = new ForbiddenCallError(call);
    if (this.#reading === undefined) this.#note(error);
    else this.#reading.offence ??= error;
    return error;
  }

  /** Notes, and returns, the error of a wait that is not durable. */
  stray(what: string, site: string | undefined = this.#site): StrayAwaitError {
    const { workflow, id } = this.#options;
    const error = new StrayAwaitError({
      message: `${what}: workflow ${workflow.name}, run ${id}, waits for something that is no durable call${site === undefined ? "" : `, near ${site}`}.`,
      site,
    });
    this.#note(error);
    return error;
  }

  #note(violation: Error): void {
    this.violation ??= violation;
    if (!this.#inTurn) this.#options.outOfTurn?.();
  }

  #checkRoom(): void {
    const limit = this.#options.limits.pendingCommands;
    if (this.pending.size < limit) return;
    throw new DarumaError("DRM-PENDING-LIMIT", {
      message: `The run ${this.#options.id} has too many durable calls open at once.`,
      expected: `at most ${limit} (limits.pendingCommands)`,
      found: String(this.pending.size + 1),
    });
  }

  #checkDepth(): void {
    const { childDepth } = this.#options.limits;
    if (this.depth < childDepth) return;
    throw new DarumaError("DRM-DEPTH-LIMIT", {
      message: `The run ${this.#options.id} cannot start a child: it is nested too deep.`,
      expected: `at most ${childDepth} levels (limits.childDepth)`,
      found: String(this.depth + 1),
    });
  }
}

/** The run follows a version that this code has dropped: it waits for code that has not. */
function unknownVersion(
  changeId: string,
  version: number,
  { min, max }: { readonly min: number; readonly max: number },
): DarumaError {
  const error = new DarumaError("DRM-UNKNOWN-VERSION", {
    message: `This run follows version ${version} of the change ${changeId}, which this code no longer knows.`,
    subject: changeId,
    expected: `a version from ${min} to ${max}`,
    found: String(version),
  });
  return Object.assign(error, { site: callSite() });
}

function readOnly(where: string, call: string): DarumaError {
  return new DarumaError("DRM-READ-ONLY", {
    message: `${call} was called inside ${where}, which may only read.`,
    subject: call,
  });
}
