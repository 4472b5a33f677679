/** `daruma signal` */
import { nodePorts } from "../../embedded/node-ports.ts";
import type { Command } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-code.ts";
import { readInput } from "../input.ts";
import { withRuns } from "../reach.ts";
import type { Reached } from "../reach.ts";
import { idPlace, inputOption, noWorker, report, workerCommand } from "./shared.ts";

export const signal: Command = {
  name: "signal",
  summary: "Send a signal to a run",
  places: [idPlace, { name: "NAME", help: "the signal's name" }],
  options: { input: { ...inputOption, help: inputOption.help.replace("input", "payload") } },
  details: ["The command returns when the signal is durable. Without a worker it is kept until one runs."],
  examples: ['daruma signal research-42 approve --input \'{"by":"mika"}\''],
  run: async (context) => {
    const payload = await readInput(context, "input");
    const operation = nodePorts.ids.unique();
    return await withRuns(context, (reached) => send(context, reached, { payload, operation }));
  },
};

interface Sent {
  readonly payload: unknown;
  readonly operation: string;
}

async function send(
  context: Context,
  { client, process }: Reached,
  { payload, operation }: Sent,
): Promise<number> {
  const [id, name] = [context.place(0), context.place(1)];
  await client.get(id).signal<unknown>(name, payload, { operation });
  const done =
    process === undefined
      ? `Signal ${name} is kept for ${id}. ${noWorker}; it is delivered when one starts: ${workerCommand(context)}`
      : `Signal ${name} was sent to ${id}.`;
  report(context, done, { run: id, signal: name, kept: true, worker: process?.pid ?? null });
  return exitCodes.done;
}
