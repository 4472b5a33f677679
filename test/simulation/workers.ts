/** The workers: each is a place in which an engine lives, dies, and is opened again. */
import { Client } from "../../src/client/client.ts";
import { defaultLimits } from "../../src/core/limits.ts";
import type { Limits } from "../../src/core/limits.ts";
import { embeddedBackend } from "../../src/embedded/embedded-backend.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { EngineOptions } from "../../src/engine/options.ts";
import { noWatch } from "../../src/engine/watch.ts";
import type { TelemetryEvent } from "../../src/telemetry/telemetry.ts";
import type { Stage } from "./behave.ts";
import type { Dice } from "./dice.ts";
import { programWorkflow } from "./interpreter.ts";
import { simulatedPorts } from "./ports.ts";
import type { Process } from "./scheduler.ts";
import { simulatedStore } from "./simulated-store.ts";
import { isUnknown } from "./unknown.ts";
import type { World } from "./world.ts";

/** How long a lease lasts, milliseconds. */
export const leaseMs = 10_000;

/** One life of a worker. */
export interface Life {
  readonly process: Process;
  /** Where it lives. */
  readonly place: number;
  /** Absent until it is open. */
  engine?: Engine;
  client?: Client;
  closing: boolean;
}

/** One that takes calls. */
export type OpenLife = Life & { readonly engine: Engine; readonly client: Client };

function isOpen(life: Life): life is OpenLife {
  return life.process.alive && life.client !== undefined && !life.closing;
}

/** What engines are made with; the same for all lives of a simulation. */
export interface Make {
  readonly cacheSize: number;
  readonly slots: number;
  readonly checkDeterminism: boolean;
  readonly limits: Limits;
}

export function makeOf(dice: Dice): Make {
  return {
    cacheSize: dice.pick([0, 1, 3, 1_000]),
    slots: dice.pick([1, 2, 5, 100]),
    checkDeterminism: dice.chance(0.3),
    // So many that no activity is ever given up: what comes out must not depend on the weather.
    limits: { ...defaultLimits, interruptions: 1_000_000, pendingCommands: dice.chance(0.05) ? 4 : 10_000 },
  };
}

export class Workers {
  readonly lives: Set<Life> = new Set();
  readonly #world: World;
  readonly #make: Make;
  readonly #dice: Dice;
  #births = 0;

  constructor(world: World, make: Make, dice: Dice) {
    this.#world = world;
    this.#make = make;
    this.#dice = dice;
  }

  /** Those that are open. */
  get open(): OpenLife[] {
    return [...this.lives].filter(isOpen);
  }

  /** Opens worker number `place`. */
  start(place: number): void {
    const { world, life } = this.#conceive(place);
    this.#open(life).then(
      () => world.trace.add(`${life.process.name} is open`),
      (error: unknown) => this.#stillborn(life, error),
    );
  }

  #conceive(place: number): { world: World; life: Life } {
    const world = this.#world;
    const process = world.scheduler.process(`w${place}.${++this.#births}`);
    const life: Life = { process, place, closing: false };
    this.lives.add(life);
    return { world, life };
  }

  async #open(life: Life): Promise<void> {
    const engine = await createEngine(this.#options(life));
    life.engine = engine;
    life.client = new Client(embeddedBackend(engine, 2_000), () => this.#world.unique());
  }

  #stillborn(life: Life, error: unknown): void {
    if (!isUnknown(error)) this.#world.findings.add("fatal", `an engine does not open: ${String(error)}`);
    this.#end(life, "did not open");
  }

  #options(life: Life): EngineOptions {
    const { process } = life;
    const { world, weather } = { world: this.#world, weather: this.#world.weather() };
    const dice = this.#dice.fork(process.name);
    const now = world.clock.now;
    const skewMs = dice.between(-weather.skewMs, weather.skewMs);
    const honest = simulatedPorts({ process, now, skewMs, dice });
    const holds = (key: number): boolean =>
      life.engine?.state.session === world.db.state.runs.get(key)?.row.owner;
    const caller = { name: process.name, now: honest.clock.now, holds };
    const stage: Stage = {
      begin: (context, act) => {
        if (!process.alive) return 0;
        world.trace.add(
          `${process.name} begins attempt ${context.attempt} of ${act.label} of ${context.runId}`,
        );
        return world.ledger.begin(context, act, caller);
      },
      finish: (context) => world.ledger.finish(context),
    };
    const planted = { process, world, clock: honest.clock, dice };
    const store = world.plant.store?.(world.store(), planted) ?? world.store();
    return {
      ...this.#make,
      store: simulatedStore({
        store,
        process,
        server: world.server,
        dice,
        weather: world.weather,
        crash: (why) => this.crash(life, why),
        acknowledged: (request, result) => world.acknowledged(request, result),
        trace: (text) => world.trace.add(text),
        detailed: world.trace.detailed,
      }),
      workflows: life.place < weather.strangers ? [] : [programWorkflow(stage)],
      ports: world.plant.ports?.(honest, planted) ?? honest,
      telemetry: (event) => this.#told(process, event),
      taskQueues: { narrow: 1 },
      leaseMs,
      label: process.name,
      watch: () => noWatch,
      onFatal: (error) => {
        world.findings.add("fatal", `${process.name}: ${error.stack}`);
        this.crash(life, "of a fatal error");
      },
    };
  }

  #told(process: Process, { event, message }: TelemetryEvent): void {
    if (process.alive && (event === "run_parked" || event === "not_deterministic"))
      this.#world.findings.add("H3", `${process.name}: ${message}`);
  }

  /** It dies at once. */
  crash(life: Life, why: string): void {
    if (life.process.alive) this.#end(life, `dies ${why}`);
  }

  /** It is closed in good order. */
  close(life: Life): void {
    const { client } = life;
    if (client === undefined || life.closing) return;
    life.closing = true;
    this.#world.trace.add(`${life.process.name} closes`);
    client.close().then(
      () => this.#end(life, "has closed"),
      (error: unknown) => {
        if (!isUnknown(error)) this.#world.findings.add("fatal", `closing: ${String(error)}`);
        this.#end(life, "did not close well");
      },
    );
  }

  /** Another life begins some time later. */
  #end(life: Life, why: string): void {
    if (!life.process.alive) return;
    this.#world.trace.add(`${life.process.name} ${why}`);
    life.process.kill();
    this.lives.delete(life);
    const pause = this.#dice.pick([10, 1_000, 2 * leaseMs]);
    this.#world.outside.arrive(pause, () => this.start(life.place));
  }
}
