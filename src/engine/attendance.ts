/**
 * Attendance: bringing runs into memory when there is something to do for them, and their waiting messages into their queues.
 *
 * Invariants:
 * - One attendance per run at a time; while it lasts, new messages go through the inbox, so that their order stays.
 * - A run enters memory only when it is claimed; its epoch fences every former holder (L1).
 * - An activity that was open when its former holder went is noted as interrupted before it is called again.
 */
import { DarumaError } from "../core/errors.ts";
import type { Event } from "../core/events.ts";
import { toFailure } from "../core/failure.ts";
import type { Message } from "../core/messages.ts";
import { PlacedMap } from "../core/placed-map.ts";
import type { OpenActivity } from "../core/progress.ts";
import type { StoredMessage } from "../store/inbox.ts";
import type { RunWrite } from "../store/commit.ts";
import type { RunRow } from "../store/runs.ts";
import { alone } from "./alone.ts";
import { Claims } from "./claims.ts";
import { asControl, isControl, isMessage, noteAnswered } from "./delivery.ts";
import { LiveRun } from "./live-run.ts";
import type { EquipOptions } from "./live-run.ts";
import { park } from "./parking.ts";
import { isTurnless, readEvents, replay } from "./replay.ts";
import type { EngineState } from "./state.ts";
import { wasStuck } from "./stuck-runs.ts";

interface Current {
  again: boolean;
  readonly done: Promise<LiveRun | undefined>;
}

export class Attendance {
  readonly #state: EngineState;
  readonly #claims: Claims;
  /** The writes of runs that have just been born here. */
  readonly #newborn: PlacedMap<number, RunWrite> = new PlacedMap();
  /** Runs being attended to; true: look again afterwards. */
  readonly #current: PlacedMap<number, Current> = new PlacedMap();

  /** Runs whose code is not here and that may be held here: an answer on the way to giving them up again may have been lost. */
  readonly foreign: Set<number> = new Set();

  constructor(state: EngineState) {
    this.#state = state;
    this.#claims = new Claims(state);
  }

  /** True while a run's messages are on their way from the inbox to its queue. */
  busy(key: number): boolean {
    return this.#current.has(key);
  }

  get idle(): boolean {
    return this.#current.size === 0;
  }

  /**
   * Looks at a run. `force`: bring it into memory even if it has nothing to do (for queries and updates); it stays there until the caller gives up the visit
   * that is counted in its `visitors`.
   */
  attend(key: number, force = false): Promise<LiveRun | undefined> {
    const current = this.#current.get(key);
    if (current !== undefined) {
      // Who needs the run itself looks for himself afterwards; asking for another look too would make two such callers wait for each other for ever.
      if (force) return current.done.then(() => this.attend(key, true));
      current.again = true;
      return current.done;
    }
    return this.#track(key, this.#look(key, force));
  }

  /** Lets `work` be the attendance of this run, after the one that is under way. */
  during(key: number, work: () => Promise<LiveRun | undefined>): void {
    const current = this.#current.get(key)?.done;
    const begin = (): void => this.during(key, work);
    if (current === undefined) void this.#track(key, work());
    else current.then(begin, begin);
  }

  #track(key: number, done: Promise<LiveRun | undefined>): Promise<LiveRun | undefined> {
    const entry = { again: false, done };
    this.#current.set(key, entry);
    const over = (): void => {
      this.#current.delete(key);
      if (entry.again && !this.#state.closed) void this.attend(key);
      // Whoever waits for the engine to be idle looks again.
      this.#state.loop.poke();
    };
    entry.done.then(over, (error: unknown) => {
      // Messages may wait that are not in the queue: what comes straight to the run must not overtake them (S1).
      const run = this.#state.memory.get(key);
      if (run !== undefined) run.backlog = true;
      over();
      this.#failed(error as Error);
    });
    return entry.done;
  }

  /** A store that cannot be reached is asked again; everything else is the end. */
  #failed(error: Error): void {
    if (this.#state.closed) return;
    const passing = error instanceof DarumaError && error.code === "DRM-STORE-UNAVAILABLE";
    if (!passing) this.#state.options.onFatal(error);
  }

