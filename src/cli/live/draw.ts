/** The drawing of a run: a tree that fits into a number of lines and columns. Pure: the same run at the same time is the same text. */
import { printable } from "../../core/printable.ts";
import type { Paint } from "../text/paint.ts";
import { clock, span } from "../text/times.ts";
import { words } from "../text/event-text.ts";
import { fit, padTo, width } from "../text/width.ts";
import type { Item, RunModel } from "./model.ts";

/** What a drawing depends on besides the run. */
export interface DrawOptions {
  readonly now: number;
  readonly columns: number;
  readonly rows: number;
  readonly paint: Paint;
  /** Runs behind children, if they are followed. */
  readonly children: ReadonlyMap<string, RunModel>;
  /** True: the last drawing, which stays: nothing moves in it. */
  readonly final: boolean;
}

/** One line before it is fitted: marks and words on the left, a span on the right. */
interface Line {
  readonly indent: string;
  readonly mark: string;
  readonly text: string;
  readonly right: string;
}

const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const frameMs = 100;
const deepest = 4;
const fewest = 5;

/** The lines of the drawing, colored, each shorter than `columns`. */
export function drawRun(model: RunModel, options: DrawOptions): string[] {
  const room = Math.max(fewest, options.rows - 3);
  const lines = [headLine(model, options), ...itemLines(model, "", { ...options, room, depth: 0 })];
  return lines.map((line) => finish(line, options));
}

function finish({ indent, mark, text, right }: Line, { columns, paint }: DrawOptions): string {
  const columnsLeft = Math.max(10, Math.min(columns, 120) - 1);
  const start = `${indent}${mark} `;
  const roomForText = columnsLeft - width(start) - (right === "" ? 0 : width(right) + 1);
  const shown = padTo(fit(text, roomForText), right === "" ? 0 : roomForText);
  return `${paint.dim(indent)}${mark} ${shown}${right === "" ? "" : ` ${paint.dim(right)}`}`;
}

function headLine(model: RunModel, options: DrawOptions): Line {
  const { id, workflow, startedAt } = model;
  const status = statusText(model);
  const text = `${printable(workflow)} ${printable(id)}${status === "" ? "" : `  ${status}`}`;
  const right = startedAt === undefined ? "" : span((model.endedAt ?? options.now) - startedAt);
  return { indent: "", mark: runMark(model, options), text, right };
}

function statusText({ status, paused, canceling, note }: RunModel): string {
  const flags = [...(paused ? ["paused"] : []), ...(canceling && status === "running" ? ["canceling"] : [])];
  const parts = status === "running" ? flags : [words(status)];
  return [...parts, ...(note === "" ? [] : [note])].join(": ");
}

function runMark({ status, paused }: RunModel, options: DrawOptions): string {
  const { paint } = options;
  if (status === "running") return paused ? paint.warn("‖") : moving(options);
  if (status === "completed" || status === "continued_as_new") return paint.good("✓");
  return status === "failed" ? paint.bad("✗") : paint.warn("–");
}

function moving({ now, paint, final }: DrawOptions): string {
  return final ? paint.active("·") : paint.active(spinner[Math.floor(now / frameMs) % spinner.length] ?? "·");
}

// --- the things of a run ---

interface Place extends DrawOptions {
  /** How many lines there are. */
  readonly room: number;
  readonly depth: number;
}

/** Finished things give way to open ones when there is not room for all; the last failures stay. */
function itemLines(model: RunModel, indent: string, place: Place): Line[] {
  const waits = waitLines(model, indent, place);
  const room = Math.max(1, place.room - waits.length);
  const items = [...model.items.values()];
  const fits = items.length + model.forgotten <= room;
  const lines = fits
    ? items.flatMap((item) => linesOf(item, indent, place))
    : someLines(model, indent, { ...place, room });
  return [...lines, ...waits].slice(0, place.room);
}

const mostFailures = 3;

