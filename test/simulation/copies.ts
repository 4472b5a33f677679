/** Clients that fork runs and retry them: what is acknowledged is durable, what is refused is refused rightly, and a repeat makes no second copy. */
import { DarumaError, DuplicateRunError, RunNotFoundError } from "../../src/index.ts";
import type { Clients, Outcome } from "./clients.ts";
import type { Dice } from "./dice.ts";
import type { RunModel } from "./model.ts";
import type { Root } from "./scripts.ts";
import type { World } from "./world.ts";

export class Copies {
  /** Forks that were made, as if they had been started. */
  readonly forks: Root[] = [];
  readonly #world: World;
  readonly #clients: Clients;
  readonly #dice: Dice;

  constructor(world: World, clients: Clients, dice: Dice) {
    this.#world = world;
    this.#clients = clients;
    this.#dice = dice;
  }

  /** Forks the run of a root, at its end or anywhere. */
  async fork(root: Root): Promise<void> {
    await this.#world.sleep(this.#dice.between(1, 15_000));
    const id = `fork-${root.id}`;
    const operation = `fork ${root.id}`;
    const at = this.#dice.chance(0.5) ? undefined : this.#dice.between(1, 20);
    for (let times = this.#dice.chance(0.3) ? 2 : 1; times > 0; times--) {
      const outcome = await this.#clients.call(operation, (client) =>
        client.fork(root.id, { id, at, operation }),
      );
      this.#check(operation, outcome, ["DRM-FORK-POINT"]);
      if (outcome === undefined || "error" in outcome) return;
    }
    const model = this.#world.checker.runNamed(`${id}/1`);
    // The id of a root may have gone to a child; and what a detached child comes to for a fork depends on when that asks.
    const isRoot = [...this.#world.db.state.runs.values()].some(
      ({ row }) => row.id === root.id && row.operation === root.operation,
    );
    const detached = JSON.stringify(root.program).includes('"abandon"');
    if (model !== undefined && isRoot && !detached) this.forks.push({ ...root, id, operation });
  }

  /** Retries a run, as often as it fails. */
  async retry(id: string): Promise<void> {
    for (let round = this.#dice.between(1, 3); round > 0; round--) {
      await this.#world.sleep(this.#dice.between(1, 30_000));
      const operation = this.#world.unique();
      const outcome = await this.#clients.call(`retry ${id}`, (client) =>
        client.get(id).retry({ operation }),
      );
      this.#check(operation, outcome, ["DRM-NOT-RETRYABLE"]);
      if (outcome !== undefined && "error" in outcome && outcome.error instanceof RunNotFoundError) return;
    }
  }

  #check(operation: string, outcome: Outcome<unknown>, refusals: readonly string[]): void {
    const { findings, checker } = this.#world;
    if (outcome === undefined) return;
    if ("value" in outcome) {
      const made = [...checker.known.values()].filter(({ model }) => isMadeBy(model, operation));
      findings.check(made.length > 0, "D1", () => `${operation} was acknowledged and is not durable`);
      const ids = made.map(({ model }) => model.name);
      findings.check(new Set(ids).size === ids.length, "D3", () => `${operation} was done twice`);
      return;
    }
    const { error } = outcome;
    const right =
      error instanceof RunNotFoundError || (error instanceof DarumaError && refusals.includes(error.code));
    const wrong = !right || error instanceof DuplicateRunError;
    findings.check(!wrong, "result", () => `${operation}: ${error.stack}`);
  }
}

function isMadeBy({ events }: RunModel, operation: string): boolean {
  return events.some((event) => event.type === "run_forked" && event.operation === operation);
}