  async #look(key: number, force: boolean): Promise<LiveRun | undefined> {
    const { memory, options } = this.#state;
    const known = memory.get(key);
    if (known !== undefined) {
      const messages = await options.store.inbox.read(key);
      // It may have left memory meanwhile.
      if (known.dropped) return this.#look(key, force);
      if (force) known.visitors++;
      this.#enqueue(known, messages);
      return known;
    }
    const born = force ? undefined : this.#bornHere(key);
    if (born !== undefined) return this.#enter(born, [], false);
    if (options.store.isShared() && !(await this.#canHelp(key))) return undefined;
    const row = await this.#claims.claim(key);
    if (row === undefined || row.status !== "running") return undefined;
    const messages = await options.store.inbox.read(key);
    const code = this.#state.workflows.has(row.workflow);
    // Even if others have done it all meanwhile: it must be given up again.
    if (!code && options.store.isShared()) return this.#enter(row, messages, force);
    const control = messages.some(({ body }) => isControl(JSON.parse(body) as Message));
    const able = code && !row.paused && (row.parked === undefined || this.#retries(row));
    if (!able && !control && !(force && code && row.parked === undefined)) return undefined;
    return this.#enter(row, messages, force);
  }

  /** False: only a worker that has the run's code can do something for it. Who claimed it nevertheless would keep it from those. */
  async #canHelp(key: number): Promise<boolean> {
    const { session, workflows, options } = this.#state;
    const { runs, inbox } = options.store;
    const row = await runs.byKey(key);
    if (row === undefined || workflows.has(row.workflow)) return row !== undefined;
    const messages = await inbox.read(key);
    const helps =
      row.owner === session || messages.some(({ body }) => needsNoCode(JSON.parse(body) as Message, row));
    if (helps) this.foreign.add(key);
    else this.foreign.delete(key);
    return helps;
  }

  /** Parked runs are tried once, when the engine begins: its code may be new. */
  #retriesParked = true;

  /** True: this parked run is tried now. Those that hold up everybody have to queue. */
  #retries({ key, parked, workflow }: RunRow): boolean {
    const { stuckRuns } = this.#state;
    if (!wasStuck(parked)) return this.#retriesParked;
    if (this.#retriesParked) stuckRuns.add(key, workflow);
    return stuckRuns.trying === key;
  }

  /** The code is now as new as it gets. */
  settled(): void {
    this.#retriesParked = false;
  }

  /** Looks at a run that has just been born: what it was born with need not be read. */
  attendNewborn(write: RunWrite): void {
    const { key } = write;
    this.#newborn.set(key, write);
    const forget = (): void => void this.#newborn.delete(key);
    this.attend(key).then(forget, forget);
  }

  /**
   * The row of a child that has just been born here: this session made it and holds it, and a message that was sent to it meanwhile has asked for another look.
   * In a store that others use too it is claimed like any other; and a run that continues another one has inherited messages, which are to be read.
   */
  #bornHere(key: number): RunRow | undefined {
    const { options, session, workflows } = this.#state;
    const write = this.#newborn.get(key);
    if (write?.create === undefined || options.store.isShared()) return undefined;
    const { create, state, count, epoch } = write;
    if (create.generation > 1 || !workflows.has(create.workflow)) return undefined;
    return { key, ...create, ...state, head: count, epoch, owner: session };
  }

  async #eventsOf({ key, head }: RunRow): Promise<Event[]> {
    const born = this.#newborn.get(key);
    // Once: whoever looks again must see what has become of it.
    this.#newborn.delete(key);
    if (born !== undefined && head === born.count) return JSON.parse(born.events) as Event[];
    return await readEvents(this.#state.options.store.history, key);
  }

