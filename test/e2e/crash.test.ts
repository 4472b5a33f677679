/**
 * Real processes that are killed: 10 databases, 30 lives each. 17 lives of a database end at a named point by the worker's own hand, the others at a random
 * moment by ours. After each, everything that the outside was told is compared with a copy of the database; a last life must be able to finish everything.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { faultsOf } from "./check.ts";
import { points } from "./fate.ts";
import { readLedger } from "./ledger.ts";
import { awaitEnd, compile, startWorker } from "./lives.ts";
import { readDatabase } from "./snapshot.ts";
import { Story } from "./story.ts";
import { notCommitted } from "./worker-orders.ts";

const databases = 10;
const lives = 30;
const lanes = 2;

/** A folder that is kept if the test fails, for a look at what it found. */
function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "daruma-crash-"));
  onTestFinished(({ task }) => {
    if (task.result?.state === "fail") process.stdout.write(`The databases are kept in ${folder}.\n`);
    else rmSync(folder, { recursive: true });
  });
  return folder;
}

async function tellAll(folder: string): Promise<Story[]> {
  const cache = join(folder, "compiled");
  await compile(cache);
  const seeds = Array.from({ length: databases }, (_, index) => `${index + 1}`);
  const stories: Story[] = [];
  const lane = async (): Promise<void> => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      const story = new Story({ folder, cache, seed, lives });
      stories.push(story);
      await story.tell();
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return stories;
}

test("300 kills lose nothing that was acknowledged, repeat nothing that was finished, and leave no run without a reason to move", async () => {
  const stories = await tellAll(workFolder());
  const deaths = stories.flatMap((story) => story.deaths);
  const counts = Object.fromEntries(
    [...Map.groupBy(deaths, (death) => death)].map(([death, all]) => [death, all.length]),
  );
  const orders = stories.reduce((sum, story) => sum + story.orders, 0);
  process.stdout.write(`${deaths.length} kills, ${orders} orders: ${JSON.stringify(counts)}\n`);
  expect(stories.flatMap(({ faults }) => faults)).toEqual([]);
  expect(deaths).toHaveLength(databases * lives);
  expect(
    points.filter((point) => counts[point] === undefined),
    "points where nobody died",
  ).toEqual([]);
}, 900_000);

test("commits that are acknowledged and not made are found out", async () => {
  const folder = workFolder();
  const [database, ledger] = [join(folder, "daruma.db"), join(folder, "ledger.jsonl")];
  const death = { point: "acknowledged", pass: 12, delayUs: 0 } as const;
  const orders = {
    database,
    ledger,
    seed: "1",
    total: 20,
    width: 4,
    cacheSize: 1000,
    death,
    ...notCommitted,
  };
  const end = await awaitEnd(startWorker(orders, join(folder, "compiled")), undefined);
  expect(end).toMatchObject({ signal: "SIGKILL", ready: true });
  await expect(readDatabase(database)).rejects.toThrow(
    expect.objectContaining({ code: "DRM-STORE-LOST-COMMITS" }),
  );
  rmSync(`${database}-mark`);
  const faults = faultsOf(await readDatabase(database), readLedger(ledger));
  expect(faults).toContain("D1: the acknowledged start of order-0 is not there");
}, 60_000);