function someLines(model: RunModel, indent: string, place: Place): Line[] {
  const items = [...model.items.values()];
  const failed = items.filter(({ state }) => state === "failed").slice(-mostFailures);
  const open = items.filter(({ ended }) => ended === undefined);
  const shown = open.slice(0, Math.max(1, place.room - failed.length - 2));
  const more = open.length - shown.length;
  return [
    sumLine(model, indent, place),
    ...[...failed, ...shown].flatMap((item) => linesOf(item, indent, place)),
    ...(more > 0 ? [moreLine(more, indent)] : []),
  ];
}

function linesOf(item: Item, indent: string, place: Place): Line[] {
  return [itemLine(item, indent, place), ...childLines(item, indent, place)];
}

function childLines(item: Item, indent: string, place: Place): Line[] {
  const child = item.childId === undefined ? undefined : place.children.get(item.childId);
  if (child === undefined || item.ended !== undefined || place.depth >= deepest) return [];
  const inner = { ...place, depth: place.depth + 1, room: Math.max(2, Math.floor(place.room / 3)) };
  return itemLines(child, `${indent}  `, inner);
}

function itemLine(item: Item, indent: string, place: Place): Line {
  const { since, ended, kind } = item;
  const instant = kind === "signal" || kind === "timer";
  const right = instant ? "" : span((ended ?? place.now) - since);
  return { indent: `${indent}  `, mark: itemMark(item, place), text: itemText(item, place), right };
}

function itemMark({ state, kind, until }: Item, options: DrawOptions): string {
  const { paint, now } = options;
  switch (state) {
    case "open":
      return kind === "timer" ? paint.dim("·") : moving(options);
    case "retrying":
      return until !== undefined && until > now ? paint.warn("↻") : moving(options);
    case "done":
      return paint.good("✓");
    case "failed":
      return paint.bad("✗");
    case "canceled":
      return paint.dim("–");
  }
}

function itemText(item: Item, { now }: DrawOptions): string {
  const { kind, name, label, note } = item;
  if (kind === "timer") return timerText(item, now);
  const shown = kind === "activity" ? printable(name) : `${kind} ${printable(name)}`;
  const tries = item.attempt > 1 ? `  attempt ${item.attempt}` : "";
  const next = item.state === "retrying" && item.until !== undefined ? retryText(item.until, now) : "";
  const why = note === "" ? "" : `: ${note}`;
  return `${shown}${label === "" ? "" : ` ${printable(label)}`}${tries}${next}${why}`;
}

/** The next attempt's time is known; that it has begun is not written anywhere. */
function retryText(until: number, now: number): string {
  return until > now ? ` in ${span(until - now)} after` : " after";
}

function timerText({ name, until, state }: Item, now: number): string {
  const sleeping = name === "sleep";
  if (state !== "open" || until === undefined) {
    const over = state === "done" ? (sleeping ? "slept" : "reached") : "not needed";
    return sleeping
      ? state === "done"
        ? "slept"
        : "sleep canceled"
      : `time limit of ${printable(name)} ${over}`;
  }
  const left = until > now ? `${clock(until, now)} (in ${span(until - now)})` : clock(until, now);
  return sleeping ? `sleeping until ${left}` : `time limit of ${printable(name)} at ${left}`;
}

function sumLine({ items, forgotten }: RunModel, indent: string, { paint }: Place): Line {
  const count = { done: forgotten, failed: 0, canceled: 0 };
  for (const { state } of items.values()) if (state in count) count[state as keyof typeof count]++;
  const parts = [`${count.done} done`];
  if (count.failed > 0) parts.push(`${count.failed} failed`);
  if (count.canceled > 0) parts.push(`${count.canceled} canceled`);
  return { indent: `${indent}  `, mark: paint.good("✓"), text: parts.join(", "), right: "" };
}

function moreLine(count: number, indent: string): Line {
  return { indent: `${indent}  `, mark: " ", text: `… and ${count} more open`, right: "" };
}

function waitLines({ waits }: RunModel, indent: string, { now, paint }: Place): Line[] {
  return waits.map(({ what, since }) => {
    const text = `waiting for ${printable(what)}${since === undefined ? "" : ` since ${clock(since, now)}`}`;
    return { indent: `${indent}  `, mark: paint.warn("?"), text, right: "" };
  });
}
