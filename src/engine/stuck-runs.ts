/**
 * Runs that were parked because their code did not give the thread back. When an engine opens they are tried again, because the code may be new. Each that is
 * stuck once more holds up everybody for `limits.turnMs`, so there must not be many of them at once.
 *
 * Invariants:
 * - Opening does not wait for them.
 * - They are tried one at a time, each by itself; after one that is still stuck everybody else has ten times as long before the next.
 */
import type { Cancelable } from "../core/ports.ts";
import type { LiveRun } from "./live-run.ts";
import type { ParkedReason } from "./parking.ts";
import type { EngineState } from "./state.ts";

const rest = 10;

/** True for a run whose code was cut off. `parked`: why it is parked, as its row keeps it. */
export function wasStuck(parked: string | undefined): boolean {
  return parked !== undefined && (JSON.parse(parked) as ParkedReason).code === "DRM-STUCK-TURN";
}

/** The stuck runs that an engine found when it opened. */
export class StuckRuns {
  readonly #state: EngineState;
  readonly #keys: Set<number> = new Set();
  #alarm: Cancelable | undefined;
  /** The run that is being tried. */
  trying: number | undefined;

  constructor(state: EngineState) {
    this.#state = state;
  }

  add(key: number): void {
    this.#keys.add(key);
  }

  /** Tries them, one after the other. */
  begin(): void {
    const [key] = this.#keys;
    if (key === undefined || this.#state.closed) return;
    this.#keys.delete(key);
    void this.#try(key).catch(() => this.begin());
  }

  stop(): void {
    this.#alarm?.cancel();
  }

  async #try(key: number): Promise<void> {
    this.trying = key;
    const run = await this.#state.attendance.attend(key).finally(() => (this.trying = undefined));
    if (run === undefined) return this.begin();
    if (!run.dropped) this.#state.loop.suspect(run);
    this.#state.loop.afterwards(() => this.#tried(run));
  }

  #tried(run: LiveRun): void {
    const { clock } = this.#state.options.ports;
    const pauseMs = run.parked === undefined ? 0 : rest * this.#state.options.limits.turnMs;
    this.#alarm = clock.alarm(clock.now() + pauseMs, () => this.begin());
  }
}
