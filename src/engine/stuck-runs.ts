/**
 * Runs that were parked because their code did not give the thread back. When an engine opens they are tried again, because the code may be new. Each that is
 * stuck once more holds up everybody for `limits.turnMs`, so there must not be many of them at once.
 *
 * Invariants:
 * - Opening does not wait for them.
 * - They are tried one at a time, each by itself; after one that is still stuck everybody else has ten times as long before the next.
 * - Those that somebody asks for come first, those of workflows that got stuck again come last.
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
  /** Those that are still to be tried, and their workflows. */
  readonly #waiting: Map<number, string> = new Map();
  /** Those of them that somebody asks for. */
  readonly #asked: Set<number> = new Set();
  /** Workflows that got stuck again. */
  readonly #guilty: Set<string> = new Set();
  #alarm: Cancelable | undefined;
  /** The run that is being tried. */
  trying: number | undefined;

  constructor(state: EngineState) {
    this.#state = state;
  }

  add(key: number, workflow: string): void {
    this.#waiting.set(key, workflow);
  }

  /** Somebody asks for a run. True: it will be tried, before those that nobody asks for. */
  ask(key: number): boolean {
    if (this.#waiting.has(key)) this.#asked.add(key);
    return this.#waiting.has(key) || this.trying === key;
  }

  /** Tries them, one after the other. */
  begin(): void {
    const key = this.#next();
    if (key === undefined || this.#state.closed) return;
    this.#waiting.delete(key);
    this.#asked.delete(key);
    this.#try(key).catch(() => this.begin());
  }

  stop(): void {
    this.#alarm?.cancel();
  }

  #next(): number | undefined {
    const [asked] = this.#asked;
    if (asked !== undefined) return asked;
    const [first] = this.#waiting.keys();
    return this.#waiting.keys().find((key) => !this.#guilty.has(this.#waiting.get(key) ?? "")) ?? first;
  }

  async #try(key: number): Promise<void> {
    this.trying = key;
    const run = await this.#state.attendance.attend(key).finally(() => (this.trying = undefined));
    if (run === undefined) return this.begin();
    if (!run.dropped) this.#state.loop.suspect(run);
    this.#state.loop.afterwards(() => this.#tried(run));
  }

  #tried({ parked, workflow }: LiveRun): void {
    const { clock } = this.#state.options.ports;
    if (parked === undefined) return this.begin();
    this.#guilty.add(workflow);
    this.#alarm = clock.alarm(clock.now() + rest * this.#state.options.limits.turnMs, () => this.begin());
  }
}
