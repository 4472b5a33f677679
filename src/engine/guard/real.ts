/**
 * The real functions, taken before anything is replaced: the engine's own code calls these, whatever context it is called from.
 */
interface Real {
  readonly now: () => number;
  readonly random: () => number;
  readonly setTimeout: typeof setTimeout;
  readonly clearTimeout: typeof clearTimeout;
  readonly setImmediate: typeof setImmediate;
}

export const real: Real = { now: Date.now, random: Math.random, setTimeout, clearTimeout, setImmediate };
