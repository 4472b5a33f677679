// What `daruma run` shows on a terminal: the model of a run, its drawing, and the screen that it is drawn on.
import { describe, expect, it, vi } from "vitest";
import type { ActivityScheduled, Event } from "../../src/core/events.ts";
import { drawRun } from "../../src/cli/live/draw.ts";
import { RunModel } from "../../src/cli/live/model.ts";
import { Screen } from "../../src/cli/live/screen.ts";
import { Paint } from "../../src/cli/text/paint.ts";
import { width } from "../../src/cli/text/width.ts";
import { TestIo } from "./support/world.ts";

const start = new Date(2026, 4, 1, 10, 0, 0).getTime();

type Untimed<T> = T extends unknown ? Omit<T, "time"> : never;

/** A model that took these events, one second apart. */
function modelOf(...events: Untimed<Event>[]): RunModel {
  const model = new RunModel("r-1");
  const started = { type: "run_started", workflow: "research", seed: "s" } as const;
  for (const [index, event] of [started, ...events].entries())
    model.take({ ...event, time: start + index * 1000 });
  return model;
}

interface Drawing {
  now?: number;
  rows?: number;
  columns?: number;
  children?: Map<string, RunModel>;
}

function draw(
  model: RunModel,
  { now = start + 10_000, rows = 24, columns = 60, children = new Map() }: Drawing = {},
): string[] {
  const options = { now, rows, columns, children, paint: new Paint(false), final: false };
  return drawRun(model, options).map((line) => line.trimEnd().replace(/(?<=\S) {3,}/u, " | "));
}

const scheduled = (ref: number, name: string, input: string): Untimed<ActivityScheduled> => {
  return { type: "activity_scheduled", ref, name, input };
};

describe("the drawing", () => {
  it("shows activities with their attempts, timers, children, signals and waits", () => {
    const failure = { name: "Error", message: "no\u001b[31m" };
    const model = modelOf(
      scheduled(1, "decompose", '["a"]'),
      { type: "activity_completed", ref: 1, attempt: 1 },
      scheduled(2, "search", '["b"]'),
      { type: "activity_retrying", ref: 2, attempt: 1, failure, nextAt: start + 12_000 },
      { type: "timer_started", ref: 3, name: "sleep", fireAt: start + 40_000 },
      { type: "child_started", ref: 4, name: "report", id: "r-1.1.4", parentClose: "terminate" },
      { type: "signal_received", name: "hint", payload: '"x"', operation: "o" },
    );
    model.waits = [{ what: "signal approve", since: start + 8000 }];
    const child = new RunModel("r-1.1.4");
    child.take({ ...scheduled(1, "render", "[]"), time: start + 9000 });
    expect(draw(model, { columns: 70, children: new Map([["r-1.1.4", child]]) })).toEqual([
      "⠋ research r-1 | 10s",
      '  ✓ decompose "a" | 1.0s',
      String.raw`  ↻ search "b"  attempt 2 in 2.0s after: Error: no\x1b[31m | 7.0s`,
      "  · sleeping until 10:00:40 (in 30s)",
      "  ⠋ child report r-1.1.4 | 4.0s",
      "    ⠋ render | 1.0s",
      '  ✓ signal hint "x"',
      "  ? waiting for signal approve since 10:00:08",
    ]);
  });

  it("shows how a run ended, and takes what was open for canceled", () => {
    const failed = modelOf(scheduled(1, "a", "[]"), {
      type: "run_failed",
      failure: { name: "TypeError", message: "bad" },
    });
    expect(draw(failed)).toEqual(["✗ research r-1  failed: TypeError: bad | 2.0s", "  – a | 1.0s"]);
    expect(draw(modelOf({ type: "run_completed" }))[0]).toBe("✓ research r-1  completed | 1.0s");
    expect(draw(modelOf({ type: "run_canceled", reason: "enough" }))[0]).toBe(
      "– research r-1  canceled: enough | 1.0s",
    );
    expect(draw(modelOf({ type: "run_paused" }))[0]).toBe("‖ research r-1  paused | 10s");
    expect(draw(modelOf({ type: "cancel_requested" }))[0]).toBe("⠋ research r-1  canceling | 10s");
  });

  it("says of time limits what they are for and whether they were needed", () => {
    const limit = { type: "timer_started", ref: 1, name: "receive", fireAt: start + 60_000 } as const;
    expect(draw(modelOf(limit))[1]).toBe("  · time limit of receive at 10:01:00 (in 50s)");
    expect(draw(modelOf(limit, { type: "timer_canceled", ref: 1 }))[1]).toBe(
      "  – time limit of receive not needed",
    );
    expect(draw(modelOf(limit, { type: "timer_fired", ref: 1 }))[1]).toBe(
      "  ✓ time limit of receive reached",
    );
  });

  it("fits into the rows: finished things are summed up, open ones come first", () => {
    const many = Array.from({ length: 30 }, (_, ref) => scheduled(ref, "search", "[]"));
    const done = Array.from(
      { length: 12 },
      (_, ref) => ({ type: "activity_completed", ref, attempt: 1 }) as const,
    );
    const lines = draw(modelOf(...many, ...done), { rows: 10 });
    expect(lines).toHaveLength(8);
    expect(lines[1]).toBe("  ✓ 12 done");
    expect(lines.at(-1)).toBe("    … and 13 more open");
  });

  it("fits into the columns, whatever the names are", () => {
    const model = modelOf(
      scheduled(1, "検索".repeat(50), '["\\u001b[2J"]'),
      scheduled(2, "x".repeat(500), "[]"),
    );
    for (const columns of [1, 10, 20, 33, 80, 300]) {
      const options = {
        now: start,
        rows: 24,
        columns,
        children: new Map(),
        paint: new Paint(true),
        final: false,
      };
      for (const line of drawRun(model, options)) expect(width(line)).toBeLessThan(Math.max(columns, 22));
    }
  });

  it("keeps a bounded number of finished things", () => {
    const model = modelOf();
    for (let ref = 1; ref <= 5000; ref++) {
      model.take({ ...scheduled(ref, "a", "[]"), time: start });
      model.take({ type: "activity_completed", ref, attempt: 1, time: start });
    }
    expect(model.items.size).toBeLessThanOrEqual(400);
    expect(model.items.size + model.forgotten).toBe(5000);
    expect(draw(model, { rows: 10 })[1]).toBe("  ✓ 5000 done");
  });
});

