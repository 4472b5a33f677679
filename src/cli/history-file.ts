/** Histories in files: one event a line, as `daruma history --json` and `daruma run --json` write them. */
import { DarumaError, quoted } from "../core/errors.ts";
import type { HistoryEvent } from "../core/events.ts";

/** A history and the run that it is of. */
export interface RecordedHistory {
  readonly run: { readonly id: string; readonly generation: number; readonly workflow: string };
  readonly events: readonly HistoryEvent[];
}

interface From {
  readonly file: string;
  /** The run's id, for files that do not say it. */
  readonly id: string;
}

type Line = Readonly<Record<string, unknown>>;

/** Reads the lines. Of a file with several generations the last one counts. @throws DarumaError DRM-CORRUPT-HISTORY with the number of the line */
export function readHistoryLines(text: string, { file, id }: From): RecordedHistory {
  let events: HistoryEvent[] = [];
  let run = { id, generation: 1 };
  for (const [index, line] of text.split("\n").entries()) {
    const value = line.trim() === "" ? undefined : parse(line, file, index + 1);
    // The last line of `daruma run --json` is no event.
    if (value === undefined || value["type"] === "result") continue;
    const { run: runId, generation, ...event } = value;
    if (event["seq"] === 1) events = [];
    if (event["seq"] !== events.length + 1)
      throw broken(file, index + 1, `event ${events.length + 1}`, `event ${String(event["seq"])}`);
    if (typeof runId === "string")
      run = { id: runId, generation: typeof generation === "number" ? generation : 1 };
    events.push(event as unknown as HistoryEvent);
  }
  const [first] = events;
  if (first?.type !== "run_started") throw broken(file, 1, "a run_started event", first?.type ?? "no event");
  return { run: { ...run, workflow: first.workflow }, events };
}

function parse(line: string, file: string, number: number): Line {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null && "type" in value) return { ...value };
  } catch {
    // It is reported below, with its place.
  }
  throw broken(file, number, "an event as JSON", line.slice(0, 60));
}

function broken(file: string, number: number, ...[expected, found]: readonly [string, string]): DarumaError {
  return new DarumaError("DRM-CORRUPT-HISTORY", {
    message: `The file ${quoted(file)} holds no history that can be read: line ${number}.`,
    subject: file,
    expected,
    found: quoted(found),
    fix: "Write it with: daruma history ID --json > FILE",
  });
}
