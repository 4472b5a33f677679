/** The whole story of one database: lives that are killed, a look after each, and a last one that may finish. */
import { join } from "node:path";
import { faultsOf } from "./check.ts";
import { readLedger } from "./ledger.ts";
import { awaitEnd, type End, startWorker } from "./lives.ts";
import { type Moment, repeats, unfinished } from "./progress-check.ts";
import { type Life, livesOf } from "./script.ts";
import { readCopy } from "./snapshot.ts";
import type { WorkerOrders } from "./worker.ts";

/** Where a story takes place. */
export interface Stage {
  readonly folder: string;
  /** The folder of compiled sources. */
  readonly cache: string;
  readonly seed: string;
  readonly lives: number;
}

/** What a story came to. */
export interface Story {
  /** How each life ended, in the words of {@link Life}. */
  readonly deaths: readonly string[];
  readonly orders: number;
  readonly faults: readonly string[];
}

/** New orders that each life may begin with, over those of the lives before. */
const width = 8;

function nextTotal(ledger: Moment["ledger"]): number {
  return (
    1 +
    ledger.reduce(
      (top, entry) => ("run" in entry ? Math.max(top, Number(entry.run.slice("order-".length))) : top),
      -1,
    )
  );
}

/** How a life that was killed is counted, or what is wrong with how it ended. */
function verdict(life: Life, end: End, ledger: Moment["ledger"]): { death: string } | { fault: string } {
  if (end.signal !== "SIGKILL")
    return { fault: `it ended by itself with ${end.code ?? end.signal}: ${end.stderr}` };
  const last = ledger.at(-1);
  if (last?.type !== "dying") return { death: life.death === undefined ? life.name : "random" };
  return { death: last.inside === false ? "committed" : last.point };
}

export async function tell({ folder, cache, seed, lives }: Stage): Promise<Story> {
  const database = join(folder, `${seed}.db`);
  const ledgerFile = join(folder, `${seed}.jsonl`);
  const base = { database, ledger: ledgerFile, seed, width };
  const deaths: string[] = [];
  const faults: string[] = [];
  let before: Moment = { snapshot: { integrity: "ok", runs: [], orphans: 0 }, ledger: [] };

  const live = async (orders: WorkerOrders, kill: Life["kill"] | undefined): Promise<End> => {
    const end = await awaitEnd(startWorker(orders, cache), kill);
    const after: Moment = { snapshot: await readCopy(database), ledger: readLedger(ledgerFile) };
    const found = [...faultsOf(after.snapshot, after.ledger), ...repeats(before, after)];
    faults.push(
      ...found.map(
        (fault) => `seed ${seed}, life ${deaths.length + 1} (${JSON.stringify(orders)}): ${fault}`,
      ),
    );
    before = after;
    return end;
  };

  for (const life of livesOf(seed, lives)) {
    const { checkpointPages, cacheSize } = life;
    const more = {
      ...(life.death === undefined ? {} : { death: life.death }),
      ...(life.closeAfterMs === undefined ? {} : { closeAfterMs: life.closeAfterMs }),
    };
    const known = before.ledger.length;
    const end = await live({ ...base, total: 100_000, checkpointPages, cacheSize, ...more }, life.kill);
    const how = verdict(life, end, before.ledger.slice(known));
    if ("fault" in how) faults.push(`seed ${seed}, life ${deaths.length + 1} (${life.name}): ${how.fault}`);
    else deaths.push(how.death);
  }

  const total = nextTotal(before.ledger);
  const end = await live({ ...base, total, checkpointPages: 1000, cacheSize: 1000 }, undefined);
  if (end.code !== 0)
    faults.push(`seed ${seed}, the last life ended with ${end.code ?? end.signal}: ${end.stderr}`);
  faults.push(...unfinished(before, seed, total).map((fault) => `seed ${seed}, at the end: ${fault}`));
  return { deaths, orders: total, faults };
}
