/**
 * The process that dies: `node worker.ts ORDERS`, where ORDERS is a {@link WorkerOrders} as JSON. It opens the database, says `ready`, and works on orders.
 * It is put together as `Daruma.open` puts things together, with points at which it may die in between.
 */
import { flushCompileCache } from "node:module";
import { Client } from "daruma";
import { ordersIn } from "../../examples/orders/workflow.ts";
import { engineOptions } from "../../src/embedded/daruma.ts";
import { embeddedBackend } from "../../src/embedded/embedded-backend.ts";
import { nodePorts } from "../../src/embedded/node-ports.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { openSqliteStore } from "../../src/stores/sqlite/open.ts";
import { OrderClient } from "./client.ts";
import { Fate } from "./fate.ts";
import { Ledger, readLedger } from "./ledger.ts";
import { watchedStore, WatchedDatabase } from "./watched.ts";
import type { WorkerOrders } from "./worker-orders.ts";
import { ledgerWorld } from "./world.ts";

function fail(error: Error): never {
  process.stderr.write(`${error.stack}\n`);
  process.exit(70);
}

async function work(orders: WorkerOrders): Promise<void> {
  const past = readLedger(orders.ledger);
  const ledger = new Ledger(orders.ledger);
  const fate = new Fate(orders.death, ledger);
  let db: WatchedDatabase | undefined;
  const database = (path: string): WatchedDatabase =>
    (db = new WatchedDatabase(path, fate, orders.instead ?? {}));
  const opened = await openSqliteStore(orders.database, { database });
  if (db === undefined) throw new Error("The store did not use the database that it was given.");
  db.exec(orders.prologue ?? "");
  fate.leave("opening");
  const store = watchedStore(opened, db, fate);
  const workflows = ordersIn(ledgerWorld(ledger, fate));
  const engine = await createEngine(
    engineOptions(store, {
      workflows: [workflows.order, workflows.invoice],
      // More crashes are to come than anybody should accept.
      limits: { interruptions: 1000 },
      slots: 4,
      cacheSize: orders.cacheSize,
      onFatal: fail,
    }),
  );
  fate.leave("recovering");
  const client = new Client(embeddedBackend(engine, 1000), nodePorts.ids.unique);
  process.stdout.write("ready\n");
  const served = new OrderClient({ client, orders: workflows, ledger, fate, seed: orders.seed }, past);
  const end = Promise.withResolvers<void>();
  if (orders.closeAfterMs !== undefined) setTimeout(end.resolve, orders.closeAfterMs);
  served.work(orders).then(end.resolve, (error: unknown) => {
    // Whoever waits while it closes is told so.
    if (!(error instanceof Error && "code" in error && error.code === "DRM-CLOSED")) fail(error as Error);
  });
  await end.promise;
  await client.close();
  fate.pass("closing");
}

const [text] = process.argv.slice(2);
if (text === undefined) flushCompileCache();
else await work(JSON.parse(text) as WorkerOrders).catch(fail);
