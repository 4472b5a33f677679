/** `daruma replay` */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { DarumaError, quoted } from "../../core/errors.ts";
import { errorToJson } from "../../core/error-json.ts";
import { printable } from "../../core/printable.ts";
import type { AnyWorkflow } from "../../workflow/workflow.ts";
import type { Command } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-code.ts";
import { readRecorded } from "../history-file.ts";
import type { RecordedHistory } from "../history-file.ts";
import { loadWorkflows } from "../module.ts";
import { withRuns } from "../reach.ts";
import { executionOf, readHistory, workflowOf } from "../replay-code.ts";
import { usageError } from "../usage-error.ts";

export const replay: Command = {
  name: "replay",
  summary: "Check recorded histories against the code of a module",
  places: [
    {
      name: "FILE|ID",
      help: "files as `daruma history --json` writes them, or ids of runs in the store",
      many: true,
    },
  ],
  options: {
    with: { value: "MODULE", help: "The module with the workflow's code (needed)" },
    strict: { help: "Compare arguments and results too, not only kind, name and position" },
  },
  details: [
    "Nothing is called and nothing is written. Exit code 0: the code asks for exactly what was recorded. 1: it does not; the difference says what was " +
      "expected, what was found, and where in the code.",
  ],
  examples: [
    "daruma replay test/replay/*.jsonl --with research.ts",
    "daruma replay research-42 --with research.ts",
  ],
  run: replayAll,
};

async function replayAll(context: Context): Promise<number> {
  const module = context.text("with");
  if (module === undefined) throw usageError("The code is missing.", { expected: "--with MODULE" });
  const workflows = await loadWorkflows([module]);
  let differ = 0;
  for (const what of context.places) {
    if (!(await replayOne(context, await recorded(context, what), workflows))) differ++;
  }
  const count = context.places.length;
  if (count > 1 && !context.json) context.say(`${count - differ} of ${count} histories fit.`);
  return differ === 0 ? exitCodes.done : exitCodes.failed;
}

async function recorded(
  context: Context,
  what: string,
): Promise<RecordedHistory & { readonly name: string }> {
  if (existsSync(what)) {
    const history = readRecorded(await readFile(what, "utf8"), {
      file: what,
      id: basename(what, extname(what)),
    });
    return { ...history, name: what };
  }
  if (/\.jsonl?$/u.test(what)) throw usageError(`There is no file ${quoted(what)}.`);
  return await withRuns(context, async ({ client }) => {
    const { id, generation, workflow } = await client.get(what).describe();
    return { name: what, run: { id, generation, workflow }, events: await readHistory(client, what) };
  });
}

async function replayOne(
  context: Context,
  history: RecordedHistory & { readonly name: string },
  workflows: readonly AnyWorkflow[],
): Promise<boolean> {
  const { name, run, events } = history;
  const facts = { history: name, workflow: run.workflow, events: events.length };
  try {
    await check(history, workflows, context.flag("strict"));
    if (context.json) context.emit({ ...facts, ok: true });
    else
      context.say(
        `${context.out.good("ok")}  ${printable(name)}: ${events.length} events of ${printable(run.workflow)}`,
      );
    return true;
  } catch (error) {
    if (!isDifference(error)) throw error;
    if (context.json) context.emit({ ...facts, ok: false, error: errorToJson(error) });
    else context.say(`${context.out.bad("differs")}  ${printable(name)}: ${error.message}${siteLine(error)}`);
    return false;
  }
}

/** A run whose first turn has not been made has no command to compare. */
async function check(
  { run, events }: RecordedHistory,
  workflows: readonly AnyWorkflow[],
  strict: boolean,
): Promise<void> {
  workflowOf({ run, workflows });
  if (events.length > 1) await executionOf(events, { run, workflows, strict });
}

const differences = [
  "DRM-NONDETERMINISM",
  "DRM-STRAY-AWAIT",
  "DRM-FORBIDDEN-CALL",
  "DRM-UNKNOWN-VERSION",
  "DRM-CORRUPT-HISTORY",
  "DRM-READ-ONLY",
];

/** The code does not do what was recorded; anything else is a mistake of the command. */
function isDifference(error: unknown): error is DarumaError {
  return error instanceof DarumaError && differences.includes(error.code);
}

function siteLine(error: DarumaError): string {
  const site = "site" in error && typeof error.site === "string" ? printable(error.site) : undefined;
  return site === undefined || error.message.includes(site) ? "" : `\n  at: ${site}`;
}
