/** What outlives the crashes of a test: the database, the clock, the ids, the stubs, and what was seen. */
import { DarumaError } from "../core/errors.ts";
import { resolveLimits } from "../core/limits.ts";
import type { Limits } from "../core/limits.ts";
import { MemoryDatabase } from "../stores/memory/database.ts";
import { openMemoryStore } from "../stores/memory/store.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import type { AnyWorkflow } from "../workflow/workflow.ts";
import { Calls } from "./calls.ts";
import { SeededIds } from "./seeded-ids.ts";
import { crashedError } from "./stuck.ts";
import { listStubs } from "./stubs.ts";
import type { Stubs } from "./stubs.ts";
import { Violations } from "./violations.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** How a test's Daruma is opened. */
export interface TestOptions {
  readonly workflows: readonly AnyWorkflow[];
  /** Stand-ins for activities. Activities without one really run. */
  readonly activities?: Stubs | undefined;
  /** Activities without a stub fail (DRM-UNKNOWN-ACTIVITY). Default: false. */
  readonly onlyStubs?: boolean | undefined;
  /** Where the clock begins. Default: 2026-01-01T00:00:00Z. */
  readonly startTime?: Moment | undefined;
  /** Where ids and random numbers come from; the same seed gives the same histories. Default: "test". */
  readonly seed?: string | undefined;
  /** Time goes on by itself while somebody waits for a run's result. Default: true. */
  readonly autoSkip?: boolean | undefined;
  /** How many timers may ring while one wait lasts, before that is an error. Default: 10,000. */
  readonly maxSkips?: number | undefined;
  /** Replay each run when it has closed, and compare. Default: true. */
  readonly checkDeterminism?: boolean | undefined;
  readonly limits?: Partial<Limits> | undefined;
  /** Slots of task queues by name. */
  readonly taskQueues?: Readonly<Record<string, number>> | undefined;
  /** Slots of queues that are not named. Default: 1000. */
  readonly slots?: number | undefined;
  /** How many idle runs stay in memory. With 0 every outcome reaches its run by replay. Default: 1000. */
  readonly cacheSize?: number | undefined;
  /** Takes logs. Default: nobody does. */
  readonly telemetry?: Telemetry | undefined;
}

/** A moment: a date, its text (ISO 8601), or epoch milliseconds. */
export type Moment = Date | string | number;

/** A moment as epoch milliseconds. @throws DarumaError DRM-INVALID-OPTION */
export function moment(value: Moment, subject: string): number {
  const time = new Date(value).getTime();
  if (!Number.isNaN(time)) return time;
  throw new DarumaError("DRM-INVALID-OPTION", {
    message: `${subject} is not a moment.`,
    subject,
    expected: 'a Date, a text such as "2026-01-01T00:00:00Z", or epoch milliseconds',
    found: String(value),
  });
}

/** "1", "2", … */
export function counter(): () => string {
  let made = 0;
  return () => String(++made);
}

/** One test's world. */
export class World {
  readonly options: TestOptions;
  readonly limits: Limits;
  readonly clock: VirtualClock;
  readonly ids: SeededIds;
  /** Ids for clients, of runs and of operations: short, because people read them. */
  readonly clientIds: () => string;
  readonly database: MemoryDatabase;
  readonly calls: Calls;
  readonly violations: Violations = new Violations();
  /** The engine found its store, or itself, unusable. */
  fatal: Error | undefined;
  #told = false;

  constructor(options: TestOptions) {
    const { startTime, seed = "test", activities, onlyStubs = false } = options;
    this.options = options;
    this.limits = resolveLimits(options.limits);
    this.clock = new VirtualClock(startTime === undefined ? undefined : moment(startTime, "startTime"));
    this.ids = new SeededIds(seed);
    this.clientIds = counter();
    this.database = new MemoryDatabase({ now: this.clock.now });
    this.calls = new Calls({ stubs: listStubs(activities), onlyStubs, now: this.clock.now });
  }

  /** Why a process has ended, for somebody who waits for it. */
  end(): Error {
    this.#told = true;
    return this.fatal ?? crashedError();
  }

  /** @throws what made the engine stop, if it did and nobody was told */
  checkFatal(): void {
    if (this.fatal !== undefined && !this.#told) throw this.end();
  }

  /** True if a message with this operation is in some history, or waits in some inbox. */
  holds(operation: string): boolean {
    const field = `"operation":${JSON.stringify(operation)}`;
    for (const { chunks, inbox } of this.database.state.runs.values()) {
      if (inbox.has(operation) || chunks.some(({ events }) => events.includes(field))) return true;
    }
    return false;
  }

  /** What a supervisor does after a crash: the dead process holds nothing any more. */
  async clearUp(): Promise<void> {
    this.ids.rewind();
    const { sessions } = openMemoryStore(this.database);
    for (const session of this.database.state.sessions.keys()) await sessions.close(session);
  }
}
