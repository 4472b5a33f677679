/** The story of one database: lives that are killed, a look after each, and a last one that may finish. */
import { join } from "node:path";
import { faultsOf } from "./check.ts";
import { readLedger } from "./ledger.ts";
import { awaitEnd, type End, type Kill, startWorker } from "./lives.ts";
import { indexOf } from "./orders.ts";
import { type Moment, repeats, unfinished } from "./progress-check.ts";
import { type Life, livesOf } from "./script.ts";
import { readCopy } from "./snapshot.ts";
import { checkpointAfter, type WorkerOrders } from "./worker-orders.ts";

/** Where a story takes place. */
export interface Stage {
  readonly folder: string;
  /** The folder of compiled sources. */
  readonly cache: string;
  readonly seed: string;
  readonly lives: number;
}

/** More orders than a story can come to. */
const endless = 1_000_000;

/** Orders that a client works on at once. */
const width = 8;

/** The last life has far more time than it needs: one that hangs is a fault. */
const patience: Kill = { after: "spawn", delayMs: 120_000 };

/** One database and its workers. */
export class Story {
  /** How each life ended: the name of a point, or `random`. */
  readonly deaths: string[] = [];
  readonly faults: string[] = [];
  orders = 0;
  readonly #stage: Stage;
  readonly #base: Pick<WorkerOrders, "database" | "ledger" | "seed" | "width">;
  #now: Moment = { snapshot: { integrity: "ok", runs: [], orphans: 0 }, ledger: [] };

  constructor(stage: Stage) {
    const { folder, seed } = stage;
    this.#stage = stage;
    this.#base = { database: join(folder, `${seed}.db`), ledger: join(folder, `${seed}.jsonl`), seed, width };
  }

  /** Tells it to its end, or up to the first fault. */
  async tell(): Promise<void> {
    for (const life of livesOf(this.#stage.seed, this.#stage.lives)) {
      if (this.faults.length > 0) return;
      await this.#shortLife(life);
    }
    await this.#lastLife();
  }

  /** A worker that is killed. */
  async #shortLife({ name, death, kill, closeAfterMs, checkpointPages, cacheSize }: Life): Promise<void> {
    const known = this.#now.ledger.length;
    const end = await this.#live({
      ...this.#base,
      total: endless,
      prologue: checkpointAfter(checkpointPages),
      cacheSize,
      kill,
      ...(death === undefined ? {} : { death }),
      ...(closeAfterMs === undefined ? {} : { closeAfterMs }),
    });
    if (end.signal !== "SIGKILL") return this.#fault(`it ended by itself with ${end.code}`);
    const last = this.#now.ledger.slice(known).at(-1);
    if (last?.type !== "dying") this.deaths.push(death === undefined ? name : "random");
    else this.deaths.push(last.inside === false ? "committed" : last.point);
  }

  /** A worker that may finish what is open. */
  async #lastLife(): Promise<void> {
    const asked = this.#now.ledger.filter(({ type }) => type === "asked");
    this.orders = asked.reduce(
      (top, entry) => ("run" in entry ? Math.max(top, indexOf(entry.run) + 1) : top),
      0,
    );
    const end = await this.#live({ ...this.#base, total: this.orders, cacheSize: 1000, kill: patience });
    if (end.code !== 0) this.#fault(`it could not finish, and ended with ${end.code ?? end.signal}`);
    for (const fault of unfinished(this.#now, this.#stage.seed, this.orders)) this.#fault(fault);
  }

  async #live({ kill, ...orders }: WorkerOrders & { readonly kill?: Kill }): Promise<End> {
    const { database, ledger } = this.#base;
    const end = await awaitEnd(startWorker(orders, this.#stage.cache), kill);
    const after: Moment = { snapshot: await readCopy(database), ledger: readLedger(ledger) };
    const found = [...faultsOf(after.snapshot, after.ledger), ...repeats(this.#now, after)];
    if (end.stderr !== "") this.#fault(`it said: ${end.stderr}`);
    for (const fault of found) this.#fault(`${fault}, after ${JSON.stringify({ ...orders, kill })}`);
    this.#now = after;
    return end;
  }

  #fault(text: string): void {
    this.faults.push(`seed ${this.#stage.seed}, life ${this.deaths.length + 1}: ${text}`);
  }
}
