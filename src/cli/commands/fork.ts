/** `daruma fork`, `daruma retry` */
import { checkName } from "../../core/names.ts";
import { printable } from "../../core/printable.ts";
import { nodePorts } from "../../embedded/node-ports.ts";
import type { Command, Option } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-code.ts";
import { withRuns } from "../reach.ts";
import { newRunId } from "../run-id.ts";
import { originText } from "../text/event-text.ts";
import { idPlace, noWorker, report, workerCommand } from "./shared.ts";

function atOption(otherwise: string): Option {
  return {
    value: "EVENT",
    help: `The number of the last event that is kept, as "daruma history" shows it. Default: ${otherwise}`,
  };
}

export const fork: Command = {
  name: "fork",
  summary: "Make a new run that goes on from a point in the history of another",
  places: [idPlace],
  options: {
    at: atOption("the last possible one"),
    id: { value: "ID", help: "The new run's id. Default: made from the id of the other" },
  },
  details: [
    "The new run shares the events up to that point and goes on by itself, with the code of today. The other run may be open or closed, and stays as it is. " +
      "What had no outcome at the point is done anew: activities are called, children started, timers waited for.",
    "The command returns when the fork is durable, and prints the new run's id.",
  ],
  examples: ["daruma fork research-42", "daruma fork research-42 --at 12 --id research-42b"],
  run: async (context) => {
    const { io } = context;
    const source = context.place(0);
    const id = checkName("run id", context.text("id") ?? newRunId(source, io.now(), nodePorts.ids));
    const request = { id, at: context.count("at"), operation: nodePorts.ids.unique() };
    return await withRuns(context, async ({ client, process }) => {
      const run = await client.fork(source, request);
      const { origin } = await run.describe();
      report(context, id, { run: id, origin, worker: process?.pid ?? null });
      if (process === undefined) tellWhere(context);
      return exitCodes.done;
    });
  },
};

export const retry: Command = {
  name: "retry",
  summary: "Let a run that did not complete go on from where it failed",
  places: [idPlace],
  options: { at: atOption("before what the run failed for") },
  details: [
    "The run goes on under its id, in its next generation. What had succeeded is not done again; the activity that failed is called again. If the code failed by itself, its last turn is decided anew, " +
      "so that repaired code can go on. A run that timed out or was terminated goes on where it was; one that was canceled needs --at.",
  ],
  examples: ["daruma retry research-42", "daruma retry research-42 --at 12"],
  run: async (context) => {
    const id = context.place(0);
    const request = { at: context.count("at"), operation: nodePorts.ids.unique() };
    return await withRuns(context, async ({ client, process }) => {
      const run = client.get(id);
      await run.retry(request);
      const { origin, generation } = await run.describe();
      const where = origin === undefined ? "" : `, ${originText(origin)}`;
      const facts = { run: id, generation, origin, worker: process?.pid ?? null };
      report(context, `${printable(id)} goes on as generation ${generation}${where}.`, facts);
      if (process === undefined) tellWhere(context);
      return exitCodes.done;
    });
  },
};

function tellWhere(context: Context): void {
  if (!context.json) context.tell(`${noWorker}; the run goes on when one starts: ${workerCommand(context)}`);
}
