/** All that one simulation consists of. */
import type { Limits } from "../../src/core/limits.ts";
import type { CommitRequest, CommitResult } from "../../src/store/commit.ts";
import type { Store } from "../../src/store/store.ts";
import { MemoryDatabase } from "../../src/stores/memory/database.ts";
import { openMemoryStore } from "../../src/stores/memory/store.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { Checker } from "./checker.ts";
import type { Dice } from "./dice.ts";
import { Ledger } from "./ledger.ts";
import { observedStore } from "./observed-store.ts";
import type { Plant } from "./plant.ts";
import { Scheduler } from "./scheduler.ts";
import type { Process } from "./scheduler.ts";
import { Trace } from "./trace.ts";
import { Findings } from "./violation.ts";
import { calm } from "./weather.ts";
import type { Weather } from "./weather.ts";

export interface WorldOptions {
  readonly dice: Dice;
  readonly weather: Weather;
  readonly plant: Plant;
  readonly limits: Limits;
  /** How many lines of the trace are kept. */
  readonly keep: number;
}

export class World {
  readonly clock: VirtualClock = new VirtualClock();
  readonly scheduler: Scheduler;
  readonly findings: Findings = new Findings();
  readonly trace: Trace;
  readonly db: MemoryDatabase;
  readonly checker: Checker;
  readonly ledger: Ledger;
  readonly limits: Limits;
  readonly plant: Plant;
  /** Where the store does its work. */
  readonly server: Process;
  /** Where clients live, and whoever starts workers again. */
  readonly outside: Process;
  /** The weather now. */
  readonly weather: () => Weather;
  #weather: Weather;
  #unique = 0;

  constructor({ dice, weather, plant, keep, limits }: WorldOptions) {
    this.scheduler = new Scheduler(this.clock, dice.fork("scheduler"));
    this.trace = new Trace(this.clock.now, keep);
    this.db = new MemoryDatabase({ now: this.clock.now });
    this.checker = new Checker(this.db, limits, this.findings);
    this.ledger = new Ledger(this.checker, this.findings);
    this.plant = plant;
    this.limits = limits;
    this.server = this.scheduler.process("server");
    this.outside = this.scheduler.process("outside");
    this.#weather = weather;
    this.weather = () => this.#weather;
    this.scheduler.haste = weather.haste;
  }

  /** From now on nothing goes wrong. */
  clear(): void {
    const { workers, strangers } = this.#weather;
    this.#weather = { ...calm, workers, strangers };
    this.scheduler.calm();
  }

  /** A new connection to the database. */
  store(): Store {
    const { db, checker, findings } = this;
    return observedStore(openMemoryStore(db), { db, checker, findings });
  }

  /** A worker has been told what became of its commit: what heartbeats it held must never be lost again. */
  acknowledged({ runs }: CommitRequest, { fenced, duplicates }: CommitResult): void {
    for (const { key, heartbeats = [] } of runs) {
      if (fenced.includes(key) || duplicates.includes(key)) continue;
      const name = this.checker.known.get(key)?.model.name;
      for (const { ref, details } of heartbeats)
        this.ledger.heartbeats.set(`${name}/${ref}`, Number(JSON.parse(details)));
    }
  }

  unique(): string {
    return `u${++this.#unique}`;
  }

  /** A wait of somebody outside. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.outside.arrive(Math.max(1, ms), resolve));
  }
}
