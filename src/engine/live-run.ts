/**
 * A run in memory: what its history says, what is on its way to it, what it has done since its last commit, and its code half (if the code is at hand).
 *
 * Invariants:
 * - `progress` has applied every event of the history and of `out`, in order.
 * - What is in `out` has happened for nobody but this run until it is committed (D1).
 */
import type { ChildStarted, CommandEvent, Event, OutcomeEvent, RunStarted } from "../core/events.ts";
import { Progress } from "../core/progress.ts";
import { Queue } from "../core/queue.ts";
import type { NewRun } from "../store/commit.ts";
import type { NewMessage } from "../store/inbox.ts";
import type { AnyWorkflow } from "../workflow/workflow.ts";
import type { Attempt } from "./attempt.ts";
import type { Delivery } from "./delivery.ts";
import { Execution } from "./execution.ts";
import type { ExecutionOptions } from "./emitter.ts";
import type { Closing } from "./state.ts";
import { messagesOf } from "./outgoing.ts";

/** What identifies a run in memory. */
export interface LiveRunOptions {
  readonly key: number;
  readonly id: string;
  readonly generation: number;
  readonly workflow: string;
  /** The operation that its first generation was started with. */
  readonly operation: string;
  readonly epoch: number;
  /** Present until its first commit. */
  readonly created?: NewRun | undefined;
}

/** How a run's code is run. */
export interface EquipOptions extends Omit<
  ExecutionOptions,
  "workflow" | "id" | "generation" | "emit" | "outOfTurn"
> {
  /** Looks at what the code has done between turns. */
  readonly look?: (run: LiveRun) => void;
}

/** One run in memory. */
export class LiveRun {
  readonly key: number;
  readonly id: string;
  readonly generation: number;
  readonly workflow: string;
  readonly operation: string;
  readonly epoch: number;
  progress: Progress = new Progress();
  /** Outcomes and requests that wait for their turn. */
  readonly queue: Queue<Delivery> = new Queue();
  /** Attempts of activities that run, or wait for a slot, in this process. */
  readonly attempts: Map<number, Attempt> = new Map();
  /** Timers whose firing is in the queue. */
  readonly firing: Set<number> = new Set();
  /** Its deadline has passed, and that is in the queue. */
  overdue = false;
  /** Who waits for it to close, while it is in memory. */
  readonly waiting: Closing[] = [];
  /** Where `Memory` keeps it. */
  place: number | undefined;
  /** It is in the loop's list of runs with something waiting. */
  active = false;
  /** It is in the loop's list of runs to commit. */
  touched = false;
  created: NewRun | undefined;
  execution: Execution | undefined;
  /** The number of the last committed event. */
  head = 0;
  /** Events since the last commit. */
  out: Event[] = [];
  /** Deliveries that `out` took up. */
  taken: Delivery[] = [];
  /** What is to be said to senders because of `out`, once that is durable (D1). */
  refusals: (() => void)[] = [];
  /** Messages that go out with `out`. */
  outgoing: NewMessage[] = [];
  /** Heartbeats to be kept, by ref. */
  heartbeats: Map<number, string> = new Map();
  /** Inbox messages that are in the queue, or taken and not committed yet. */
  readonly known: Set<number> = new Set();
  /** It has been said that its history is long. */
  warned = false;
  /** How many questions to it are being asked: it must stay in memory for them. */
  visitors = 0;
  /** Messages were kept that are not in the queue: later ones must not overtake them (S1). */
  backlog = false;
  /** Activities whose outcome waits in the queue or the inbox: they are done, and must not be called again. */
  readonly answered: Set<number> = new Set();
  /** Activities that were open when it came into memory paused: their calls were interrupted, which is to be noted when it goes on. */
  cold: ReadonlySet<number> | undefined;
  /** Why it was parked, as JSON text, once it is. */
  parked: string | undefined;
  /** What it was parked for. */
  violation: Error | undefined;
  /** It was parked, and goes on now: the row must say so. */
  unparked = false;
  /** It is on its way back to where its history ends: it takes up nothing until it is there. */
  held = false;
  /** Its code is not here: it is given up with its next commit, so that a worker that has the code can take it. */
  guest = false;
  /** Its first event, as long as no turn of it is known. */
  unbegun: RunStarted | undefined;
  /** Children that it has started since that was last looked at: see early.ts. */
  births: ChildStarted[] | undefined;
  /** Its early children, by the number of the command that starts them. */
  children: Map<number, LiveRun> | undefined;
  /** It is an early child: its write is part of its parent's, with this answer if its id is taken. */
  early: { readonly refusal: NewMessage | undefined } | undefined;
  /** True once it has left memory; nothing may be done with it any more. */
  dropped = false;

