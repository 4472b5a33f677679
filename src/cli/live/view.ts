/** What shows a run while it goes on: a drawing, plain lines, or lines of JSON. */
import type { Wait } from "../../client/backend.ts";
import type { HistoryEvent } from "../../core/events.ts";
import type { Context } from "../context.ts";
import { EventText } from "../text/event-text.ts";
import { exactClock } from "../text/times.ts";
import { drawRun } from "./draw.ts";
import { RunModel } from "./model.ts";
import { Screen } from "./screen.ts";

/** The run that something is said about. */
interface Source {
  readonly id: string;
  readonly generation: number;
}

export interface View {
  /** True: the runs of children are wanted too. */
  readonly children: boolean;
  take(event: HistoryEvent, run: Source): void;
  /** What the run's code waits for, now that nothing happens. */
  waits(waits: readonly Wait[], run: Source): void;
  /** A remark. */
  say(line: string): void;
  /** Nothing more comes. */
  end(): void;
}

/** The view for the run with this id: JSON if that was asked for, a drawing on a terminal, lines elsewhere. */
export function viewOf(context: Context, runId: string): View {
  if (context.json) return jsonView(context);
  return context.io.stderr.isTTY ? liveView(context, runId) : linesView(context);
}

function jsonView(context: Context): View {
  return {
    children: false,
    take: (event, { id: run, generation }) => context.emit({ run, generation, ...event }),
    waits: () => {},
    say: (line) => context.tell(line),
    end: () => {},
  };
}

function linesView(context: Context): View {
  const text = new EventText();
  const line = (time: number, words: string): void =>
    context.tell(`${context.err.dim(exactClock(time))}  ${words}`);
  return {
    children: false,
    take: (event) => line(event.time, text.of(event)),
    waits: (waits) => {
      for (const { what } of waits) line(context.io.now(), `waiting for ${what}`);
    },
    say: (words) => context.tell(words),
    end: () => {},
  };
}

const frameMs = 100;

function liveView(context: Context, runId: string): View {
  const { io, err } = context;
  const runs = new Map<string, RunModel>();
  const screen = new Screen(io);
  const modelOf = (id: string): RunModel => {
    const known = runs.get(id) ?? new RunModel(id);
    runs.set(id, known);
    return known;
  };
  const lines = (final: boolean): string[] => {
    if (!runs.has(runId)) return [];
    const { columns, rows } = io.stderr;
    return drawRun(modelOf(runId), { now: io.now(), columns, rows, paint: err, children: runs, final });
  };
  const stop = io.every(frameMs, () => screen.draw(lines(false)));
  return {
    children: true,
    take: (event, { id }) => {
      if (event.type === "run_started") runs.set(id, new RunModel(id));
      modelOf(id).take(event);
    },
    waits: (waits, { id }) => void (modelOf(id).waits = waits),
    say: (line) => screen.say(line),
    end: () => {
      stop();
      screen.end(lines(true));
    },
  };
}
