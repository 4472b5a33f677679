/** How workflow code hears that its run goes on from the history of another. */
import { forkedSignal } from "../core/messages.ts";
import { signal } from "./messages.ts";
import type { Signal } from "./messages.ts";

/** What there is to say to a run that goes on from the history of another. */
export interface Forked {
  /** `fork`: a run with an id of its own; `retry`: the next generation of a run that did not complete. */
  readonly as: "fork" | "retry";
  /** `retryWith` of the error that the run failed with: what it is told in place of the outcome `retryAt`. */
  readonly told?: unknown;
}

/**
 * Comes to a run that goes on from the history of another (`fork`, `retry`), after the signals and updates that came along with it and before anything that is due.
 * Only code that handles it (`forked.handle(…)`) gets it: for what is known outside of the run by names that the first run has given it.
 */
export const forked: Signal<Forked> = signal<Forked>(forkedSignal);
