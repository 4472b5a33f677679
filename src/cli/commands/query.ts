/** `daruma query` */
import { encodePayload } from "../../core/payload.ts";
import { quoted } from "../../core/errors.ts";
import type { Command } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-code.ts";
import { readInput } from "../input.ts";
import { loadWorkflows } from "../module.ts";
import { withRuns } from "../reach.ts";
import type { Reached } from "../reach.ts";
import { executionOf, readHistory } from "../replay-code.ts";
import { usageError } from "../usage-error.ts";
import { valueText } from "../text/values.ts";
import { idPlace, noWorkerError, unknownThere, withOption } from "./shared.ts";

export const query: Command = {
  name: "query",
  summary: "Ask a run, open or closed, and print the answer",
  places: [idPlace, { name: "NAME", help: "the query's name" }],
  options: {
    args: { value: "JSON", help: "The arguments, as a JSON array (or @FILE, or -)" },
    with: withOption,
  },
  details: [
    "The workflow's code answers: in the worker that has it, or replayed here from --with MODULE, which changes nothing.",
  ],
  examples: [
    "daruma query research-42 status",
    "daruma query research-42 topic --args '[3]' --with research.ts",
  ],
  run: async (context) => {
    const args = (await readInput(context, "args")) ?? [];
    if (!Array.isArray(args))
      throw usageError("The option --args needs a JSON array.", { expected: "--args '[1, \"two\"]'" });
    return await withRuns(context, (reached) => ask(context, reached, args));
  },
};

async function ask(context: Context, reached: Reached, args: readonly unknown[]): Promise<number> {
  const [id, name] = [context.place(0), context.place(1)];
  const answer = await answerOf(context, reached, args);
  if (context.json) context.emit({ run: id, query: name, result: encodable(answer) });
  else if (answer !== undefined) context.say(valueText(answer));
  return exitCodes.done;
}

async function answerOf(
  context: Context,
  { client, process }: Reached,
  args: readonly unknown[],
): Promise<unknown> {
  const [id, name] = [context.place(0), context.place(1)];
  const run = await client.get(id).describe();
  if (process?.workflows.includes(run.workflow) === true)
    return await client.get(id).query<unknown, readonly unknown[]>(name, ...args);
  const module = context.text("with");
  if (module !== undefined) {
    const workflows = await loadWorkflows([module]);
    const execution = await executionOf(await readHistory(client, id), { run, workflows, strict: false });
    return execution.query(name, args);
  }
  const fix = `Name the module with the code: --with MODULE`;
  if (process !== undefined)
    throw unknownThere(run.workflow, process, "start a worker that has it, or add --with MODULE");
  throw noWorkerError(`No worker is running that could answer for the run ${quoted(id)}.`, fix);
}

/** As JSON holds it; what JSON has no form for is tagged. */
export function encodable(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(encodePayload(value, { maxBytes: Infinity }));
}
