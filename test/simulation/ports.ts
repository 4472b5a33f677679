/** The ports of one life of a worker: its clock, which may be off, and the end of everything when it dies. */
import type { Clock, Ports } from "../../src/core/ports.ts";
import type { Dice } from "./dice.ts";
import type { Process } from "./scheduler.ts";

export interface PortsOptions {
  readonly process: Process;
  /** The true time. */
  readonly now: () => number;
  /** How far the worker's clock is off, milliseconds. */
  readonly skewMs: number;
  readonly dice: Dice;
}

/** A clock that is off: it shows the true time plus the skew, and rings when it shows the time of the alarm. */
function skewedClock({ process, now, skewMs }: PortsOptions): Clock {
  return {
    now: () => now() + skewMs,
    alarm: (at, ring) => process.alarm(at - skewMs, ring),
  };
}

/** Real microtasks, so that workflow code runs as it does in production; nothing settles in a dead process. */
function settle(process: Process): Promise<void> {
  if (!process.alive) return new Promise(() => {});
  return new Promise((resolve) => queueMicrotask(() => globalThis.process.nextTick(resolve)));
}

export function simulatedPorts(options: PortsOptions): Ports {
  const { process, dice } = options;
  let unique = 0;
  return {
    clock: skewedClock(options),
    ids: { unique: () => `${process.name}.${++unique}`, random: () => dice.number() },
    defer: (work) => process.defer(work),
    settle: () => settle(process),
  };
}
