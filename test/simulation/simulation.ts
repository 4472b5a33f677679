/**
 * One simulation: everything that happens in it is a function of its seed.
 *
 * Several workers, each an engine with a clock of its own, share one database through a network with faults; they crash, stand still, close and come back, while clients
 * start generated workflows and talk to them. After each operation of the database the invariants of the design are checked; at the end the faults stop, and
 * everything must finish.
 */
import { Clients } from "./clients.ts";
import { Copies } from "./copies.ts";
import { Dice } from "./dice.ts";
import { drain } from "./drain.ts";
import { checkHeld, checkLetters, checkOutcomes, checkReplays, checkResults } from "./final.ts";
import { Generator } from "./generate.ts";
import { noPlant } from "./plant.ts";
import type { Plant } from "./plant.ts";
import { Scripts } from "./scripts.ts";
import type { Root } from "./scripts.ts";
import { Violation } from "./violation.ts";
import { weatherOf } from "./weather.ts";
import type { Weather } from "./weather.ts";
import { makeOf, Workers } from "./workers.ts";
import type { Life } from "./workers.ts";
import { World } from "./world.ts";

export interface SimulationOptions {
  readonly seed: string | number;
  readonly plant?: Plant | undefined;
  /** How many lines of the trace are kept. Default: 40. */
  readonly keep?: number | undefined;
}

export interface Report {
  readonly seed: string;
  /** What was found, if anything was. */
  readonly violation: Violation | undefined;
  /** The last lines of what happened. */
  readonly trace: readonly string[];
  /** A number that stands for all that happened. */
  readonly digest: number;
  readonly steps: number;
  readonly events: number;
  readonly runs: number;
}

/** More than any honest simulation needs. */
const mostSteps = 200_000;

export async function simulate({ seed, plant = noPlant, keep = 40 }: SimulationOptions): Promise<Report> {
  const simulation = new Simulation(String(seed), plant, keep);
  const violation = await simulation.run().then(
    () => undefined,
    (error: unknown) =>
      error instanceof Violation ? error : new Violation("result", String((error as Error).stack)),
  );
  const { world } = simulation;
  const models = [...world.checker.known.values()].map(({ model }) => model);
  return {
    seed: String(seed),
    violation,
    trace: world.trace.lines,
    digest: world.trace.digest,
    steps: world.scheduler.steps,
    events: models.reduce((sum, { events }) => sum + events.length, 0),
    runs: models.length,
  };
}

class Simulation {
  readonly world: World;
  readonly #dice: Dice;
  readonly #weather: Weather;
  readonly #workers: Workers;
  readonly #clients: Clients;
  readonly #scripts: Scripts;
  readonly #copies: Copies;
  readonly #roots: Root[];

  constructor(seed: string, plant: Plant, keep: number) {
    const dice = new Dice(seed);
    this.#dice = dice.fork("chaos");
    this.#weather = weatherOf(dice.fork("weather"));
    const make = makeOf(dice.fork("make"));
    this.world = new World({ dice, weather: this.#weather, plant, keep, limits: make.limits });
    this.#workers = new Workers(this.world, make, dice.fork("workers"));
    this.#clients = new Clients(this.world, this.#workers, dice.fork("clients"));
    this.#scripts = new Scripts(this.world, this.#clients, dice.fork("scripts"));
    this.#copies = new Copies(this.world, this.#clients, dice.fork("copies"));
    this.#roots = rootsOf(dice.fork("roots"));
  }

  async run(): Promise<void> {
    const { world } = this;
    for (let place = 0; place < this.#weather.workers; place++) this.#workers.start(place);
    this.#begin();
    await this.#go(
      () => false,
      this.#weather.endsAfterMs,
      () => this.#chaos(),
    );
    world.clear();
    world.trace.add("the weather clears");
    const parts = { world, workers: this.#workers, clients: this.#clients };
    await drain(parts, (until, ms) => this.#go(until, ms));
    await this.#finish();
  }

  /** The clients' scripts. */
  #begin(): void {
    const dice = this.#dice.fork("begin");
    const copying = this.#dice.fork("copying");
    const copied = copying.chance(0.3);
    for (const root of this.#roots) {
      const { id } = root;
      this.#clients.run(() => this.#scripts.start(root));
      const targets = [id, `${id}.1.1`];
      for (let n = dice.between(0, 3); n > 0; n--)
        this.#clients.run(() => this.#scripts.write(dice.pick(targets), `${id}-sender-${n}`));
      if (dice.chance(0.4)) this.#clients.run(() => this.#scripts.update(id, id));
      if (dice.chance(0.4)) this.#clients.run(() => this.#scripts.order(dice.chance(0.7) ? id : `${id}.1.1`));
      if (dice.chance(0.3)) this.#clients.run(() => this.#scripts.ask(id));
      if (copied && copying.chance(0.7)) this.#clients.run(() => this.#copies.fork(root));
      if (copied && copying.chance(0.7))
        this.#clients.run(() => this.#copies.retry(copying.pick([id, id, `${id}.1.1`, `fork-${id}`])));
      // A worker knows only of the runs that it holds when they close.
      if (dice.chance(0.3) && this.#weather.workers === 1)
        this.#clients.run(() => this.#scripts.wait(id), true);
    }
  }

  /** Steps until `until` holds, at most for `ms` of virtual time. */
  async #go(until: () => boolean, ms: number, each: () => void = () => {}): Promise<void> {
    const { world } = this;
    const end = world.clock.now() + ms;
    while (world.clock.now() < end && !until()) {
      each();
      if (!(await world.scheduler.step())) return;
      world.findings.raise();
      if (world.scheduler.steps > mostSteps) throw new Violation("L2", `no end after ${mostSteps} steps`);
    }
  }

  /** What may go wrong at any moment. */
  #chaos(): void {
    const { crashStep, stallStep, stallMs, closeStep } = this.#weather;
    const dice = this.#dice;
    const lives = [...this.#workers.lives];
    if (lives.length === 0) return;
    if (dice.chance(crashStep)) this.#workers.crash(dice.pick(lives), "suddenly");
    if (dice.chance(stallStep)) this.#stall(dice.pick(lives), dice.between(1, stallMs));
    if (dice.chance(closeStep)) this.#workers.close(dice.pick(lives));
  }

  #stall({ process }: Life, ms: number): void {
    this.world.trace.add(`${process.name} stands still for ${ms} ms`);
    process.stall(this.world.clock.now() + ms);
  }

  async #finish(): Promise<void> {
    const { world } = this;
    checkOutcomes(world, [...this.#roots, ...this.#copies.forks], this.#scripts.record);
    checkLetters(world, this.#scripts.record);
    checkResults(world);
    checkHeld(world, this.#workers);
    await checkReplays(world);
    world.findings.raise();
  }
}

function rootsOf(dice: Dice): Root[] {
  const generator = new Generator(dice);
  return Array.from({ length: dice.between(1, 3) }, (_, index) => ({
    id: `root-${index}`,
    program: generator.root(),
    operation: `start-${index}`,
    timeoutMs: dice.chance(0.1) ? dice.pick([1, 1_000, 20_000]) : undefined,
  }));
}
