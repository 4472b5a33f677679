/** Histories in files: one event a line, as `daruma history --json` and `daruma run --json` write them, with the run that each is of. */
import type { HistoryEvent } from "../core/events.ts";
import { parseHistory } from "../testing/history-text.ts";

/** A history and the run that it is of. */
export interface RecordedHistory {
  readonly run: { readonly id: string; readonly generation: number; readonly workflow: string };
  readonly events: readonly HistoryEvent[];
}

/** Where a text comes from. `id` is the run's id if the lines do not say it. */
export interface Origin {
  readonly file: string;
  readonly id: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads a file's text. Of several generations the last one counts; the result, which `run --json` adds, is passed over. @throws DarumaError DRM-CORRUPT-HISTORY */
export function readRecorded(text: string, { file, id }: Origin): RecordedHistory {
  const lines = text.split("\n");
  const fields = lines.map(fieldsOf);
  const begin = fields.findLastIndex((each) => each["seq"] === 1);
  // Lines that do not count become empty, so that the numbers of the others stay.
  const kept = lines.map((line, index) =>
    index < begin || fields[index]?.["type"] === "result" ? "" : line,
  );
  const events = parseHistory(kept.join("\n"), file);
  const { run, generation } = fields[begin] ?? {};
  const [first] = events;
  return {
    run: {
      id: typeof run === "string" ? run : id,
      generation: typeof generation === "number" ? generation : 1,
      workflow: first?.type === "run_started" ? first.workflow : "",
    },
    events,
  };
}

/** What a line says, if it can be read; if not, the parser will say so. */
function fieldsOf(line: string): Fields {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
