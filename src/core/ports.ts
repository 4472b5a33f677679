/**
 * The effects that the core needs, as parameters: time, randomness, and "later in this process".
 * Production hands in the real ones, tests hand in virtual ones; no rule of the core reads a clock by itself.
 */

/** A wait that can be given up. */
export interface Cancelable {
  cancel(): void;
}

/** Milliseconds since the epoch, and alarms. An alarm never rings early and survives any distance (past 2^31 ms). */
export interface Clock {
  readonly now: () => number;
  /** Calls `ring` once, at or after `at` (epoch milliseconds). */
  readonly alarm: (at: number, ring: () => void) => Cancelable;
}

/** Where unpredictable names come from. */
export interface Ids {
  /** A new globally unique id, sortable by creation time where the implementation can. */
  readonly unique: () => string;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/** Runs `work` after everything that is already waiting in this process, I/O included. */
export type Defer = (work: () => void) => void;

/** Resolves when every microtask that is waiting, and all that they cause, has run. */
export type Settle = () => Promise<void>;

/** All effects of one engine. */
export interface Ports {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly defer: Defer;
  readonly settle: Settle;
}
