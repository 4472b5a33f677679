/** `daruma run` */
import { checkName } from "../../core/names.ts";
import { nodePorts } from "../../embedded/node-ports.ts";
import type { Command } from "../command.ts";
import type { Context } from "../context.ts";
import { readInput } from "../input.ts";
import { chooseWorkflow, loadModule } from "../module.ts";
import { newRunId } from "../run-id.ts";
import { RunSession } from "../run/session.ts";
import { handlersOption, inputOption } from "./shared.ts";

export const run: Command = {
  name: "run",
  summary: "Start a run of a workflow and follow it live",
  places: [
    { name: "FILE", help: "the module with the workflow, .ts or .js; or a state machine, .json or .yaml" },
  ],
  options: {
    input: inputOption,
    handlers: handlersOption,
    id: { value: "ID", help: "The run's id. If it is open already, the run is followed" },
    workflow: { value: "NAME", help: "Which workflow, if the module exports several" },
    timeout: { value: "DURATION", help: "The run's time limit. Default: the workflow's" },
  },
  details: [
    "Progress goes to stderr, the result to stdout. With --json: events as lines on stdout, the last line has the result or the error.",
    "Ctrl-C leaves the run open in the database; the same command with --id goes on with it. If another process has the database open, the run moves there.",
    "Exit codes: 0 completed, 1 failed, 2 usage, 3 canceled, terminated or timed out; 130 when it was left with Ctrl-C.",
  ],
  examples: [
    "daruma run hello.ts --input '\"world\"'",
    "daruma run order.asl.json --input @order.json --handlers functions.ts",
    "daruma run research.ts --workflow research --input @question.json --id r-1 --store sqlite:./daruma.db",
  ],
  run: runModule,
};

async function runModule(context: Context): Promise<number> {
  const module = await loadModule(context.place(0), context.text("handlers"));
  const workflow = chooseWorkflow(module, context.text("workflow"));
  const given = context.text("id");
  const request = {
    module,
    workflow,
    input: await readInput(context, "input"),
    timeout: context.duration("timeout"),
    id: checkName("run id", given ?? newRunId(workflow.name, context.io.now(), nodePorts.ids)),
    named: given !== undefined,
    operation: nodePorts.ids.unique(),
  };
  return await new RunSession(context, request).run();
}
