// Texts for people: widths, times, values, errors. All of it is safe on a terminal.
import { describe, expect, it } from "vitest";
import { ActivityError, DarumaError, encodePayload, RunFailedError } from "daruma";
import { unprintable } from "../../src/core/printable.ts";
import { shellWord } from "../../src/cli/context.ts";
import { newRunId } from "../../src/cli/run-id.ts";
import { errorText, failureLines } from "../../src/cli/text/errors.ts";
import { escapeJson, jsonText } from "../../src/cli/text/json.ts";
import { Paint } from "../../src/cli/text/paint.ts";
import { tableLines } from "../../src/cli/text/table.ts";
import { clock, span } from "../../src/cli/text/times.ts";
import { argumentsPreview, failureText, shortValue, valueText } from "../../src/cli/text/values.ts";
import { waitText } from "../../src/cli/text/waits.ts";
import { fit, width } from "../../src/cli/text/width.ts";

const evil = "\u001b]0;x\u0007\u009b31m\u202e";
const plain = new Paint(false);

describe("width", () => {
  it("counts columns: two for wide characters, none for marks and colors", () => {
    expect(width("abc")).toBe(3);
    expect(width("日本語")).toBe(6);
    expect(width("e\u0301")).toBe(1);
    expect(width(new Paint(true).good("ok"))).toBe(2);
    expect(width("⠋✓✗")).toBe(3);
  });

  it("cuts to fit", () => {
    expect(fit("abcdef", 6)).toBe("abcdef");
    expect(fit("abcdefg", 6)).toBe("abcde…");
    expect(fit("日本語", 5)).toBe("日本…");
    expect(width(fit("日本語".repeat(10), 7))).toBeLessThanOrEqual(7);
    expect(fit("abc", 0)).toBe("");
  });

  it("aligns tables", () => {
    expect(
      tableLines([
        ["a", "b"],
        ["日本", "c"],
        ["", "d"],
      ]),
    ).toEqual(["a     b", "日本  c", "      d"]);
    expect(tableLines([])).toEqual([]);
  });
});

describe("times", () => {
  it.each([
    [0, "0ms"],
    [-5, "0ms"],
    [99, "99ms"],
    [450, "0.4s"],
    [9999, "9.9s"],
    [12_000, "12s"],
    [125_000, "2m 05s"],
    [3_720_000, "1h 02m"],
    [3 * 86_400_000 + 4 * 3_600_000, "3d 04h"],
  ])("a span of %d ms is %s", (ms, text) => {
    expect(span(ms)).toBe(text);
  });

  it("a time of today has no date", () => {
    const now = new Date(2026, 4, 1, 10, 2, 3).getTime();
    expect(clock(now, now)).toBe("10:02:03");
    expect(clock(now - 86_400_000, now)).toBe("2026-04-30 10:02:03");
  });

  it("a wait says since when and until when", () => {
    const now = new Date(2026, 4, 1, 10, 2, 3).getTime();
    expect(waitText({ what: "signal x", since: now - 2000 }, now)).toBe("signal x since 10:02:01 (2.0s)");
    expect(waitText({ what: "timer sleep", until: now + 60_000 }, now)).toBe(
      "timer sleep until 10:03:03 (in 1m 00s)",
    );
    expect(waitText({ what: `activity ${evil}`, since: now, until: now + 500 }, now)).toBe(
      String.raw`activity \x1b]0;x\x07\x9b31m\u202e since 10:02:03 (0ms), next attempt at 10:02:03 (in 0.5s)`,
    );
  });
});

describe("values", () => {
  it("are text, JSON or what Node shows", () => {
    expect(valueText(`two\nlines${evil}`)).toBe(
      String.raw`two` + "\n" + String.raw`lines\x1b]0;x\x07\x9b31m\u202e`,
    );
    expect(valueText({ a: [1, null] })).toBe('{\n  "a": [\n    1,\n    null\n  ]\n}');
    expect(valueText(new Date(0))).toBe("1970-01-01T00:00:00.000Z");
    expect(valueText(10n)).toBe("10n");
    expect(valueText({ a: Number.NaN })).toBe("{ a: NaN }");
  });

  it("have previews in one line", () => {
    expect(shortValue(encodePayload("a\nb"), 20)).toBe(String.raw`"a\nb"`);
    expect(shortValue(encodePayload("x".repeat(100)), 10)).toBe(`"${"x".repeat(8)}…`);
    expect(shortValue(encodePayload({ at: 1n }), 50)).toBe("{ at: 1n }");
    expect(argumentsPreview(encodePayload(["a", 1]), 50)).toBe('"a",1');
    expect(shortValue(undefined, 10)).toBe("");
    expect(failureText({ name: "Error", message: `${evil}\nmore` })).toBe(
      String.raw`Error: \x1b]0;x\x07\x9b31m\u202e`,
    );
  });

  it("as JSON are safe and the same", () => {
    const value = { [evil]: [evil, "\u2028"] };
    expect(jsonText(value)).not.toMatch(unprintable);
    expect(JSON.parse(jsonText(value))).toEqual(value);
    expect(escapeJson("{}\n{}")).toBe("{}\n{}");
  });
});

describe("errors", () => {
  const cause = new TypeError("the cause");
  cause.stack = "TypeError: the cause\n    at f (/home/me/flow.ts:3:4)\n    at node:internal/x:1:1";

  it("are one block, with what caused them and where", () => {
    const error = new DarumaError("DRM-INVALID-OPTION", { message: `No ${evil}.`, expected: "x", cause });
    expect(errorText(error, plain, false).split("\n")).toEqual([
      String.raw`error: No \x1b]0;x\x07\x9b31m\u202e.`,
      "  expected: x",
      "  fix: Correct the option that the message names. (DRM-INVALID-OPTION)",
      "  caused by TypeError: the cause",
      "    at /home/me/flow.ts:3:4",
    ]);
  });

  it("do not say a cause twice, and end in a circle of causes", () => {
    const failed = new RunFailedError({ runId: "r", cause });
    expect(errorText(failed, plain, false)).not.toContain("caused by");
    const circle = new Error("a", { cause: new Error("b") });
    (circle.cause as Error).cause = circle;
    expect(failureLines(circle).filter((line) => line.includes("caused by"))).toHaveLength(5);
  });

  it("show attempts of an activity, and a stack only on demand", () => {
    const attempts = [1, 2].map((attempt) => ({ attempt, time: 0, error: cause }));
    const error = new ActivityError({ activity: "search", attempts });
    expect(failureLines(error)).toContain("  after 2 attempts");
    expect(errorText(cause, plain, false)).toBe("error: TypeError: the cause\n  (--verbose shows where)");
    expect(errorText(cause, plain, true)).toContain("node:internal/x");
    expect(errorText("thrown", plain, false)).toContain("'thrown'");
  });
});

describe("words for a shell", () => {
  it("are quoted where they must be", () => {
    expect(shellWord("./a-b.ts")).toBe("./a-b.ts");
    expect(shellWord("it's a $HOME")).toBe(String.raw`'it'\''s a $HOME'`);
    expect(shellWord("")).toBe("''");
  });

  it("ids can be typed", () => {
    expect(newRunId("hello", 1_800_000_000_000, { random: () => 0.5 })).toBe("hello-mywpiww0-i0000");
    expect(newRunId("x".repeat(256), 0, { random: () => 0 }).length).toBeLessThan(256);
  });
});
