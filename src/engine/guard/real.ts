/**
 * The real functions, taken before anything is replaced: the engine's own code calls these, whatever context it is called from.
 *
 * Invariant: they are taken once per process, also when several copies of Daruma are loaded: a later copy must not take the guards of the first for real.
 */
interface Real {
  readonly now: () => number;
  readonly random: () => number;
  readonly setTimeout: typeof setTimeout;
  readonly clearTimeout: typeof clearTimeout;
  readonly setImmediate: typeof setImmediate;
  readonly nextTick: typeof process.nextTick;
}

const name = Symbol.for("daruma.real");

interface Holder {
  [name]?: Real;
}

function take(): Real {
  // They do not use `this`.
  // oxlint-disable-next-line typescript/unbound-method
  const { nextTick } = process;
  return { now: Date.now, random: Math.random, setTimeout, clearTimeout, setImmediate, nextTick };
}

export const real: Real = ((globalThis as Holder)[name] ??= take());
