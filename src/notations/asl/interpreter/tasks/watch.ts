/** The clock of one task: rings when its time is over, or when it has been silent for too long. */
import { StatesError } from "../../states-error.ts";
import type { TaskLimits } from "../task-events.ts";
import type { Outcome } from "../tokens.ts";
import type { World } from "../world.ts";
import { msOf } from "./call.ts";

export interface WatchOptions extends TaskLimits {
  readonly settle: (outcome: Outcome) => void;
  /** True: silence is not counted before {@link Watch.begin}. */
  readonly quiet: boolean;
}

export class Watch {
  readonly #world: World;
  readonly #settle: (outcome: Outcome) => void;
  readonly #deadline: number;
  readonly #silenceMs: number;
  #beatAt: number;
  #over = false;
  #stop = (): void => {};

  constructor(world: World, { timeout, heartbeat, settle, quiet }: WatchOptions) {
    this.#world = world;
    this.#settle = settle;
    this.#deadline = world.now() + (msOf(timeout) ?? Infinity);
    this.#silenceMs = msOf(heartbeat) ?? Infinity;
    this.#beatAt = quiet ? Infinity : world.now();
    this.#arm();
  }

  /** From now on silence counts. */
  begin(): void {
    this.beat();
    this.#stop();
    this.#arm();
  }

  /** A sign of life. The timer that runs is left alone: when it rings too early it is set again. */
  beat(): void {
    this.#beatAt = this.#world.now();
  }

  end(): void {
    this.#over = true;
    this.#stop();
  }

  #arm(): void {
    const due = Math.min(this.#deadline, this.#beatAt + this.#silenceMs);
    if (due === Infinity) return;
    const [slept, stop] = this.#world.cancelable(() => this.#world.sleepUntil(due));
    this.#stop = stop;
    slept.then(
      () => this.#ring(),
      () => {},
    );
  }

  #ring(): void {
    if (this.#over) return;
    const now = this.#world.now();
    if (now >= this.#deadline) this.#settle({ error: new StatesError("States.Timeout") });
    else if (now >= this.#beatAt + this.#silenceMs)
      this.#settle({ error: new StatesError("States.HeartbeatTimeout") });
    else this.#arm();
  }
}
