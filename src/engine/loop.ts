/**
 * The loop: take the runs that have something waiting, deliver one outcome to each, let microtasks settle once for all of them, collect the commands; when
 * nothing is waiting, or the group is full, commit everything as one group; after the commit start the activities and answer the callers.
 *
 * Invariants:
 * - One outcome at a time per run, and all microtasks settle before the next (H2).
 * - Nothing leaves the process before the commit of what caused it (D1): receipts, activities, answers of queries wait for the end of the group.
 * - One commit is under way at a time (D3).
 */
import { DarumaError } from "../core/errors.ts";
import type { Ids, Ports } from "../core/ports.ts";
import type { CommitRequest, CommitResult, RunWrite } from "../store/commit.ts";
import type { NewMessage } from "../store/inbox.ts";
import type { Store } from "../store/store.ts";
import { gone } from "./alone.ts";
import { asEngine } from "./async-context.ts";
import { isMessage } from "./delivery.ts";
import { noteAnswered } from "./delivery.ts";
import type { Answering, Delivery, Receipt } from "./delivery.ts";
import { type CommitHost, tellRuns } from "./committed.ts";
import type { Beginning } from "./early.ts";
import type { Keys } from "./keys.ts";
import type { LiveRun } from "./live-run.ts";
import { answerPost } from "./posts.ts";
import { each, meetConditions } from "./round.ts";
import type { Round } from "./round.ts";
import type { CutRound } from "./stuck.ts";
import { take } from "./turns.ts";
import type { Watch, Watched } from "./watch.ts";
import { birthsOf, writeOf } from "./writes.ts";

/** A message that goes to the store because its run cannot take it. */
export interface Post {
  readonly message: NewMessage;
  readonly receipt?: Receipt | undefined;
}

/** What the loop tells the engine. */
export interface LoopHost {
  readonly ports: Ports;
  readonly store: Store;
  readonly keys: Keys;
  readonly ids: Ids;
  readonly workflows: ReadonlyMap<string, unknown>;
  readonly watch: Watch;
  readonly session: () => string;
  /** A run's write is durable. */
  committed(run: LiveRun): void;
  /** Another holder has the run. */
  fenced(run: LiveRun): void;
  /** Its id is taken. */
  duplicate(run: LiveRun): void;
  /** Runs that were born with a write, as they were written. */
  born(runs: readonly RunWrite[]): void;
  /** The children that a run has just started, as far as they can begin now: see early.ts. */
  begin(run: LiveRun): readonly Beginning[];
  /** An early child is born. */
  admit(run: LiveRun): void;
  /** Runs that got a message. */
  afterCommit(result: CommitResult): void;
  /** The number of events from which on a run is told of by `grew`. */
  readonly historyWarning: number;
  /** A run has taken up something, and its history is long. */
  grew(run: LiveRun): void;
  /** Its code did what it may not do; the turn is void. */
  violated(run: LiveRun, error: Error): void;
  /** An update waits in the inbox; its sender waits for the answer here. */
  keepAnswer(run: LiveRun, operation: string, answer: Answering): void;
  /** Something came too late to count. */
  late(run: LiveRun, delivery: Delivery): void;
  /** A round did not give the thread back and was cut off. */
  cut(round: CutRound, site: string | undefined): void;
  /** A round took long, and ended. */
  slow(runs: readonly LiveRun[]): void;
  /** The store is unusable: nothing can be promised any more. */
  fatal(error: Error): void;
}

/** However many have something waiting (a run may start thousands of children in one turn), the thread is not held for longer than so many turns take. */
const maxRoundRuns = 1_000;
const maxGroupEvents = 10_000;
const maxGroupMs = 50;
const retryMs = 100;

/** The loop of one engine. */
export class Loop implements Watched {
  readonly #host: LoopHost;
  // Lists, not sets, and a mark on the run: see memory.ts for why.
  #active: LiveRun[] = [];
  #dirty: LiveRun[] = [];
  #posts: Post[] = [];
  readonly #afterwards: (() => void | Promise<void>)[] = [];
  #round: Round = { batch: [], turning: [], at: undefined };
  /** Runs one of which did not give the thread back: they are tried one by one, until they get on. */
  readonly #suspects: Set<LiveRun> = new Set();
  #scheduled = false;
  #busy = false;
  #stopped = false;
  #events = 0;
  #commits = 0;
  readonly #idle: Set<() => void> = new Set();

  readonly #commitHost: CommitHost;

