/** What is known about the actions of a run while it goes on, and how it is shown: a bar and one line per action. */
import { createPainter, fit } from "../../shared/painter.ts";
import type { Output } from "../../shared/painter.ts";
import type { LogLine } from "../log.ts";
import type { Progress } from "../types.ts";
import type { Message } from "./order.ts";

type State = "waiting" | "generating" | "retrying" | "saving" | "saved" | "failed";

const marks: Readonly<Record<State, string>> = {
  waiting: "·",
  generating: "▸",
  retrying: "↻",
  saving: "▸",
  saved: "✓",
  failed: "✗",
};
const states: Readonly<Partial<Record<LogLine["event"], State>>> = {
  generation_started: "generating",
  generation_failed: "retrying",
  generation_reused: "saving",
  tasks_generated: "saving",
  tasks_saved: "saved",
  action_failed: "failed",
};
const barWidth = 30;

interface Action {
  readonly id: string;
  readonly title: string;
  state: State;
  note: string;
}

/** A display of one run, over all its processes. */
export interface View {
  readonly take: (message: Message) => void;
  /** Leaves the drawing as it is; what comes next goes below it. */
  readonly finish: () => void;
  readonly idsIn: (state: State) => readonly string[];
}

export function createView(output: Output, titles: ReadonlyMap<string, string>): View {
  const actions = new Map<string, Action>(
    [...titles].map(([id, title]) => [id, { id, title, state: "waiting", note: "" }]),
  );
  let progress: Progress | undefined;
  const painter = createPainter(output, () => draw(actions, progress, output));
  const take = (message: Message): void => {
    if (message.kind === "progress") progress = further(progress, message.progress);
    const changed = message.kind === "log" ? apply(actions, message.line) : undefined;
    if (output.isTTY === true) painter.paint();
    else if (changed !== undefined) output.write(`  ${lineOf(changed)}\n`);
    else if (message.kind === "progress") output.write(`  ${bar(message.progress, titles.size)}\n`);
    if (message.kind === "error") painter.say(message.text);
  };
  const idsIn = (state: State): readonly string[] =>
    [...actions.values()].filter((action) => action.state === state).map(({ id }) => id);
  return { take, finish: painter.finish, idsIn };
}

/** Counts arrive in any order; the bar does not go back. */
function further(known: Progress | undefined, told: Progress): Progress {
  return known === undefined || told.processed >= known.processed ? told : known;
}

function apply(actions: ReadonlyMap<string, Action>, { event, details }: LogLine): Action | undefined {
  const action = actions.get(String(details["actionId"]));
  const state = states[event];
  if (action === undefined || state === undefined) return undefined;
  action.state = state;
  if (event === "generation_failed" || event === "action_failed") action.note = String(details["message"]);
  if (event === "generation_started" && details["attempt"] !== 1)
    action.note = `attempt ${String(details["attempt"])}`;
  if (event === "tasks_generated") action.note = "saving";
  if (event === "tasks_saved") action.note = `${String(details["taskCount"])} tasks`;
  return action;
}

function draw(
  actions: ReadonlyMap<string, Action>,
  progress: Progress | undefined,
  { columns = 80 }: Output,
): string[] {
  const lines = [bar(progress, actions.size), ...[...actions.values()].map(lineOf)];
  return lines.map((line) => fit(`  ${line}`, columns - 1));
}

function lineOf({ id, title, state, note }: Action): string {
  return `${marks[state]} ${id.padEnd(11)} ${title}${note === "" ? "" : ` (${note})`}`;
}

function bar(progress: Progress | undefined, total: number): string {
  const { processed = 0, percentage = 0, estimatedRemaining = null } = progress ?? {};
  const filled = Math.floor((percentage / 100) * barWidth);
  const left = estimatedRemaining === null ? "" : `, about ${(estimatedRemaining / 1000).toFixed(1)} s left`;
  return `[${"█".repeat(filled)}${"░".repeat(barWidth - filled)}] ${percentage} % (${processed}/${total})${left}`;
}
