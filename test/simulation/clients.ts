/**
 * Clients: they call whatever worker is open, call again with the same operation id when nobody knows what became of a call, and remember what they were told.
 *
 * Invariant: what a client is told is durable at that moment (D1).
 */
import type { Client } from "../../src/client/client.ts";
import type { Dice } from "./dice.ts";
import { isUnknown } from "./unknown.ts";
import type { Life, OpenLife, Workers } from "./workers.ts";
import type { World } from "./world.ts";

/** What a call came to; undefined: given up, nobody knows. */
export type Outcome<T> = { readonly value: T } | { readonly error: Error } | undefined;

/** A call that a worker has not answered. */
interface Call {
  readonly what: string;
  readonly life: Life;
}

/** How long a client waits for an answer, and between two tries (milliseconds). */
const patienceMs = 120_000;
const pauseMs = 700;

export class Clients {
  readonly #world: World;
  readonly #workers: Workers;
  readonly #dice: Dice;
  readonly #calls: Set<Call> = new Set();
  /** How many scripts are under way. */
  #busy = 0;

  constructor(world: World, workers: Workers, dice: Dice) {
    this.#world = world;
    this.#workers = workers;
    this.#dice = dice;
  }

  get idle(): boolean {
    return this.#busy === 0;
  }

  /** Calls that no living worker has answered. */
  get unanswered(): string[] {
    return [...this.#calls]
      .filter(({ life }) => life.process.alive && !life.closing)
      .map(({ what, life }) => `${what} at ${life.process.name}`);
  }

  /** Runs a script of calls. `patient`: it waits for the end of a run, so nobody should wait for it. */
  run(script: () => Promise<void>, patient = false): void {
    const weight = patient ? 0 : 1;
    this.#busy += weight;
    script().then(
      () => (this.#busy -= weight),
      (error: unknown) => this.#world.findings.add("result", `a client fails: ${(error as Error).stack}`),
    );
  }

  /** Calls until somebody answers, at most `tries` times. */
  async call<T>(what: string, work: (client: Client) => Promise<T>, tries = 30): Promise<Outcome<T>> {
    for (let done = 0; done < tries; done++) {
      const life = await this.#somebody();
      const outcome = await this.#ask(what, life, work(life.client));
      this.#world.trace.add(`client: ${what}: ${told(outcome)}`);
      if (outcome !== undefined && !("error" in outcome && isUnknown(outcome.error))) return outcome;
      await this.#world.sleep(pauseMs);
    }
    return undefined;
  }

  /** A worker that is open, as soon as there is one. */
  async #somebody(): Promise<OpenLife> {
    for (;;) {
      const { open } = this.#workers;
      if (open.length > 0) return this.#dice.pick(open);
      await this.#world.sleep(pauseMs);
    }
  }

  async #ask<T>(what: string, life: Life, answer: Promise<T>): Promise<Outcome<T>> {
    const call = { what, life };
    this.#calls.add(call);
    const outcome = answer.then(
      (value) => ({ value }),
      (error: unknown) => ({ error: error as Error }),
    );
    void outcome.then(() => this.#calls.delete(call));
    const patience = this.#world.sleep(patienceMs);
    return Promise.race([outcome, life.process.died.then(() => undefined), patience.then(() => undefined)]);
  }
}

function told(outcome: Outcome<unknown>): string {
  if (outcome === undefined) return "no answer";
  if ("error" in outcome) return `${outcome.error.name} ${outcome.error.message.split("\n")[0]}`;
  return "done";
}
