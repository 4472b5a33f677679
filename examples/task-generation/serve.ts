/**
 * Serves the REST interface, with the engine and the database in this process:
 *
 *   node examples/task-generation/serve.ts --port 8090
 *
 * Stop it or kill it when you like: open executions go on when it is started again.
 */
import { parseArgs } from "node:util";
import { Daruma } from "daruma";
import { createApi } from "./api.ts";
import { listen } from "./api/listen.ts";
import { application } from "./application.ts";
import { createHandlers } from "./handlers/all.ts";
import { runsOf, taskGeneration } from "./machine.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8090" },
    store: { type: "string", default: "sqlite:.task-generation/daruma.db" },
  },
});

const app = await application();
const workflow = taskGeneration(createHandlers(application));
const daruma = await Daruma.open(values.store, { workflows: [workflow] });
const served = await listen(await createApi(app, runsOf(daruma, workflow)), Number(values.port));
process.stdout.write(`Listening on ${served.url}\n`);

const stop = async (): Promise<void> => {
  await served.close();
  await daruma.close();
  await app.database.close();
};
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void stop());
