/** A research process of the demo: starts the run of its order, or goes on with it, and writes what happens to standard output. */
import { follow, openEngine } from "../session.ts";
import { research } from "../workflow.ts";
import type { Order } from "./processes.ts";

const order = JSON.parse(process.argv[2] ?? "{}") as Order;
const daruma = await openEngine(order.store);
if (order.input !== undefined) await daruma.start(research, { id: order.runId, input: order.input });
for await (const message of follow(daruma, order.runId)) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
  if (message.kind === "error") process.exitCode = 1;
}
await daruma.close();
