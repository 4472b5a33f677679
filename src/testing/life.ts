/** One process of a test: an engine on the test's world, from its start to its end or its crash. */
import type { Backend } from "../client/backend.ts";
import { embeddedBackend } from "../embedded/embedded-backend.ts";
import { createEngine } from "../engine/create-engine.ts";
import type { EngineOptions } from "../engine/options.ts";
import { noWatch } from "../engine/watch.ts";
import { openMemoryStore } from "../stores/memory/store.ts";
import { Crew } from "./crew.ts";
import { Driver } from "./driver.ts";
import { Mortal } from "./mortal.ts";
import type { CrashPoint } from "./mortal.ts";
import { Pulse } from "./pulse.ts";
import { stuckError } from "./stuck.ts";
import type { World } from "./world.ts";

/** So long that its upkeep never rings: nobody takes runs over while a test lasts. Crashes are noticed at once. */
const leaseMs = 1e17;

/** A process with an engine. */
export interface Life {
  readonly backend: Backend;
  readonly driver: Driver;
  readonly mortal: Mortal;
  /** Ends it as a crash does: nothing is drained, nothing is told. */
  readonly die: () => void;
}

/** Begins a process on what the world holds. `crash`: where it dies by itself. @throws what makes the engine stop at once */
export async function beginLife(world: World, crash?: CrashPoint): Promise<Life> {
  await world.clearUp();
  const mortal = new Mortal(crash);
  const pulse = new Pulse();
  const crew = new Crew(pulse.beat);
  void mortal.died.then(pulse.beat);
  const engine = await Promise.race([
    createEngine(engineOptions(world, { mortal, pulse, crew })),
    mortal.died,
  ]);
  if (engine === undefined) throw world.end();
  const backend = embeddedBackend(engine, 0);
  const stuck = (what: string): Promise<Error> => stuckError(what, backend);
  const end = (): Error => world.end();
  const { autoSkip = true, maxSkips = 10_000 } = world.options;
  const parts = { clock: world.clock, crew, pulse, mortal, end, stuck, autoSkip, maxSkips };
  return { backend, driver: new Driver(engine, parts), mortal, die: () => mortal.die() };
}

interface Organs {
  readonly mortal: Mortal;
  readonly pulse: Pulse;
  readonly crew: Crew;
}

function engineOptions(world: World, { mortal, pulse, crew }: Organs): EngineOptions {
  const { options, limits, clock, ids, violations, calls } = world;
  return {
    store: mortal.store(openMemoryStore(world.database), ids),
    workflows: options.workflows,
    ports: mortal.ports({ clock, ids, crew, changed: pulse.beat }),
    limits,
    telemetry: (event) => {
      if (mortal.dead) return;
      violations.take(event);
      options.telemetry?.(event);
    },
    taskQueues: options.taskQueues ?? {},
    slots: options.slots ?? 1000,
    cacheSize: options.cacheSize ?? 1000,
    leaseMs,
    checkDeterminism: options.checkDeterminism ?? true,
    label: "test",
    interceptActivity: calls.interceptor(crew),
    watch: () => noWatch,
    onFatal: (error) => {
      if (!mortal.dead) world.fatal ??= error;
      mortal.die();
    },
  };
}