  constructor(options: LiveRunOptions) {
    this.key = options.key;
    this.id = options.id;
    this.generation = options.generation;
    this.workflow = options.workflow;
    this.operation = options.operation;
    this.epoch = options.epoch;
    this.created = options.created;
  }

  /** Gives it code to run. */
  equip(workflow: AnyWorkflow, { look, ...options }: EquipOptions): Execution {
    const { id, generation } = this;
    const emit = (command: CommandEvent): void => this.append(command);
    const outOfTurn = (): void => look?.(this);
    this.execution = new Execution({ ...options, workflow, id, generation, emit, outOfTurn });
    return this.execution;
  }

  /** Appends an event; it becomes durable with the next commit. */
  append(asked: Event): void {
    // The first turn has the time of the start, even if it comes after notes.
    const { time } = this.progress;
    const event = asked.time < time ? { ...asked, time } : asked;
    const messages = messagesOf(event, this);
    if (messages.length > 0) this.outgoing.push(...messages);
    this.progress.apply(event);
    this.out.push(event);
    if (event.type === "child_started") (this.births ??= []).push(event);
  }

  /** Its early children have not happened. */
  forgetChildren(): void {
    this.births = undefined;
    for (const child of this.children?.values() ?? []) child.forget();
    this.children = undefined;
  }

  /** This early child has not happened. */
  forget(): void {
    this.dropped = true;
    this.queue.drain();
    this.execution?.abandon();
    this.forgetChildren();
  }

  /** Appends an outcome and delivers it to the code. */
  deliver(event: OutcomeEvent): void {
    this.append(event);
    this.execution?.deliver(event, this.progress.head);
  }

  /** Everything since the last commit is void; what was taken up waits again, before what waits already. */
  rewind(): void {
    const waiting = [...this.taken, ...this.queue.drain()];
    this.held = true;
    this.execution?.abandon();
    this.forgetChildren();
    this.out = [];
    this.taken = [];
    this.refusals = [];
    this.outgoing = [];
    for (const delivery of waiting) {
      this.queue.push(delivery);
      if (delivery.message.type === "timer") this.firing.add(delivery.message.ref);
    }
  }

  /** True if there is something to commit. */
  get dirty(): boolean {
    return (
      this.out.length > 0 ||
      this.taken.length > 0 ||
      this.heartbeats.size > 0 ||
      this.parked !== undefined ||
      this.unparked ||
      this.guest
    );
  }

  /** True if there is something to commit that counts: what a run that is held, or has gone, still has is void. */
  get committable(): boolean {
    return this.dirty && !this.held && (!this.dropped || this.parked !== undefined);
  }

  /** True if it can leave memory without losing anything. */
  get idle(): boolean {
    return !this.dirty && this.queue.size === 0 && this.attempts.size === 0 && this.visitors === 0;
  }

  /** When the clock must ring for it: its earliest timer, retry or deadline (epoch milliseconds). Without code only the deadline counts. */
  nextDue(): number | undefined {
    const { progress } = this;
    if (progress.closed || progress.paused) return undefined;
    let due = this.overdue
      ? Number.POSITIVE_INFINITY
      : (progress.started?.deadline ?? Number.POSITIVE_INFINITY);
    if (this.execution !== undefined) due = Math.min(due, this.#nextWork());
    return Number.isFinite(due) ? due : undefined;
  }

  #nextWork(): number {
    let due = Number.POSITIVE_INFINITY;
    for (const [ref, { fireAt }] of this.progress.timers)
      if (!this.firing.has(ref)) due = Math.min(due, fireAt);
    for (const [ref, { nextAt, noted }] of this.progress.activities) {
      const waits =
        nextAt !== undefined && noted <= this.head && !this.attempts.has(ref) && !this.answered.has(ref);
      if (waits) due = Math.min(due, nextAt);
    }
    return due;
  }
}
