/** `daruma show` */
import type { RunDescription, Wait } from "../../client/backend.ts";
import type { Client } from "../../client/client.ts";
import type { ProcessFacts } from "../../client/http-words.ts";
import { printable } from "../../core/printable.ts";
import type { Command } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-code.ts";
import { loadWorkflows } from "../module.ts";
import { withRuns } from "../reach.ts";
import type { Reached } from "../reach.ts";
import { executionOf, readHistory } from "../replay-code.ts";
import { originText } from "../text/event-text.ts";
import { parkedLines } from "../text/parked.ts";
import { tableLines } from "../text/table.ts";
import { dateAndTime, span } from "../text/times.ts";
import { failureText, shortValue } from "../text/values.ts";
import { waitsOfHistory, waitText } from "../text/waits.ts";
import { statusCell } from "./list.ts";
import { idPlace, withOption, workerCommand } from "./shared.ts";

const longestValue = 200;

export const show: Command = {
  name: "show",
  summary: "Show a run: its status, and what it waits for since when",
  places: [idPlace],
  options: { with: withOption },
  details: [
    "What workflow code waits for (signals, conditions) only the code knows: it is asked in the worker that runs it, or replayed from --with MODULE.",
  ],
  examples: ["daruma show research-42", "daruma show research-42 --with research.ts --json"],
  run: (context) => withRuns(context, (reached) => showRun(context, reached)),
};

async function showRun(context: Context, reached: Reached): Promise<number> {
  const id = context.place(0);
  const described = await reached.client.get(id).describe();
  const waits = await waitsOf(context, reached, described);
  const { client, process } = reached;
  if (context.json) context.emit({ ...described, waits, process: process ?? null });
  else
    for (const line of lines(
      context,
      { ...described, waits, ending: await endingOf(client, described) },
      process,
    ))
      context.say(line);
  return exitCodes.done;
}

/** Without a worker, what the history says, and the code if it is given. */
async function waitsOf(
  context: Context,
  { client, process }: Reached,
  run: RunDescription,
): Promise<readonly Wait[]> {
  const knows = process?.workflows.includes(run.workflow) === true;
  if (knows || run.status !== "running" || run.parked || run.paused) return run.waits;
  const events = await readHistory(client, run.id);
  const module = context.text("with");
  const workflows = module === undefined ? [] : await loadWorkflows([module]);
  const execution =
    workflows.length === 0 ? undefined : await executionOf(events, { run, workflows, strict: false });
  return [...run.waits, ...waitsOfHistory(events), ...(execution?.context.waits() ?? [])];
}

type Fact = readonly [name: string, text: string];

/** What came of a closed run: its last event says. */
async function endingOf(client: Client, { id, status, historyLength }: RunDescription): Promise<Fact[]> {
  if (status === "running") return [];
  for await (const event of client.get(id).history({ from: historyLength })) {
    if (event.type === "run_completed") return [["result", shortValue(event.result, longestValue)]];
    if (event.type === "run_failed") return [["error", failureText(event.failure)]];
    if ("reason" in event && event.reason !== undefined) return [["reason", printable(event.reason)]];
  }
  return [];
}

interface Shown extends RunDescription {
  readonly ending: readonly Fact[];
}

function lines(context: Context, run: Shown, process: ProcessFacts | undefined): string[] {
  const now = context.io.now();
  const { createdAt, closedAt, deadline, why, waits, messages } = run;
  const facts: Fact[] = [
    [
      "run",
      context.out.bold(printable(run.id)) + (run.generation > 1 ? ` (generation ${run.generation})` : ""),
    ],
    ["workflow", printable(run.workflow)],
    ["status", statusCell(run, context.out)],
    ["started", `${dateAndTime(createdAt)} (${span(now - createdAt)} ago)`],
    ...(closedAt === undefined
      ? []
      : [["closed", `${dateAndTime(closedAt)} (took ${span(closedAt - createdAt)})`] satisfies Fact]),
    ...(deadline === undefined ? [] : [["time limit", dateAndTime(deadline)] satisfies Fact]),
    ...(run.parentId === undefined ? [] : [["parent", printable(run.parentId)] satisfies Fact]),
    ...(run.origin === undefined ? [] : [["origin", originText(run.origin)] satisfies Fact]),
    ...run.ending,
    ["events", String(run.historyLength)],
    ...(messages === 0 ? [] : [["inbox", `${messages} not yet delivered`] satisfies Fact]),
    ...(run.status === "running" ? [["worker", workerText(context, run, process)] satisfies Fact] : []),
    ...waits.map((wait, index) => [index === 0 ? "waits for" : "", waitText(wait, now)] as const),
  ];
  const table = tableLines(facts.map(([name, text]) => [context.out.dim(name), text]));
  return why === undefined ? table : [...table, "", ...parkedLines(why, context.out, now)];
}

function workerText(
  context: Context,
  { workflow }: RunDescription,
  process: ProcessFacts | undefined,
): string {
  if (process === undefined) return `none is running; start one: ${workerCommand(context)}`;
  return process.workflows.includes(workflow)
    ? `process ${process.pid}`
    : `none: process ${process.pid} has the database open, without this workflow`;
}
