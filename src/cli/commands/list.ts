/** `daruma list` */
import type { RunSummary } from "../../client/backend.ts";
import { printable } from "../../core/printable.ts";
import { runStatuses } from "../../core/status.ts";
import type { Command } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-code.ts";
import { withRuns } from "../reach.ts";
import type { Paint } from "../text/paint.ts";
import { tableLines } from "../text/table.ts";
import { dateAndTime, span } from "../text/times.ts";
import { words } from "../text/event-text.ts";

const defaultLimit = 20;

export const list: Command = {
  name: "list",
  summary: "List runs, newest first",
  places: [],
  options: {
    workflow: { value: "NAME", help: "Only runs of this workflow" },
    status: { value: "STATUS", help: `Only runs with this status: ${runStatuses.join(", ")}` },
    parked: { help: "Only runs that wait for fitting code" },
    limit: { value: "N", help: `At most so many runs. Default: ${defaultLimit}` },
  },
  details: ["With --json: one run a line."],
  examples: ["daruma list --status running", "daruma list --workflow research --limit 100 --json"],
  run: listRuns,
};

async function listRuns(context: Context): Promise<number> {
  const filter = {
    workflow: context.text("workflow"),
    status: context.oneOf("status", runStatuses),
    parked: context.flag("parked") ? true : undefined,
  };
  const limit = context.count("limit") ?? defaultLimit;
  const found = await withRuns(context, ({ client }) => firstOf(client.list(filter), limit + 1));
  const shown = found.slice(0, limit);
  if (context.json) shown.forEach((run) => context.emit(run));
  else print(context, shown, found.length > limit);
  return exitCodes.done;
}

async function firstOf(runs: AsyncIterable<RunSummary>, count: number): Promise<RunSummary[]> {
  const found: RunSummary[] = [];
  for await (const run of runs) {
    found.push(run);
    if (found.length === count) break;
  }
  return found;
}

function print(context: Context, runs: readonly RunSummary[], more: boolean): void {
  if (runs.length === 0) return context.tell("No runs.");
  const now = context.io.now();
  const head = ["ID", "WORKFLOW", "STATUS", "STARTED", "TOOK", "EVENTS"].map((cell) => context.out.dim(cell));
  const rows = runs.map((run) => row(run, now, context.out));
  for (const line of tableLines([head, ...rows])) context.say(line);
  if (more) context.tell(`There are more: --limit ${runs.length * 10}`);
}

function row(run: RunSummary, now: number, paint: Paint): string[] {
  const { id, workflow, createdAt, closedAt, historyLength } = run;
  const took = span((closedAt ?? now) - createdAt);
  return [
    printable(id),
    printable(workflow),
    statusCell(run, paint),
    dateAndTime(createdAt),
    took,
    String(historyLength),
  ];
}

/** "running (paused)", colored. */
export function statusCell({ status, paused, parked }: RunSummary, paint: Paint): string {
  const flags = [...(parked ? ["parked"] : []), ...(paused ? ["paused"] : [])];
  const text = flags.length === 0 ? words(status) : `${words(status)} (${flags.join(", ")})`;
  if (parked || status === "failed") return paint.bad(text);
  if (status === "completed") return paint.good(text);
  return status === "running" && !paused ? paint.active(text) : paint.warn(text);
}
