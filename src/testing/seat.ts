/** Where a client of a test sits: on the process that lives now, or on one only. */
import { DarumaError, RunClosedError } from "../core/errors.ts";
import type { SettleOptions } from "./driver.ts";
import { beginLife } from "./life.ts";
import type { Life } from "./life.ts";
import type { World } from "./world.ts";

/** What a client of a torture test repeats after a crash: its ids, and where its steps in time end. */
export interface Script {
  readonly unique: () => string;
  /** The end of each step in time (`advance`, `until`), by its number: a repeat goes to the same moment. */
  readonly ends: number[];
  /** Operations that were sent, by any process. */
  readonly sent: Set<string>;
}

/** A client's place in a world. */
export class Seat {
  readonly world: World;
  readonly unique: () => string;
  readonly #script: Script | undefined;
  #life: Life;
  #next: Promise<Life> | undefined;
  #steps = 0;
  #closed: Promise<void> | undefined;

  /** With a `script` the seat is on this one process: it does not follow the world over a crash. */
  constructor(world: World, life: Life, script?: Script) {
    this.world = world;
    this.#life = life;
    this.#script = script;
    this.unique = script?.unique ?? world.clientIds;
  }

  /** The process that lives now. @throws DarumaError DRM-CLOSED */
  get life(): Life {
    if (this.#closed === undefined) return this.#life;
    throw new DarumaError("DRM-CLOSED", { message: "This TestDaruma is closed." });
  }

  /** The process that follows one that has died, if one does. */
  after(life: Life): Promise<Life> | undefined {
    if (!life.mortal.dead || this.#closed !== undefined) return undefined;
    return this.#life === life ? this.#next : Promise.resolve(this.#life);
  }

  /** Crashes the process and begins the next. */
  async restart(): Promise<void> {
    this.life.die();
    this.#next = beginLife(this.world);
    this.#life = await this.#next;
  }

  /** Moves the clock; what `end` says the first time holds for a repeat of the script too. */
  async advanceTo(end: () => number, options: SettleOptions | undefined): Promise<void> {
    const step = this.#steps++;
    const ends = this.#script?.ends ?? [];
    const at = (ends[step] ??= end());
    await this.life.driver.advanceTo(at, options);
  }

  /** Lets time run until `test` says true; for a repeat of the script, until the moment at which it did. False: it cannot any more. */
  async until(test: () => boolean | Promise<boolean>): Promise<boolean> {
    const step = this.#steps++;
    const ends = this.#script?.ends ?? [];
    const { driver } = this.life;
    const met = ends[step];
    if (met !== undefined) await driver.advanceTo(met);
    else if (!(await driver.until(test))) return false;
    ends[step] ??= this.world.clock.now();
    return true;
  }

  /** Sends a message, unless it is a script's repeat of one that has arrived. One whose run has closed meanwhile is no error. */
  async send(operation: string, work: () => Promise<void>): Promise<void> {
    const repeat = this.#script?.sent.has(operation) === true;
    this.#script?.sent.add(operation);
    if (repeat && this.world.holds(operation)) return;
    try {
      await work();
    } catch (error) {
      if (!repeat || !(error instanceof RunClosedError)) throw error;
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close(this.#life);
    return this.#closed;
  }

  async #close({ driver, backend, mortal, die }: Life): Promise<void> {
    if (!mortal.dead && this.world.fatal === undefined) {
      // Replays of runs that have closed are still to be compared.
      await driver.settle({ whileRunning: true });
      await backend.close();
    }
    die();
    this.world.checkFatal();
    this.world.violations.check();
  }
}
