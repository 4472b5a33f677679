/** A process of the demo: starts the run of its order, or goes on with it, and tells what happens. */
import path from "node:path";
import { Daruma } from "daruma";
import { openApplication } from "../application.ts";
import type { Application } from "../application.ts";
import { countResults } from "../database/results.ts";
import { describeError } from "../errors.ts";
import { createHandlers } from "../handlers/all.ts";
import { createLog } from "../log.ts";
import { taskGeneration } from "../machine.ts";
import { estimate } from "../progress.ts";
import type { WorkflowOutput } from "../types.ts";
import { databasesIn } from "./order.ts";
import type { Message, Order } from "./order.ts";

const order = JSON.parse(process.argv[2] ?? "{}") as Order;
const { store, tasks } = databasesIn(order.folder);

function tell(message: Message): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

/** The example's application; its log is what this process tells. */
async function open(): Promise<Application> {
  const app = await openApplication({
    database: tasks,
    seed: true,
    weather: order.weather,
    notifications: { file: path.join(order.folder, "notifications.jsonl") },
    logFile: path.join(order.folder, "log.jsonl"),
    metricsFile: path.join(order.folder, "metrics.jsonl"),
  });
  const told = createLog((text) => tell({ kind: "log", line: JSON.parse(text) as never }), app.now);
  const log: Application["log"] = (level, event, about) => {
    app.log(level, event, about);
    told(level, event, about);
    if (event === "tasks_saved" || event === "action_failed")
      void tellProgress(app, about.facts.executionArn);
  };
  return { ...app, log };
}

async function tellProgress(app: Application, executionArn: string): Promise<void> {
  const counts = await countResults(app.database, executionArn);
  tell({ kind: "progress", progress: estimate(counts, total) });
}

const total = order.input?.actionIds.length ?? 8;
const app = await open();
const workflow = taskGeneration(createHandlers(async () => app));
const daruma = await Daruma.open(store, { workflows: [workflow] });
if (order.input !== undefined) await daruma.start(workflow, { id: order.runId, input: order.input });
try {
  const output = await daruma.get(order.runId, workflow).result();
  tell({ kind: "result", output: output as unknown as WorkflowOutput });
} catch (error) {
  tell({ kind: "error", text: describeError(error) });
  process.exitCode = 1;
}
await daruma.close();
await app.database.close();