  async #enter(
    row: RunRow,
    messages: readonly StoredMessage[],
    visited: boolean,
  ): Promise<LiveRun | undefined> {
    const { options, memory } = this.#state;
    const run = new LiveRun(row);
    if (visited) run.visitors++;
    const events = await this.#eventsOf(row);
    // Somebody else has written since it was claimed, so it is claimed no more (L1).
    if (events.length !== row.head) return undefined;
    const violation = await this.#replay(run, row, events);
    await this.#readHeartbeats(run);
    if (violation !== undefined) {
      park(this.#state, run, violation);
      return run;
    }
    run.guest = !this.#state.workflows.has(row.workflow) && options.store.isShared();
    if (run.execution !== undefined) run.unparked = row.parked !== undefined;
    else run.parked = row.parked;
    run.warned = run.head >= options.limits.historyEventsWarn;
    memory.add(run);
    for (const { body } of messages) noteAnswered(run, JSON.parse(body) as Message);
    this.#begin(run, events);
    this.#enqueue(run, messages);
    // What is due begins now: an idle run may leave memory at once, before its alarm could ring.
    this.#state.due.ring(run);
    if (run.idle) memory.rest(run);
    else this.#state.loop.touch(run);
    return run;
  }

  async #replay(run: LiveRun, row: RunRow, events: readonly Event[]): Promise<Error | undefined> {
    const workflow = this.#state.workflows.get(row.workflow);
    const stays = row.parked !== undefined && !this.#retries(row);
    if (workflow !== undefined && !stays) run.equip(workflow, executionOptions(this.#state, false));
    try {
      await replay(run, events, (work) => alone(this.#state, run, work));
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }

  /** What the attempts of a former holder said last, for those that come next. */
  async #readHeartbeats({ key, progress }: LiveRun): Promise<void> {
    if (progress.activities.size === 0) return;
    for (const { ref, details } of await this.#state.options.store.history.heartbeats(key)) {
      const open = progress.activities.get(ref);
      if (open !== undefined) open.heartbeat = details;
    }
  }

  /** What a run that has just come into memory must do by itself. */
  #begin(run: LiveRun, events: readonly Event[]): void {
    const [first] = events;
    if (isTurnless(events) && first?.type === "run_started") run.unbegun = first;
    if (run.execution === undefined) return;
    if (run.unbegun !== undefined) {
      const message = { type: "begin", event: run.unbegun } as const;
      if (!run.progress.paused) this.#state.loop.push(run, { message, operation: "begin" });
    } else if (run.progress.paused) {
      run.cold = new Set(run.progress.activities.keys());
    } else {
      this.noteInterruptions(run);
    }
  }

  /** Notes that calls were interrupted, and begins them anew; `affected`: which. */
  noteInterruptions(run: LiveRun, affected: (ref: number, open: OpenActivity) => boolean = () => true): void {
    const { options, loop } = this.#state;
    const now = options.ports.clock.now();
    const time = Math.max(now, run.progress.time);
    for (const [ref, open] of run.progress.activities) {
      // A call that was due may have been under way: a history does not say when calls begin.
      if ((open.nextAt !== undefined && open.nextAt > now) || !affected(ref, open)) continue;
      if (run.answered.has(ref)) continue;
      open.nextAt = undefined;
      if (open.copied === "waiting") {
        run.append({ type: "activity_restarted", ref, time });
        continue;
      }
      const count = open.interruptions + 1;
      run.append({ type: "activity_interrupted", ref, count, time });
      if (count <= options.limits.interruptions) continue;
      const failure = toFailure(lost(open.scheduled.name, count));
      const event = { type: "activity_failed", ref, attempt: count, failure } as const;
      loop.push(run, { message: { type: "answer", event }, operation: `lost.${ref}` });
    }
  }

  #enqueue(run: LiveRun, messages: readonly StoredMessage[]): void {
    const { memory, loop, answers } = this.#state;
    // What came after messages that were kept stands behind them; what the engine itself has sent does not (nothing comes before the first turn).
    const drained = run.backlog ? run.queue.drain() : [];
    run.backlog = false;
    const later = drained.filter(({ message }) => isMessage(message));
    for (const delivery of drained) if (!isMessage(delivery.message)) loop.push(run, delivery);
    for (const { stored, operation, answer } of later) {
      if (stored === undefined) continue;
      run.known.delete(stored);
      if (answer !== undefined) answers.add(run.key, operation, answer);
    }
    const fresh = messages.filter(({ id }) => !run.known.has(id));
    for (const { id, operation, message } of answersLast(fresh)) {
      run.known.add(id);
      memory.wake(run);
      loop.push(run, { message, operation, stored: id, answer: answers.take(run.key, operation) });
    }
    for (const delivery of later) if (delivery.stored === undefined) loop.push(run, delivery);
  }
}

/** True for what can be done for a run without its code. */
function needsNoCode(message: Message, { paused }: RunRow): boolean {
  const { type } = asControl(message);
  return type === "pause" || type === "resume" || type === "terminate" || (type === "cancel" && paused);
}

/** An answer may be what the run ends with. Signals that wait beside it were acknowledged, so they come first (S1). */
function answersLast(messages: readonly StoredMessage[]): (StoredMessage & { readonly message: Message })[] {
  const parsed = messages.map((stored) => ({ ...stored, message: JSON.parse(stored.body) as Message }));
  const isAnswer = ({ message }: { readonly message: Message }): boolean => message.type === "answer";
  return [...parsed.filter((one) => !isAnswer(one)), ...parsed.filter(isAnswer)];
}

function lost(name: string, count: number): DarumaError {
  return new DarumaError("DRM-ACTIVITY-LOST", {
    message: `The activity ${name} was interrupted ${count} times: each time its process ended, or lost the run, before the activity did.`,
    subject: name,
  });
}

/** How the engine runs workflow code. */
export function executionOptions({ options, loop }: EngineState, strict: boolean): EquipOptions {
  return {
    limits: options.limits,
    strict,
    trace: options.checkDeterminism,
    report: options.telemetry,
    look: (run) => loop.look(run),
  };
}
