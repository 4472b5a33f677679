/**
 * A world for engine tests: a memory database, a clock that only the test moves, and engines on it that can crash and come back.
 *
 * - Nothing sleeps: `advance` and `until` move the clock, `quiet` waits until no engine has anything left to do.
 * - `crash` is what a killed process looks like from outside: nothing more of that engine reaches the database.
 */
import { expect } from "vitest";
import { Client } from "../../src/client/client.ts";
import { durationMs } from "../../src/core/duration.ts";
import type { Duration } from "../../src/core/duration.ts";
import type { HistoryEvent } from "../../src/core/events.ts";
import { resolveLimits } from "../../src/core/limits.ts";
import type { Limits } from "../../src/core/limits.ts";
import type { Ports } from "../../src/core/ports.ts";
import { embeddedBackend } from "../../src/embedded/embedded-backend.ts";
import { nodePorts } from "../../src/embedded/node-ports.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { EngineOptions } from "../../src/engine/options.ts";
import { noWatch } from "../../src/engine/watch.ts";
import type { Store } from "../../src/store/store.ts";
import { MemoryDatabase } from "../../src/stores/memory/database.ts";
import { openMemoryStore } from "../../src/stores/memory/store.ts";
import type { TelemetryEvent } from "../../src/telemetry/telemetry.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import type { AnyWorkflow } from "../../src/workflow/workflow.ts";

/** What a worker is opened with; the rest has defaults fit for tests. */
export interface WorkerOptions extends Partial<
  Pick<EngineOptions, "taskQueues" | "slots" | "cacheSize" | "leaseMs" | "checkDeterminism" | "retentionMs">
> {
  readonly limits?: Partial<Limits>;
  /** Stands between the engine and the database. */
  readonly wrap?: (store: Store) => Store;
}

/** One engine with its client. */
export interface Worker extends Client {
  readonly engine: Engine;
  readonly logs: TelemetryEvent[];
  /** The process dies here and now. */
  crash(): Promise<void>;
}

/** A lease that outlives every test, so that its renewal does not have to be driven. */
const longLeaseMs = 1e15;

/** Rounds of the event loop without a commit. */
const patience = 50;

/** Time beyond which nothing but the lease rings. */
const endOfTimeMs = 1e13;

/** A database, a clock, and the workers on it. */
export class World {
  readonly clock: VirtualClock = new VirtualClock();
  readonly database: MemoryDatabase = new MemoryDatabase({ now: this.clock.now });
  readonly #workers: Set<Worker> = new Set();
  #ids = 0;

  /** Opens one more worker on the database. */
  async open(workflows: readonly AnyWorkflow[], options: WorkerOptions = {}): Promise<Worker> {
    const { limits, wrap = (store) => store, ...rest } = options;
    const raw = openMemoryStore(this.database);
    const plug = unplugged(wrap(raw));
    const logs: TelemetryEvent[] = [];
    const engine = await createEngine({
      store: plug.store,
      workflows,
      ports: this.#ports(),
      limits: resolveLimits(limits),
      telemetry: (event) => void logs.push(event),
      taskQueues: {},
      slots: 1000,
      cacheSize: 1000,
      leaseMs: longLeaseMs,
      checkDeterminism: true,
      label: "test",
      watch: () => noWatch,
      onFatal: (error) => expect.unreachable(`the engine gave up: ${error.stack}`),
      ...rest,
    });
    const client = new Client(embeddedBackend(engine, 1000), () => this.#unique());
    const worker: Worker = Object.assign(client, {
      engine,
      logs,
      crash: async () => {
        plug.pull();
        this.#workers.delete(worker);
        stop(engine);
        await raw.sessions.close(engine.state.session);
      },
    });
    this.#workers.add(worker);
    return worker;
  }

  /** Crashes all workers, and opens one with this code: what a restart of the process looks like. */
  async restart(workflows: readonly AnyWorkflow[], options: WorkerOptions = {}): Promise<Worker> {
    for (const worker of this.#workers) await worker.crash();
    return this.open(workflows, options);
  }

  /**
   * Resolves when no worker has anything to do before the clock moves; what is due already rings.
   * A worker that waits for the clock itself (to try its store again) shows by committing nothing for long.
   */
  async quiet(): Promise<void> {
    let commits = 0;
    let waiting = 0;
    for (let calm = 0; calm < 3; calm++) {
      await new Promise((resolve) => setImmediate(resolve));
      const before = commits;
      commits = [...this.#workers].reduce((sum, { engine }) => sum + engine.state.counters.commits, 0);
      waiting = commits === before ? waiting + 1 : 0;
      for (const { engine } of this.#workers) if (!engine.settled && waiting < patience) calm = -1;
      if (calm < 1 || (this.clock.next() ?? Infinity) > this.clock.now()) continue;
      this.clock.ringNext();
      calm = -1;
    }
  }

  /** Moves the clock, ringing on the way; everything that a ring causes is over before the next one. */
  async advance(duration: Duration): Promise<void> {
    await this.quiet();
    const until = this.clock.now() + durationMs(duration, "advance");
    for (let next = this.clock.next(); next !== undefined && next <= until; next = this.clock.next()) {
      this.clock.ringNext();
      await this.quiet();
    }
    this.clock.advanceTo(until);
    await this.quiet();
  }

  /** Moves the clock for as long as it takes `promise` to settle. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const over = (): void => void (settled = true);
    promise.then(over, over);
    for (;;) {
      await this.quiet();
      if (settled) return promise;
      const next = this.clock.next();
      if (next === undefined || next > endOfTimeMs)
        return expect.unreachable("nothing is left that could move");
      this.clock.ringNext();
    }
  }

  /** What `promise` rejects with; fails if it does not. */
  async failure(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
    return this.until(
      promise.then(
        (value) => expect.unreachable(`resolved with ${JSON.stringify(value)}`),
        (error: unknown) => error as Error & Record<string, unknown>,
      ),
    );
  }

  #ports(): Ports {
    const { defer, settle } = nodePorts;
    return { clock: this.clock, ids: { unique: () => this.#unique(), random: () => 0.5 }, defer, settle };
  }

  #unique(): string {
    return `u${(++this.#ids).toString().padStart(6, "0")}`;
  }
}

function stop({ state }: Engine): void {
  state.closed = true;
  state.unlisten();
  state.due.stop();
  state.loop.stop();
  state.alarms.stop();
}

/** A store that answers nothing any more, to nobody, once the plug is pulled. */
function unplugged(store: Store): { readonly store: Store; pull(): void } {
  let dead = false;
  const guard = <T extends object>(part: T): T =>
    new Proxy(part, {
      get(target, name): unknown {
        const value: unknown = Reflect.get(target, name);
        if (typeof value === "object" && value !== null) return guard(value);
        if (typeof value !== "function") return value;
        return (...args: unknown[]): unknown => {
          if (dead) return new Promise(() => {});
          const answer: unknown = Reflect.apply(value, target, args);
          return answer instanceof Promise
            ? answer.then((result) => (dead ? new Promise(() => {}) : result))
            : answer;
        };
      },
    });
  return { store: guard(store), pull: () => void (dead = true) };
}

/** All events of a run. */
export async function historyOf(client: Client, id: string): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  for await (const event of client.get(id).history()) events.push(event);
  return events;
}

/** The types of a run's events, in order. */
export async function typesOf(client: Client, id: string): Promise<string[]> {
  return (await historyOf(client, id)).map(({ type }) => type);
}
