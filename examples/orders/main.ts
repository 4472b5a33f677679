/**
 * Three orders, of which one is never paid:
 *
 *   node examples/orders/main.ts [FOLDER]
 *
 * Without a folder everything is thrown away at the end. With one, kill it when you like and run the same command again: it goes on where it was.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Daruma, RunClosedError, type RunHandle } from "daruma";
import { LedgerWorld } from "./ledger-world.ts";
import { note, ordersIn, paid, type OrderOutcome, type Orders } from "./workflow.ts";

const catalog = [
  { id: "order-1", items: ["kettle", "cups"], amount: 4_900, pays: true, payWithin: "1h" },
  { id: "order-2", items: ["lamp"], amount: 12_000, pays: true, payWithin: "1h" },
  { id: "order-3", items: ["chair", "table", "rug"], amount: 56_000, pays: false, payWithin: "500ms" },
] as const;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** One line for people. */
function describe(id: string, { status, shipment, invoice, reservations, notes }: OrderOutcome): string {
  const [left, right] =
    status === "shipped"
      ? [`${shipment}, ${invoice}`, notes.length === 0 ? "" : `; the carrier was told: ${notes.join(", ")}`]
      : [`${reservations.length} items were given back`, ""];
  return `${id}  ${status.padEnd(8)}  ${left}${right}`;
}

/** A start or a signal with the same operation id changes nothing the second time, so all of this may be repeated after a crash. */
async function place(
  daruma: Daruma,
  { order }: Orders,
  { id, items, amount, pays, payWithin }: (typeof catalog)[number],
): Promise<RunHandle<OrderOutcome>> {
  const input = { items, amount, payWithin };
  const run = await daruma.start(order, { id, input, operation: id });
  if (!pays) return run;
  try {
    await run.signal(note, "ring twice", { operation: `${id} note` });
    await run.signal(paid, "by transfer", { operation: `${id} paid` });
  } catch (error) {
    // It was closed before: this is the second time, or the crash took longer than the customer has for paying.
    if (!(error instanceof RunClosedError)) throw error;
  }
  return run;
}

/** `3 reserve, 1 ship` */
function counted(world: LedgerWorld): string {
  const kinds = Map.groupBy(world.entries, ({ kind }) => kind);
  return [...kinds].map(([kind, entries]) => `${entries.length} ${kind}`).join(", ");
}

async function main(folder: string): Promise<void> {
  const world = new LedgerWorld(path.join(folder, "ledger.jsonl"));
  const orders = ordersIn(world);
  const daruma = await Daruma.open(`sqlite:${path.join(folder, "orders.db")}`, {
    workflows: [orders.order, orders.invoice],
  });
  try {
    const runs = await Promise.all(catalog.map((entry) => place(daruma, orders, entry)));
    for (const run of runs) say(describe(run.id, await run.result()));
    say(`in the outside world: ${counted(world)}`);
  } finally {
    await daruma.close();
    world.close();
  }
}

const [given] = process.argv.slice(2);
const folder = given ?? mkdtempSync(path.join(tmpdir(), "daruma-orders-"));
mkdirSync(folder, { recursive: true });
try {
  await main(folder);
} finally {
  if (given === undefined) rmSync(folder, { recursive: true });
}
