import { describe, expect, it } from "vitest";
import {
  emptyProgress,
  finishedTopics,
  type Message,
  type Progress,
  type RunEvent,
  searches,
  takeEvent,
} from "../../../examples/research/demo/progress.ts";
import { createScreen } from "../../../examples/research/demo/screen.ts";
import { drawRun } from "../../../examples/research/demo/tree.ts";
import { fit, type Output } from "../../../examples/shared/painter.ts";

const TITLES = ["crash", "lease", "timer"];

/** The events of a run with three searches: one done, one that is retried, one under way. */
const EVENTS: RunEvent[] = [
  { seq: 1, type: "run_started" },
  { seq: 2, type: "activity_scheduled", ref: 1, name: "indexDocuments" },
  { seq: 3, type: "activity_completed", ref: 1 },
  { seq: 4, type: "activity_scheduled", ref: 2, name: "decompose" },
  { seq: 5, type: "activity_completed", ref: 2 },
  { seq: 6, type: "activity_scheduled", ref: 3, name: "search" },
  { seq: 7, type: "activity_scheduled", ref: 4, name: "search" },
  { seq: 8, type: "activity_scheduled", ref: 5, name: "search" },
  { seq: 9, type: "activity_retrying", ref: 4, reason: "Busy: later" },
  { seq: 10, type: "activity_completed", ref: 5 },
];

function progressAfter(events: RunEvent[], titles: string[] = TITLES): Progress {
  const progress = { ...emptyProgress(), titles };
  for (const event of events) takeEvent(progress, event);
  return progress;
}

describe("progress", () => {
  it("knows the state of each search and its topic by the order of scheduling", () => {
    const progress = progressAfter(EVENTS);
    expect(searches(progress).map((step) => [step.position, step.state])).toEqual([
      [1, "running"],
      [2, "retrying"],
      [3, "done"],
    ]);
    expect(finishedTopics(progress)).toEqual(["t03"]);
  });

  it("takes each event once, so that a second process may tell the history from its start", () => {
    const progress = progressAfter([...EVENTS, ...EVENTS]);
    expect(progress).toEqual(progressAfter(EVENTS));
    expect(takeEvent(progress, EVENTS[0] ?? { seq: 1, type: "" })).toBeUndefined();
  });

  it("knows interrupted and failed searches", () => {
    const progress = progressAfter([
      ...EVENTS,
      { seq: 11, type: "activity_interrupted", ref: 3 },
      { seq: 12, type: "activity_failed", ref: 4, reason: "Gone: for good" },
      { seq: 13, type: "run_completed" },
    ]);
    expect(searches(progress).map((step) => step.state)).toEqual(["interrupted", "failed", "done"]);
    expect(searches(progress)[1]).toMatchObject({ failures: 2, reason: "Gone: for good" });
    const lines = drawRun(progress, "r", { columns: 80, rows: 40 });
    expect(lines[5]).toBe("│  ├─ ↯ t01 crash (was cut off, runs again)");
    expect(lines[6]).toBe("│  ├─ ✗ t02 lease (2 failed attempts: Gone: for good)");
  });
});

describe("the drawing", () => {
  it("is a bar and a tree", () => {
    expect(drawRun(progressAfter(EVENTS), 'research "r"', { columns: 80, rows: 40 })).toEqual([
      "[██████████░░░░░░░░░░░░░░░░░░░░] 1/3 searches (1 with failed attempts)",
      'research "r"',
      "├─ ✓ indexDocuments",
      "├─ ✓ decompose",
      "├─ searches",
      "│  ├─ ▸ t01 crash",
      "│  ├─ ↻ t02 lease (1 failed attempt: Busy: later)",
      "│  └─ ✓ t03 timer",
      "├─ · synthesize",
      "└─ · writeReport",
    ]);
  });

  it("shows topics that wait", () => {
    const lines = drawRun(progressAfter(EVENTS.slice(0, 6)), "r", { columns: 80, rows: 40 });
    expect(lines[7]).toBe("│  └─ · t03 timer");
    expect(lines[0]).toContain("0/3 searches");
  });

  it("draws a run of which nothing is known", () => {
    expect(drawRun(emptyProgress(), "r", { columns: 80, rows: 40 })[0]).toBe(
      `[${"░".repeat(30)}] 0/0 searches`,
    );
  });

  it("never has more lines than the screen, and shows what is under way first", () => {
    const titles = Array.from({ length: 30 }, (_, index) => `topic ${index}`);
    for (const rows of [1, 2, 5, 9, 10, 11, 12, 20]) {
      const lines = drawRun(progressAfter(EVENTS, titles), "r", { columns: 80, rows });
      expect(lines.length).toBeLessThanOrEqual(Math.max(rows - 1, 1));
      if (rows < 12) continue;
      expect(lines.join("\n")).toContain("▸ t01 topic 0");
      expect(lines.join("\n")).toContain("… 28 more");
    }
  });

  it("never has a line that is wider than the screen", () => {
    expect(fit("abcdef", 4)).toBe("abcd");
    expect(fit("クラッシュ", 5)).toBe("クラ");
    expect(fit("a\u001B[2Jb", 10)).toBe("a[2Jb");
    const lines = drawRun(progressAfter(EVENTS, ["復旧".repeat(50), "", ""]), "r", { columns: 20, rows: 40 });
    expect(lines.every((line) => line.length < 20)).toBe(true);
  });
});

describe("the screen", () => {
  function record(tty: boolean): { output: Output; written: () => string } {
    let text = "";
    const write = (part: string): void => {
      text += part;
    };
    return { output: { isTTY: tty, columns: 80, rows: 40, write }, written: () => text };
  }

  const messages: Message[] = [
    { kind: "titles", titles: TITLES },
    ...EVENTS.map((event): Message => ({ kind: "event", event })),
  ];

  it("writes plain lines where there is no terminal", () => {
    const { output, written } = record(false);
    const screen = createScreen(output, "r");
    for (const message of messages) screen.take(message);
    screen.say("a line");
    screen.finish();
    expect(written()).not.toContain("\u001B");
    expect(written().split("\n")).toEqual([
      "  ▸ indexDocuments",
      "  ✓ indexDocuments",
      "  ▸ decompose",
      "  ✓ decompose",
      "  ▸ search t01 crash",
      "  ▸ search t02 lease",
      "  ▸ search t03 timer",
      "  ↻ search t02 lease (1 failed attempt: Busy: later)",
      "  ✓ search t03 timer",
      "a line",
      "",
    ]);
  });

  it("paints over its own lines on a terminal, and lets go of them at the end", () => {
    const { output, written } = record(true);
    const screen = createScreen(output, "r");
    for (const message of messages) screen.take(message);
    const drawing = `${drawRun(screen.progress, "r", { columns: 80, rows: 40 }).join("\n")}\n`;
    expect(written().endsWith(`\u001B[10A\u001B[0J${drawing}`)).toBe(true);
    screen.say("a line");
    expect(written().endsWith(`\u001B[10A\u001B[0Ja line\n${drawing}`)).toBe(true);
    screen.finish();
    const before = written().length;
    screen.say("below");
    expect(written().slice(before)).toBe("below\n");
  });
});