  constructor(host: LoopHost) {
    this.#host = host;
    this.#commitHost = { ...host, advanced: (run) => void this.#suspects.delete(run) };
  }

  /** Puts a delivery into the run's queue. */
  push(run: LiveRun, delivery: Delivery): void {
    run.queue.push(delivery);
    if (run.held) return;
    this.#activate(run);
    this.poke();
  }

  /** The run has something to commit although nothing was delivered. */
  touch(run: LiveRun): void {
    this.#mark(run);
    this.poke();
  }

  /** Sends a message to the store. */
  post(post: Post): void {
    this.#posts.push(post);
    this.poke();
  }

  /** The run's code has done something between turns. */
  look(run: LiveRun): void {
    if (run.held || run.dropped) return;
    this.#activate(run);
    this.poke();
  }

  /** A run that was held goes on. */
  resume(run: LiveRun): void {
    if (run.queue.size > 0) this.#activate(run);
    this.touch(run);
  }

  /** The run is tried by itself, until it has got on. */
  suspect(run: LiveRun): void {
    this.#suspects.add(run);
  }

  /** Calls `work` after the next commit, when no run has anything uncommitted; what it returns is waited for, and no turn begins meanwhile. */
  afterwards(work: () => void | Promise<void>): void {
    this.#afterwards.push(work);
    this.poke();
  }

  /** True if nothing is under way and nothing waits. */
  get idle(): boolean {
    return !this.#busy && !this.#scheduled;
  }

  /** Resolves when the loop has nothing to do. */
  whenIdle(): Promise<void> {
    if (this.idle) return Promise.resolve();
    return new Promise((resolve) => this.#idle.add(resolve));
  }

  /** Takes up nothing any more. */
  stop(): void {
    this.#stopped = true;
  }

  /** Forgets a run that has left memory. */
  forget(run: LiveRun): void {
    run.queue.drain();
    this.#suspects.delete(run);
  }

  #activate(run: LiveRun): void {
    if (run.active) return;
    run.active = true;
    this.#active.push(run);
  }

