/**
 * The weather of one simulation: which faults there are, and how many. Each seed has its own mix; some have none, so that what needs calm is seen too.
 */
import type { Dice } from "./dice.ts";

/** Probabilities are per store operation if nothing else is said. */
export interface Weather {
  readonly workers: number;
  /** How many of the workers do not have the workflow. */
  readonly strangers: number;
  /** How often an operation takes time, and at most how long (milliseconds). */
  readonly delay: number;
  readonly delayMs: number;
  /** The request is lost: nothing happens, the answer is an error. */
  readonly errorBefore: number;
  /** The answer is lost: it happened, the answer is an error. */
  readonly errorAfter: number;
  /** The worker dies when it asks; its request arrives or not. */
  readonly crash: number;
  /** The worker dies at any moment: per scheduler step. */
  readonly crashStep: number;
  /** The worker stands still: per scheduler step; at most how long (milliseconds). */
  readonly stallStep: number;
  readonly stallMs: number;
  /** The worker is closed and opened again in good order: per scheduler step. */
  readonly closeStep: number;
  /** A notification of a message is lost. */
  readonly deaf: number;
  /** A worker's clock is off by at most this (milliseconds, both ways). */
  readonly skewMs: number;
  /** How often time moves although something is ready: per scheduler step. */
  readonly haste: number;
  /** After this time (milliseconds) the weather is calm for good. */
  readonly endsAfterMs: number;
}

/** No faults, and no delays. */
export const calm: Weather = {
  workers: 1,
  strangers: 0,
  delay: 0,
  delayMs: 0,
  errorBefore: 0,
  errorAfter: 0,
  crash: 0,
  crashStep: 0,
  stallStep: 0,
  stallMs: 0,
  closeStep: 0,
  deaf: 0,
  skewMs: 0,
  haste: 0,
  endsAfterMs: 0,
};

/** The weather of a seed. */
export function weatherOf(dice: Dice): Weather {
  const some = (most: number): number => (dice.chance(0.5) ? dice.number() * most : 0);
  const quiet = dice.chance(0.1);
  const workers = dice.pick([1, 1, 2, 2, 3]);
  const strangers = workers > 1 && dice.chance(0.25) ? 1 : 0;
  const mixed: Weather = {
    workers,
    strangers,
    delay: some(0.6),
    delayMs: dice.pick([5, 50, 500]),
    errorBefore: some(0.15),
    errorAfter: some(0.15),
    crash: some(0.04),
    crashStep: some(0.01),
    stallStep: some(0.01),
    stallMs: dice.pick([1_000, 15_000, 40_000]),
    closeStep: some(0.004),
    deaf: some(1),
    skewMs: dice.pick([0, 10, 3_000]),
    haste: some(0.2),
    endsAfterMs: dice.between(5_000, 60_000),
  };
  return quiet ? { ...calm, workers, strangers } : mixed;
}
