/** `daruma update` */
import type { Client } from "../../client/client.ts";
import { quoted } from "../../core/errors.ts";
import type { DarumaError } from "../../core/errors.ts";
import { Daruma } from "../../embedded/daruma.ts";
import { nodePorts } from "../../embedded/node-ports.ts";
import type { Command } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-code.ts";
import { readInput } from "../input.ts";
import { loadWorkflows } from "../module.ts";
import { checkExists, withStore } from "../reach.ts";
import type { There } from "../reach.ts";
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
    const module = context.text("with");
    const workflows = module === undefined ? [] : await loadWorkflows([module]);
    const operation = nodePorts.ids.unique();
    // Without code this process could do nothing for others.
    const options = { workflows, telemetry: telemetryLines(context), endpoint: module !== undefined };
    const open = (): Promise<Daruma> => Daruma.open(context.store, options);
    return await withStore(context, open, async (reached) => {
      if (reached.at === "here" && module === undefined) throw noWorkerAtAll(context.place(0));
      if (reached.at === "there") await checkKnown(context.place(0), reached);
      const client = reached.at === "here" ? reached.opened : reached.client;
      return await send(context, client, { input, operation });
    });
  },
};

function noWorkerAtAll(id: string): DarumaError {
  return noWorkerError(
    `No worker is running that could answer for the run ${quoted(id)}.`,
    "Name the module with the code (--with MODULE), or start a worker: daruma worker MODULE",
  );
}

async function checkKnown(id: string, { client, process }: There): Promise<void> {
  const { workflow } = await client.get(id).describe();
  if (!process.workflows.includes(workflow))
    throw unknownThere(workflow, process, "start a worker that has it");
}

interface Sent {
  readonly input: unknown;
  readonly operation: string;
}

async function send(context: Context, client: Client, { input, operation }: Sent): Promise<number> {
  const [id, name] = [context.place(0), context.place(1)];
  const answer = await client.get(id).update<unknown, unknown>(name, input, { operation });
  if (context.json) context.emit({ run: id, update: name, result: encodable(answer) });
  else if (answer !== undefined) context.say(valueText(answer));
  return exitCodes.done;
}
