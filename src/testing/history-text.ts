/**
 * Histories as text: what `daruma history --json` prints, and what tests keep in files.
 *
 * The format, version 1: JSON Lines, one event per line, or one JSON array of the same events. An event is an object with `seq` (1, 2, 3, … without a
 * hole), `type` (a word of src/core/events.ts), `time` (epoch milliseconds) and the fields of its type. It may say whose it is, in `run` (the run's id) and
 * `generation`. Fields that are not known are ignored. The first event is `run_started`. If there are several generations one after the other, the last one
 * counts. Empty lines, and lines of the type `result` (which `daruma run --json` adds), are passed over. A later version will begin with a line that is no
 * event, which this one refuses.
 */
import { DarumaError } from "../core/errors.ts";
import type { Event, HistoryEvent } from "../core/events.ts";

/** Every kind of event; the compiler says so when one is missing. */
const kinds: Readonly<Record<Event["type"], true>> = {
  run_started: true,
  activity_completed: true,
  activity_failed: true,
  timer_fired: true,
  child_closed: true,
  signal_received: true,
  update_accepted: true,
  cancel_requested: true,
  activity_scheduled: true,
  activity_canceled: true,
  timer_started: true,
  timer_canceled: true,
  child_started: true,
  child_cancel_requested: true,
  signal_sent: true,
  update_completed: true,
  version_marked: true,
  run_completed: true,
  run_failed: true,
  run_canceled: true,
  run_continued_as_new: true,
  activity_retrying: true,
  activity_interrupted: true,
  activity_restarted: true,
  run_forked: true,
  run_paused: true,
  run_resumed: true,
  run_timed_out: true,
  run_terminated: true,
};

/** Reads the events of one history. `subject` names the text in errors. @throws DarumaError DRM-CORRUPT-HISTORY */
export function parseHistory(text: string, subject = "The history"): HistoryEvent[] {
  const all = text.trimStart().startsWith("[") ? parseArray(text, subject) : parseLines(text, subject);
  const values = latest(all.filter((value) => fieldsOf(value)["type"] !== "result"));
  if (values.length === 0) throw corrupt(`${subject} is empty.`, { expected: "run_started" });
  for (const [index, value] of values.entries()) check(value, index, subject);
  return values as HistoryEvent[];
}

/** The run that a history says it is of. */
export function originOf(events: readonly HistoryEvent[]): {
  readonly id?: string;
  readonly generation?: number;
} {
  const { run, generation } = fieldsOf(events[0]);
  return {
    ...(typeof run === "string" ? { id: run } : {}),
    ...(typeof generation === "number" ? { generation } : {}),
  };
}

/** Events as JSON Lines, for a file. */
export function formatHistory(events: readonly HistoryEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join("");
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** Of several generations the last. */
function latest(values: readonly unknown[]): readonly unknown[] {
  if (fieldsOf(values[0])["seq"] !== 1) return values;
  return values.slice(values.findLastIndex((value) => fieldsOf(value)["seq"] === 1));
}

function parseArray(text: string, subject: string): unknown[] {
  const value = parseJson(text, subject);
  return Array.isArray(value) ? value : [value];
}

function parseLines(text: string, subject: string): unknown[] {
  return text
    .split("\n")
    .map((line, index) => ({ line: line.trim(), place: `${subject}, line ${index + 1}` }))
    .filter(({ line }) => line !== "")
    .map(({ line, place }) => parseJson(line, place));
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw corrupt(`${place} is not JSON.`, { cause });
  }
}

function check(value: unknown, index: number, subject: string): void {
  const { seq, type, time } = fieldsOf(value);
  const place = `${subject}, event ${index + 1}`;
  if (seq !== index + 1) throw corrupt(`${place} has another number.`, { expected: index + 1, found: seq });
  if (typeof type !== "string" || !Object.hasOwn(kinds, type))
    throw corrupt(`${place} is of a kind that this version does not know.`, { found: type });
  if (typeof time !== "number")
    throw corrupt(`${place} has no time.`, { expected: "epoch milliseconds", found: time });
  const first = index === 0;
  if (first !== (type === "run_started")) {
    throw corrupt(`${place} is out of place.`, {
      expected: first ? "run_started" : "another event",
      found: type,
    });
  }
}

interface Finding {
  readonly expected?: string | number;
  readonly found?: unknown;
  readonly cause?: unknown;
}

function corrupt(message: string, { expected, found, cause }: Finding): DarumaError {
  return new DarumaError("DRM-CORRUPT-HISTORY", {
    message,
    expected: expected === undefined ? undefined : String(expected),
    found: JSON.stringify(found),
    fix: "Export the history again: `daruma history RUN --json`.",
    cause,
  });
}
