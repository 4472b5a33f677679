/** `daruma worker` */
import { printable } from "../../core/printable.ts";
import { Daruma } from "../../embedded/daruma.ts";
import type { Command } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-code.ts";
import type { EndSignal } from "../io.ts";
import { loadWorkflows } from "../module.ts";
import { busyError, reach } from "../reach.ts";
import { handlersOption } from "./shared.ts";
import { telemetryLines } from "../text/log.ts";

const signalNumbers = { SIGINT: 2, SIGTERM: 15 } as const;

export const worker: Command = {
  name: "worker",
  summary: "Run the workflows of modules until a signal ends it",
  places: [
    {
      name: "MODULE",
      help: "modules with workflows, .ts or .js; or state machines, .json or .yaml",
      many: true,
    },
  ],
  options: {
    handlers: handlersOption,
    drain: { value: "DURATION", help: "How long running activities may finish at the end. Default: 10s" },
    slots: { value: "N", help: "How many activities of a task queue run at once. Default: 1000" },
  },
  details: [
    "It makes the database if there is none, goes on with the open runs of its workflows, and takes the requests of other commands.",
    "The first SIGINT or SIGTERM lets running activities finish, then the worker ends with 0; open runs go on with the next worker. The second ends it at once.",
  ],
  examples: [
    "daruma worker research.ts",
    "daruma worker research.ts orders.js --store sqlite:/var/lib/app/daruma.db --slots 50",
  ],
  run: work,
};

async function work(context: Context): Promise<number> {
  const { io } = context;
  const workflows = await loadWorkflows(context.places, context.text("handlers"));
  const options = {
    workflows,
    telemetry: telemetryLines(context),
    drain: context.duration("drain") ?? "10s",
    slots: context.count("slots"),
  };
  const ended = Promise.withResolvers<EndSignal>();
  let count = 0;
  const off = io.onEndSignal((signal) => {
    if (count++ > 0) io.exit(128 + signalNumbers[signal]);
    ended.resolve(signal);
  });
  const reached = await reach(context, () => Daruma.open(context.store, options));
  if (reached.at === "there") {
    await reached.client.close();
    throw busyError(context.store, reached.process);
  }
  const names = workflows.map(({ name }) => name);
  say(
    context,
    `Worker ${io.pid} runs ${names.map(printable).join(", ")} on ${printable(context.store)}. Ctrl-C ends it.`,
    {
      type: "ready",
      pid: io.pid,
      workflows: names,
      store: context.store,
    },
  );
  const signal = await ended.promise;
  say(context, "Ending: running activities may finish. The same signal again ends at once.", {
    type: "ending",
    signal,
  });
  await reached.opened.close();
  off();
  say(context, "Ended.", { type: "ended" });
  return exitCodes.done;
}

function say(context: Context, words: string, facts: object): void {
  if (context.json) context.emit(facts);
  else context.tell(words);
}
