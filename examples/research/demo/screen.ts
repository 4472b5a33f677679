/**
 * Shows a run while it goes on. On a terminal the drawing is painted over itself; elsewhere (a file, a CI log) each change is one plain line.
 */
import { createPainter, type Output } from "../../shared/painter.ts";
import type { Message, Progress, Step } from "./progress.ts";
import { emptyProgress, takeEvent } from "./progress.ts";
import { describeSearch, drawRun } from "./tree.ts";

/** A display of one run. */
export interface Screen {
  progress: Progress;
  /** Takes what a research process has said. */
  take(message: Message): void;
  /** Writes a line of text that stays, with the drawing below it. */
  say(line: string): void;
  /** Leaves the drawing as it is; what comes next goes below it. */
  finish(): void;
}

/** A screen that shows a run under this title. */
export function createScreen(output: Output, title: string): Screen {
  const progress = emptyProgress();
  return output.isTTY === true ? paintedScreen(output, title, progress) : plainScreen(output, progress);
}

function plainScreen(output: Output, progress: Progress): Screen {
  const say = (line: string): void => void output.write(`${line}\n`);
  const take = (message: Message): void => {
    const step = apply(progress, message);
    if (step !== undefined) say(`  ${stepLine(progress, step)}`);
  };
  return { progress, take, say, finish: () => undefined };
}

function paintedScreen(output: Output, title: string, progress: Progress): Screen {
  const size = (): { columns: number; rows: number } => ({
    columns: output.columns ?? 80,
    rows: output.rows ?? 24,
  });
  const painter = createPainter(output, () => drawRun(progress, title, size()));
  const take = (message: Message): void => {
    if (apply(progress, message) !== undefined || message.kind === "titles") painter.paint();
  };
  return { progress, take, say: painter.say, finish: painter.finish };
}

function apply(progress: Progress, message: Message): Step | undefined {
  if (message.kind === "titles") progress.titles = message.titles;
  return message.kind === "event" ? takeEvent(progress, message.event) : undefined;
}

function stepLine(progress: Progress, step: Step): string {
  if (step.position === undefined) return describeSearch(step, step.name);
  const id = `t${String(step.position).padStart(2, "0")}`;
  return describeSearch(step, `search ${id} ${progress.titles[step.position - 1] ?? ""}`.trimEnd());
}
