/** A process for the tests of crashes: an engine and an application on two databases in a folder, told what to start, telling what happens. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { Daruma } from "daruma";
import type { RunHandle } from "daruma";
import { eventsQuery, stateMachine } from "daruma/asl";
import type { HistoryEvent, Json } from "daruma/asl";
import { openApplication } from "../../../examples/task-generation/application.ts";
import { createHandlers } from "../../../examples/task-generation/handlers/all.ts";
import type { Weather } from "../../../examples/task-generation/generation/simulated.ts";
import { createLog } from "../../../examples/task-generation/log.ts";
import type { LogLine } from "../../../examples/task-generation/log.ts";
import type { WorkflowInput } from "../../../examples/task-generation/types.ts";

export interface CrashOrder {
  readonly folder: string;
  readonly weather: Weather;
  /** Runs that are started if they are not there. */
  readonly start: readonly { readonly id: string; readonly input: WorkflowInput }[];
  /** Runs that are waited for; a process without any never ends by itself. */
  readonly wait: readonly string[];
  /** Notifications get no answer, so that what comes after one waits. */
  readonly mute?: boolean;
  /** The machine's time limit; default: the 900 s of the definition. */
  readonly timeoutSeconds?: number;
}

export type CrashMessage =
  | { readonly kind: "log"; readonly line: LogLine }
  | {
      readonly kind: "ended";
      readonly id: string;
      readonly status: string;
      /** The output, or the cause of the failure. */
      readonly output: unknown;
      readonly error?: string;
      readonly createdAt: number;
      readonly closedAt: number;
      readonly events: readonly HistoryEvent[];
    };

const order = JSON.parse(process.argv[2] ?? "{}") as CrashOrder;
const file = new URL("../../../examples/task-generation/workflow.asl.json", import.meta.url);

function tell(message: CrashMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function tellEnd(id: string, run: RunHandle<Json>): Promise<void> {
  const ended = await run.result().then(
    (output) => ({ output }),
    (failure: unknown) => {
      const { cause } = failure as { cause?: Error };
      return { output: cause?.message ?? null, error: cause?.name ?? (failure as Error).name };
    },
  );
  const { status, createdAt, closedAt = 0 } = await run.describe();
  const { events } = await run.query(eventsQuery, { from: 1, count: 25_000 });
  tell({ kind: "ended", id, status, createdAt, closedAt, events, ...ended });
}

const app = await openApplication({
  database: `sqlite:${path.join(order.folder, "tasks.db")}`,
  seed: true,
  weather: order.weather,
  notifications: { file: path.join(order.folder, "notifications.jsonl") },
  logFile: path.join(order.folder, "log.jsonl"),
});
const told = createLog((text) => tell({ kind: "log", line: JSON.parse(text) as LogLine }), app.now);
const log: typeof told = (...line) => {
  app.log(...line);
  told(...line);
};
const notify: typeof app.notify = order.mute === true ? () => new Promise(() => {}) : app.notify;
const definition = JSON.parse(readFileSync(file, "utf8")) as { TimeoutSeconds: number };
const { TimeoutSeconds } = definition;
const machine = stateMachine(
  { ...definition, TimeoutSeconds: order.timeoutSeconds ?? TimeoutSeconds },
  { name: "TaskGenerationWorkflow", handlers: { ...createHandlers(async () => ({ ...app, log, notify })) } },
);
const daruma = await Daruma.open(`sqlite:${path.join(order.folder, "daruma.db")}`, { workflows: [machine] });
for (const { id, input } of order.start) await daruma.start(machine, { id, input, operation: id });
await Promise.all(order.wait.map((id) => tellEnd(id, daruma.get(id, machine))));
if (order.wait.length > 0) {
  await daruma.close();
  await app.database.close();
}
