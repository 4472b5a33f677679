/**
 * Power cuts. A killed process says nothing about syncs, because the kernel keeps what was written. So the calls that a worker makes are recorded, and from
 * them images are built of what may be on a disk that lost its power after any of them; each image is opened and compared with what had been told by then.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, type TestContext } from "vitest";
import { cutPower } from "./power.ts";
import { type Call, traceWorker, whyNoTrace } from "./strace.ts";
import { checkpointAfter, notSynced, type WorkerOrders } from "./worker-orders.ts";

/** Nothing is missing in CI; elsewhere the reason is printed. */
function skipWithoutTrace(context: TestContext): void {
  const why = whyNoTrace();
  if (why === undefined) return;
  if (process.env["CI"] !== undefined) throw new Error(`Power cuts cannot be tested: ${why}`);
  process.stdout.write(`Power cuts are not tested: ${why}\n`);
  context.skip(why);
}

/** What a worker that is killed and the one that finishes its work ask of the disk. */
async function record(how: Pick<WorkerOrders, "instead">): Promise<Call[]> {
  const folder = mkdtempSync(join(tmpdir(), "daruma-power-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const base = {
    ...how,
    database: join(folder, "daruma.db"),
    ledger: join(folder, "ledger.jsonl"),
    seed: "power",
    total: 40,
    width: 10,
    cacheSize: 1000,
    prologue: checkpointAfter(100),
  };
  const trace = (orders: WorkerOrders): Promise<Call[]> =>
    traceWorker(orders, join(folder, "compiled"), join(folder, "log"));
  const killed = await trace({ ...base, death: { point: "acknowledged", pass: 60, delayUs: 0 } });
  return [...killed, ...(await trace(base))];
}

test("1,000 power cuts lose nothing that was acknowledged", async (context) => {
  skipWithoutTrace(context);
  const damage = await cutPower(await record({}), { seed: "full", count: 1000, database: "daruma.db" });
  process.stdout.write(`${damage.images} power cuts, ${damage.faulty.length} with a loss\n`);
  expect(damage.faulty).toEqual([]);
}, 300_000);

test("power cuts find out commits that are not synced", async (context) => {
  skipWithoutTrace(context);
  const { images, faulty, refused } = await cutPower(await record(notSynced), {
    seed: "normal",
    count: 300,
    database: "daruma.db",
  });
  process.stdout.write(
    `the control, synchronous=NORMAL: ${images} power cuts, ${faulty.length} with a loss, ${refused} of them refused by the store\n`,
  );
  expect(faulty.length).toBeGreaterThan(images / 10);
}, 300_000);
