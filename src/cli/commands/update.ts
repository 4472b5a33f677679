/** `daruma update` */
import type { Client } from "../../client/client.ts";
import { quoted } from "../../core/errors.ts";
import { Daruma } from "../../embedded/daruma.ts";
import type { Command } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-code.ts";
import { readInput } from "../input.ts";
import { loadWorkflows } from "../module.ts";
import { checkExists, reach } from "../reach.ts";
import { telemetryLines } from "../text/log.ts";
import { valueText } from "../text/values.ts";
import { encodable } from "./query.ts";
import { idPlace, inputOption, noWorkerError, unknownThere, withOption } from "./shared.ts";

export const update: Command = {
  name: "update",
  summary: "Send an update to a run and print its answer",
  places: [idPlace, { name: "NAME", help: "the update's name" }],
  options: { input: inputOption, with: withOption },
  details: [
    "The workflow's code answers, in the worker that has it. With --with MODULE and no worker this process is the worker for that long: the open runs of " +
      "the module's workflows go on meanwhile.",
  ],
  examples: ["daruma update research-42 add-topic --input '\"fsync\"'"],
  run: async (context) => {
    checkExists(context.store);
    const input = await readInput(context, "input");
    const client = await clientFor(context);
    try {
      return await send(context, client, input);
    } finally {
      await client.close();
    }
  },
};

/** A client on an engine that has the code. */
async function clientFor(context: Context): Promise<Client> {
  const module = context.text("with");
  const workflows = module === undefined ? [] : await loadWorkflows([module]);
  const telemetry = telemetryLines(context);
  const endpoint = module !== undefined;
  const reached = await reach(context, () => Daruma.open(context.store, { workflows, telemetry, endpoint }));
  if (reached.at === "there") {
    const { client, process } = reached;
    const { workflow } = await client.get(context.place(0)).describe();
    if (!process.workflows.includes(workflow))
      throw unknownThere(workflow, process, "start a worker that has it");
    return client;
  }
  if (module !== undefined) return reached.opened;
  await reached.opened.close();
  throw noWorkerError(
    `No worker is running that could answer for the run ${quoted(context.place(0))}.`,
    "Name the module with the code (--with MODULE), or start a worker: daruma worker MODULE",
  );
}

async function send(context: Context, client: Client, input: unknown): Promise<number> {
  const [id, name] = [context.place(0), context.place(1)];
  const answer = await client.get(id).update<unknown, unknown>(name, input);
  if (context.json) context.emit({ run: id, update: name, result: encodable(answer) });
  else if (answer !== undefined) context.say(valueText(answer));
  return exitCodes.done;
}
