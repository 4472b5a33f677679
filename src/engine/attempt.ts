/** One call of an activity in this process, and what the activity can ask about it. */
import { durationMs } from "../core/duration.ts";
import type { Duration } from "../core/duration.ts";
import { decodePayload, encodePayload } from "../core/payload.ts";
import type { Payload } from "../core/payload.ts";
import type { Cancelable, Clock } from "../core/ports.ts";
import type { ActivityContext } from "../workflow/run.ts";
import type { LiveRun } from "./live-run.ts";
import type { ActivitySettings } from "./activity-settings.ts";

/** What an attempt is made of. */
export interface AttemptOptions {
  readonly run: LiveRun;
  readonly ref: number;
  readonly number: number;
  readonly settings: ActivitySettings;
  readonly clock: Clock;
  readonly heartbeat: Payload | undefined;
  /** The largest heartbeat that can be kept. */
  readonly payloadBytes: number;
  readonly onHeartbeat: (attempt: Attempt) => void;
}

/** One call of an activity. */
export class Attempt implements ActivityContext {
  readonly run: LiveRun;
  readonly ref: number;
  readonly number: number;
  readonly settings: ActivitySettings;
  /** Alarms of its time limits; canceled when it is over. */
  readonly alarms: Cancelable[] = [];
  heartbeatAlarm: Cancelable | undefined;
  readonly #clock: Clock;
  readonly #onHeartbeat: (attempt: Attempt) => void;
  readonly #before: Payload | undefined;
  readonly #payloadBytes: number;
  #controller: AbortController | undefined;
  #reason: Error | undefined;
  /** The last heartbeat's details. */
  details: Payload | undefined;
  lastHeartbeat: number;
  /** It holds a slot of its task queue. */
  running = false;
  /** Its outcome is decided; whatever comes from it now is late. */
  over = false;

  constructor(options: AttemptOptions) {
    this.run = options.run;
    this.ref = options.ref;
    this.number = options.number;
    this.settings = options.settings;
    this.#clock = options.clock;
    this.#onHeartbeat = options.onHeartbeat;
    this.#before = options.heartbeat;
    this.#payloadBytes = options.payloadBytes;
    this.details = options.heartbeat;
    this.lastHeartbeat = options.clock.now();
  }

  get runId(): string {
    return this.run.id;
  }

  get workflow(): string {
    return this.run.workflow;
  }

  get activity(): string {
    return this.settings.name;
  }

  get attempt(): number {
    return this.number;
  }

  get idempotencyKey(): string {
    return `${this.run.id}/${this.run.generation}/${this.ref}`;
  }

  get heartbeatDetails(): unknown {
    return this.#before === undefined ? undefined : decodePayload(this.#before);
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  heartbeat(details?: unknown): void {
    if (this.over) return;
    this.lastHeartbeat = this.#clock.now();
    if (details === undefined) return;
    const subject = `the heartbeat of activity ${this.activity}`;
    this.details = encodePayload(details, { subject, maxBytes: this.#payloadBytes });
    this.#onHeartbeat(this);
  }

  sleep(duration: Duration): Promise<void> {
    const until = this.#clock.now() + durationMs(duration, "activityContext().sleep()");
    const { signal } = this;
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const alarm = this.#clock.alarm(until, () => {
        signal.removeEventListener("abort", stop);
        resolve();
      });
      const stop = (): void => {
        alarm.cancel();
        reject(signal.reason as Error);
      };
      signal.addEventListener("abort", stop, { once: true });
    });
  }

  /** Tells the activity to stop. */
  abort(reason: Error): void {
    this.#reason ??= reason;
    this.#controller?.abort(reason);
  }

  /** Ends it: nothing that comes from it counts any more. With a reason it is aborted too. */
  end(reason?: Error): void {
    this.over = true;
    this.heartbeatAlarm?.cancel();
    for (const alarm of this.alarms) alarm.cancel();
    if (reason !== undefined) this.abort(reason);
  }
}