  #mark(run: LiveRun): void {
    if (run.touched || run.early !== undefined) return;
    run.touched = true;
    this.#dirty.push(run);
  }

  /** The round that was under way will never go on: begin anew. */
  cut(site: string | undefined): void {
    const { batch, turning, at } = this.#round;
    this.#host.cut({ turning, at }, site);
    for (const run of batch) {
      run.active = false;
      if (run.queue.size > 0 && !run.held && !run.dropped) this.#activate(run);
    }
    this.#rest();
  }

  slow(): void {
    this.#host.slow(this.#round.turning);
  }

  poke(): void {
    if (this.#scheduled || this.#busy || this.#stopped) return;
    this.#scheduled = true;
    asEngine(() => this.#host.ports.defer(() => this.#run()));
  }

  #run(): void {
    this.#scheduled = false;
    if (this.#stopped) return;
    this.#busy = true;
    this.#pump().then(
      () => this.#rest(),
      (error: unknown) => this.#host.fatal(error as Error),
    );
  }

  #rest(): void {
    this.#busy = false;
    if (
      this.#active.length > 0 ||
      this.#dirty.length > 0 ||
      this.#posts.length > 0 ||
      this.#afterwards.length > 0
    )
      this.poke();
    if (!this.idle) return;
    for (const resolve of this.#idle) resolve();
    this.#idle.clear();
  }

  async #pump(): Promise<void> {
    await this.#turns();
    await this.#commit();
    for (let work = this.#afterwards.shift(); work !== undefined; work = this.#afterwards.shift())
      await work();
  }

  // --- turns ---

  async #turns(): Promise<void> {
    const { clock } = this.#host.ports;
    const until = clock.now() + maxGroupMs;
    this.#events = 0;
    while (this.#active.length > 0 && this.#events < maxGroupEvents && clock.now() <= until)
      await this.#turn(this.#nextBatch());
  }

  #nextBatch(): LiveRun[] {
    const active = this.#active;
    const alone = this.#suspects.size === 0 ? undefined : active.find((run) => this.#suspects.has(run));
    this.#active = alone === undefined ? active.splice(maxRoundRuns) : active.filter((run) => run !== alone);
    return alone === undefined ? active : [alone];
  }

  async #turn(batch: readonly LiveRun[]): Promise<void> {
    const { watch, ports } = this.#host;
    const round: Round = { batch, turning: [], at: undefined };
    this.#round = round;
    const turn = watch.begin(this);
    for (const run of each(batch, round)) {
      run.active = false;
      if (this.#takeNext(run)) round.turning.push(run);
    }
    await ports.settle();
    if (!watch.still(turn)) return gone();
    while (meetConditions(round)) {
      await ports.settle();
      if (!watch.still(turn)) return gone();
    }
    for (const run of each(round.turning, round)) run.execution?.endTurn();
    watch.end(turn);
    for (const run of batch) this.#endOfRound(run);
  }

  /** Takes up deliveries until one begins a turn. */
  #takeNext(run: LiveRun): boolean {
    const before = run.out.length;
    for (let delivery = run.queue.shift(); delivery !== undefined; delivery = run.queue.shift()) {
      if (this.#take(run, delivery)) {
        this.#events += run.out.length - before;
        return true;
      }
    }
    return false;
  }

  #take(run: LiveRun, delivery: Delivery): boolean {
    // Before its code runs: should that be cut off, nothing is lost.
    run.taken.push(delivery);
    const taken = take(run, delivery, this.#host.ports.clock.now());
    if (taken === "kept" || taken === "moved") run.taken.pop();
    if (taken === "kept") this.#keep(run, delivery);
    if (taken === "moved") this.#moveOn(run, delivery);
    if (taken === "late") this.#host.late(run, delivery);
    this.#mark(run);
    return taken === "turn";
  }

  /** A message that the run cannot take now waits in its inbox. */
  #keep(run: LiveRun, delivery: Delivery): void {
    const { message, operation, stored, receipt } = delivery;
    if (stored !== undefined) run.known.delete(stored);
    if (isMessage(message)) run.backlog = true;
    noteAnswered(run, message);
    if (delivery.answer !== undefined) this.#host.keepAnswer(run, operation, delivery.answer);
    if (stored !== undefined || !isMessage(message)) return receipt?.accept();
    this.#posts.push({
      message: { to: { key: run.key }, body: JSON.stringify(message), operation },
      receipt,
    });
  }

  /** The run has continued as new in this group: the message goes to its successor, in the commit that creates it. */
  #moveOn({ id }: LiveRun, { message, operation, receipt }: Delivery): void {
    this.#posts.push({ message: { to: { id }, body: JSON.stringify(message), operation }, receipt });
  }

  #endOfRound(run: LiveRun): void {
    const violation = run.execution?.violation;
    if (violation !== undefined && !run.dropped) return this.#host.violated(run, violation);
    if (run.progress.head >= this.#host.historyWarning) this.#host.grew(run);
    if (run.births !== undefined && this.#suspects.size === 0) this.#begin(run);
    if (run.queue.size > 0) this.#activate(run);
  }

  #begin(run: LiveRun): void {
    for (const { child, started } of this.#host.begin(run))
      this.push(child, { message: { type: "start", event: started }, operation: child.operation });
  }

  // --- the commit ---

  async #commit(): Promise<void> {
    const marked = this.#dirty;
    this.#dirty = [];
    for (const run of marked) run.touched = false;
    const runs = marked.filter((run) => run.committable);
    const posts = this.#posts.splice(0);
    if (runs.length === 0 && posts.length === 0) return;
    const births = runs.reduce((sum, run) => sum + birthsOf(run), 0);
    while (!this.#host.keys.has(births)) await this.#durably(() => this.#host.keys.refill(births));
    const request: CommitRequest = {
      session: this.#host.session(),
      operation: `${this.#host.session()}.${++this.#commits}`,
      runs: runs.map((run) => writeOf(run, this.#host)),
      messages: posts.map(({ message }) => message),
    };
    const result = await this.#durably(() => this.#host.store.commit(request));
    tellRuns(this.#commitHost, { runs, request, result });
    for (const [index, { receipt, message }] of posts.entries())
      answerPost(receipt, message, result.receipts[index]);
    this.#host.afterCommit(result);
  }

  /** Repeats an operation whose answer is unknown (a commit: with the same operation id) until there is an answer (D3). */
  async #durably<T>(operation: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await operation();
      } catch (error) {
        if (!(error instanceof DarumaError) || error.code !== "DRM-STORE-UNAVAILABLE" || this.#stopped)
          throw error;
        await this.#pause();
      }
    }
  }

  #pause(): Promise<void> {
    const { clock } = this.#host.ports;
    return new Promise((resolve) => clock.alarm(clock.now() + retryMs, resolve));
  }
}
