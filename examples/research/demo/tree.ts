/** Draws a run as text: a bar for its searches and a tree of its activities. */
import { fit } from "../../shared/painter.ts";
import { type Progress, searches, type Step, type StepState } from "./progress.ts";

const MARKS: Readonly<Record<StepState | "waiting", string>> = {
  waiting: "·",
  running: "▸",
  retrying: "↻",
  interrupted: "↯",
  done: "✓",
  failed: "✗",
};
const BAR_WIDTH = 30;
const BEFORE = ["indexDocuments", "decompose"];
const AFTER = ["synthesize", "writeReport"];

/** How large the drawing may be. */
export interface Size {
  columns: number;
  rows: number;
}

/** The bar and the tree, one string per line, none wider than the screen and not more than fit on it. */
export function drawRun(progress: Progress, title: string, size: Size): string[] {
  const fixed = [bar(progress), title, ...BEFORE.map((name) => branch(progress, name))];
  const last = AFTER.map((name, index) => branch(progress, name, index === AFTER.length - 1));
  const room = size.rows - fixed.length - last.length - 1;
  const lines = [...fixed, ...searchBranches(progress, room), ...last];
  return lines.slice(0, Math.max(size.rows - 1, 1)).map((line) => fit(line, size.columns - 1));
}

function bar(progress: Progress): string {
  const all = Math.max(progress.titles.length, searches(progress).length);
  const count = (state: StepState): number =>
    searches(progress).filter((step) => step.state === state).length;
  const over = count("done") + count("failed");
  const filled = all === 0 ? 0 : Math.floor((over / all) * BAR_WIDTH);
  const extras = [failed(count("failed")), retried(progress)].filter((text) => text !== "").join(", ");
  return `[${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)}] ${over}/${all} searches${extras === "" ? "" : ` (${extras})`}`;
}

function failed(n: number): string {
  return n === 0 ? "" : `${n} failed`;
}

function retried(progress: Progress): string {
  const n = searches(progress).filter((step) => step.failures > 0).length;
  return n === 0 ? "" : `${n} with failed attempts`;
}

function branch(progress: Progress, name: string, last: boolean = false): string {
  const step = [...progress.steps.values()].find((candidate) => candidate.name === name);
  return `${last ? "└─" : "├─"} ${MARKS[step?.state ?? "waiting"]} ${name}`;
}

/** One line per topic. Where the screen is too low, only searches that are under way or failed have lines. */
function searchBranches(progress: Progress, room: number): string[] {
  const steps = searches(progress);
  const count = Math.max(progress.titles.length, steps.length);
  const rows = Array.from({ length: count }, (_, index) => ({
    line: searchLine(progress, index, index === count - 1),
    state: steps[index]?.state,
  }));
  if (rows.length + 1 <= room) return ["├─ searches", ...rows.map((row) => row.line)];
  const busy = rows.filter((row) => row.state !== undefined && row.state !== "done").map((row) => row.line);
  const shown = busy.slice(0, Math.max(room - 2, 0));
  return ["├─ searches", ...shown, `│  └─ … ${count - shown.length} more`];
}

function searchLine(progress: Progress, index: number, last: boolean): string {
  const step = searches(progress)[index];
  const id = `t${String(index + 1).padStart(2, "0")}`;
  return `│  ${last ? "└─" : "├─"} ${describeSearch(step, `${id} ${progress.titles[index] ?? ""}`)}`;
}

/** One search in one line: its mark, its topic, and what went wrong so far. */
export function describeSearch(step: Step | undefined, topic: string): string {
  const mark = MARKS[step?.state ?? "waiting"];
  const reason = step?.reason === undefined ? "" : `: ${step.reason}`;
  const attempts = step?.failures === 1 ? "1 failed attempt" : `${step?.failures} failed attempts`;
  const notes = [
    ...(step?.state === "interrupted" ? ["was cut off, runs again"] : []),
    ...(step === undefined || step.failures === 0 ? [] : [`${attempts}${reason}`]),
  ];
  return `${mark} ${topic}${notes.length === 0 ? "" : ` (${notes.join("; ")})`}`;
}