const escape = "\u001b";
const tokens = new RegExp(String.raw`${escape}\[[?\d]*[A-Za-z]|\n|\r|[^${escape}\n\r]+`, "gu");

/** What a terminal of 80 columns shows after these writes: only what a screen uses is understood. */
function shown(text: string): string[] {
  const lines: string[] = [""];
  let row = 0;
  for (const token of text.match(tokens) ?? []) {
    const up = /^.\[(\d+)A$/u.exec(token)?.[1];
    if (token === "\n") row++;
    else if (up !== undefined) row -= Number(up);
    else if (token === `${escape}[J`) lines.length = row;
    else if (token !== "\r" && !token.startsWith(escape)) lines[row] = token;
    lines[row] ??= "";
  }
  return lines.slice(0, -1);
}

describe("the screen", () => {
  it("draws in place, each time with one write", () => {
    const io = new TestIo(true);
    const write = vi.spyOn(io.stderr, "write");
    const screen = new Screen(io);
    write.mockClear();
    screen.draw(["one", "two", "three"]);
    screen.draw(["uno", "due"]);
    expect(write).toHaveBeenCalledTimes(2);
    screen.end(["last"]);
    screen.draw(["never"]);
    expect(shown(io.stderr.text)).toEqual(["last"]);
    expect(io.stderr.text).not.toContain("\u001b[2J");
    expect(io.stderr.text.endsWith("\u001b[?7h\u001b[?25h")).toBe(true);
  });

  it("shows what others write above the drawing, whole lines at a time", () => {
    const io = new TestIo(true);
    let print: (text: string) => void = () => {};
    const screen = new Screen(
      Object.assign(io, {
        interceptTerminal: (take: typeof print) => {
          print = take;
          return () => void (print = () => {});
        },
      }),
    );
    screen.draw(["a", "b"]);
    print("first\nsec");
    screen.draw(["c", "d"]);
    print("ond\n");
    screen.say("third");
    print("no end");
    screen.end(["e"]);
    print("after");
    expect(shown(io.stderr.text)).toEqual(["first", "second", "third", "no end", "e"]);
  });
});
