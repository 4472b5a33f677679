/**
 * The scheduler: who runs next. Simulated processes share one thread; each has work that is ready, and the dice choose.
 *
 * Invariants:
 * - One piece of work runs at a time, and all microtasks that it causes run before the next: so the order of everything is a function of the seed.
 * - Alarms of one process run in the order of their times, deferred work in the order in which it was deferred; answers come in any order.
 * - A dead process runs nothing any more; a stalled one runs nothing until its stall is over, but its work piles up.
 * - Time moves only when nothing is ready, or (now and then) although something is: machines are slow.
 */
import type { Cancelable } from "../../src/core/ports.ts";
import { Queue } from "../../src/core/queue.ts";
import type { VirtualClock } from "../../src/testing/virtual-clock.ts";
import type { Dice } from "./dice.ts";

type Work = () => void;

/** One simulated process: a worker in one of its lives, the store's server, the clients. */
export class Process {
  readonly name: string;
  readonly died: Promise<void>;
  alive = true;
  /** Runs nothing before this time. */
  stalledUntil = 0;
  readonly #clock: VirtualClock;
  readonly #alarms: Queue<Work> = new Queue();
  readonly #deferred: Queue<Work> = new Queue();
  readonly #answers: Work[] = [];
  readonly #die: () => void;

  constructor(name: string, clock: VirtualClock) {
    this.name = name;
    this.#clock = clock;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.died = promise;
    this.#die = resolve;
  }

  defer(work: Work): void {
    this.#deferred.push(work);
  }

  answer(work: Work): void {
    this.#answers.push(work);
  }

  /** Does `work` at `at`, by the true clock. */
  alarm(at: number, work: Work): Cancelable {
    let canceled = false;
    const ring = (): void => {
      if (!canceled) work();
    };
    const handle = this.#clock.alarm(at, () => this.#alarms.push(ring));
    return {
      cancel: () => {
        canceled = true;
        handle.cancel();
      },
    };
  }

  /** Something from outside arrives after `ms`. */
  arrive(ms: number, work: Work): void {
    if (ms === 0) this.answer(work);
    else this.#clock.alarm(this.#clock.now() + ms, () => this.answer(work));
  }

  stall(until: number): void {
    this.stalledUntil = until;
    // So that time can get there.
    this.#clock.alarm(until, () => {});
  }

  kill(): void {
    this.alive = false;
    this.#die();
  }

  get ready(): boolean {
    return (
      this.alive &&
      this.stalledUntil <= this.#clock.now() &&
      this.#alarms.size + this.#deferred.size + this.#answers.length > 0
    );
  }

  /** Runs one piece of ready work. */
  run(dice: Dice): void {
    const lines: (() => Work | undefined)[] = [];
    if (this.#alarms.size > 0) lines.push(() => this.#alarms.shift());
    if (this.#deferred.size > 0) lines.push(() => this.#deferred.shift());
    if (this.#answers.length > 0) lines.push(() => dice.draw(this.#answers));
    dice.pick(lines)()?.();
  }
}

/** Chooses. */
export class Scheduler {
  readonly clock: VirtualClock;
  readonly #dice: Dice;
  readonly #processes: Set<Process> = new Set();
  /** How often time moves although something is ready. */
  haste = 0;
  steps = 0;

  constructor(clock: VirtualClock, dice: Dice) {
    this.clock = clock;
    this.#dice = dice;
  }

  process(name: string): Process {
    const process = new Process(name, this.clock);
    this.#processes.add(process);
    void process.died.then(() => this.#processes.delete(process));
    return process;
  }

  /** Runs one piece of work and all that it causes at once. False: nothing will ever be ready again. */
  async step(): Promise<boolean> {
    this.steps++;
    let ready = this.#ready();
    if (ready.length === 0 || this.#dice.chance(this.haste)) {
      if (!this.#moveTime() && ready.length === 0) return false;
      ready = this.#ready();
    }
    if (ready.length === 0) return true;
    this.#dice.pick(ready).run(this.#dice);
    await microtasks();
    return true;
  }

  /** From now on nobody stands still, and time moves only when nothing is ready. */
  calm(): void {
    this.haste = 0;
    for (const process of this.#processes) process.stalledUntil = 0;
  }

  #ready(): Process[] {
    const ready: Process[] = [];
    for (const process of this.#processes) if (process.ready) ready.push(process);
    return ready;
  }

  /** To the next alarm, and all alarms of that time. */
  #moveTime(): boolean {
    if (!this.clock.ringNext()) return false;
    for (
      let next = this.clock.next();
      next !== undefined && next <= this.clock.now();
      next = this.clock.next()
    )
      this.clock.ringNext();
    return true;
  }
}

/** Resolves when all microtasks, and those of nextTick, have run: immediates come after them. */
function microtasks(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
