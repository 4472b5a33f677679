/** `daruma start` */
import { existsSync } from "node:fs";
import { quoted } from "../../core/errors.ts";
import type { DarumaError } from "../../core/errors.ts";
import { checkName } from "../../core/names.ts";
import { encodePayload } from "../../core/payload.ts";
import { completed } from "../../embedded/named-start.ts";
import { nodePorts } from "../../embedded/node-ports.ts";
import { openStore } from "../../embedded/open-store.ts";
import type { Store } from "../../store/store.ts";
import type { AnyWorkflow } from "../../workflow/workflow.ts";
import type { Command } from "../command.ts";
import type { Context } from "../context.ts";
import { shellWord } from "../context.ts";
import { exitCodes } from "../exit-code.ts";
import { readInput } from "../input.ts";
import { chooseWorkflow, loadModule } from "../module.ts";
import { checkExists, withStore } from "../reach.ts";
import type { There } from "../reach.ts";
import { newRunId } from "../run-id.ts";
import { storeStart } from "../stored-start.ts";
import { inputOption, noWorker, noWorkerError, report, unknownThere } from "./shared.ts";

export const start: Command = {
  name: "start",
  summary: "Start a run in a worker and return at once",
  places: [{ name: "FILE", help: "the module, or the name of a workflow that the running worker has" }],
  options: {
    input: inputOption,
    id: { value: "ID", help: "The run's id. Default: made from the workflow's name" },
    workflow: { value: "NAME", help: "Which workflow, if the module exports several" },
    timeout: { value: "DURATION", help: "The run's time limit. Default: the workflow's" },
  },
  details: [
    "The command returns when the start is durable, and prints the run's id. The run moves in the worker that has the database open; if there is none, it " +
      "begins when one starts (for that FILE is needed, not only a name, because the input is checked).",
  ],
  examples: [
    "daruma start research.ts --input '\"What survives a crash?\"'",
    "daruma start research --id r-1 --input @question.json",
  ],
  run: startRun,
};

async function startRun(context: Context): Promise<number> {
  const what = context.place(0);
  const workflow = isModule(what)
    ? chooseWorkflow(await loadModule(what), context.text("workflow"))
    : undefined;
  if (workflow === undefined) checkExists(context.store);
  const name = workflow?.name ?? what;
  const id = checkName("run id", context.text("id") ?? newRunId(name, context.io.now(), nodePorts.ids));
  const input = await readInput(context, "input");
  const operation = nodePorts.ids.unique();
  const asked = { name, workflow, id, input, operation, timeout: context.duration("timeout") };
  const open = (): Promise<Store> => openStore(context.store);
  const pid = await withStore(context, open, (reached) =>
    reached.at === "there" ? startThere(context, reached, asked) : startHere(reached.opened, asked),
  );
  report(context, id, { run: id, workflow: name, worker: pid ?? null });
  const begin = `daruma worker ${shellWord(what)}${context.storeOption}`;
  if (pid === undefined && !context.json)
    context.tell(`${noWorker}; the run begins when one starts: ${begin}`);
  return exitCodes.done;
}

interface Asked {
  readonly name: string;
  readonly workflow: AnyWorkflow | undefined;
  readonly id: string;
  readonly input: unknown;
  readonly operation: string;
  readonly timeout: number | undefined;
}

/** The worker has the definition: it checks the input. Returns its process. */
async function startThere(context: Context, { client, process }: There, asked: Asked): Promise<number> {
  const { name, workflow, id, input, operation, timeout } = asked;
  const file = workflow === undefined ? "MODULE" : shellWord(context.place(0));
  if (!process.workflows.includes(name))
    throw unknownThere(name, process, `start a worker that has it: daruma worker ${file}`);
  await client.start<unknown, unknown>(name, { id, input, operation, timeout });
  return process.pid;
}

/** Nobody has the database open: the start is written, and waits for a worker. */
async function startHere(store: Store, asked: Asked): Promise<undefined> {
  const { name, workflow, id, input, operation, timeout } = asked;
  if (workflow === undefined) throw noWorkerForName(name);
  const payload = input === undefined ? undefined : encodePayload(input, { subject: "the input" });
  const request = { workflow: name, id, input: payload, operation, timeoutMs: timeout, checked: false };
  await storeStart(store, await completed(request, workflow), nodePorts);
}

function noWorkerForName(name: string): DarumaError {
  return noWorkerError(
    `No worker is running that could know the workflow ${quoted(name)}.`,
    "Name the module with the workflow (daruma start FILE), or start a worker: daruma worker FILE",
  );
}

/** A path of a file, as opposed to the name of a workflow. */
function isModule(text: string): boolean {
  return /[\\/]|\.[cm]?[jt]sx?$/u.test(text) || existsSync(text);
}
