import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Duration, durationMs, formatDuration, longestMs } from "../../src/core/duration.ts";

describe("durationMs", () => {
  it.each<[Duration, number]>([
    ["250ms", 250],
    ["30s", 30_000],
    ["5m", 300_000],
    ["1h30m", 5_400_000],
    ["1h 30m", 5_400_000],
    ["90d", 7_776_000_000],
    ["1w", 604_800_000],
    ["1w2d3h4m5s6ms", 788_645_006],
    ["1.5h", 5_400_000],
    ["1.1h", 3_960_000],
    ["0.5s", 500],
    ["0s", 0],
    [" 2s ", 2_000],
    [0, 0],
    [-0, 0],
    [1500, 1_500],
    [1.6, 2],
    ["36525d", longestMs],
    [longestMs, longestMs],
  ])("reads %j", (value, ms) => {
    expect(durationMs(value, "timeout")).toBe(ms);
  });

  it.each<[unknown, string]>([
    ["", '""'],
    ["  ", '"  "'],
    ["5", '"5"'],
    ["s", '"s"'],
    ["5 minutes", '"5 minutes"'],
    ["5M", '"5M"'],
    ["1s1s", '"1s1s"'],
    ["1m1h", '"1m1h"'],
    ["-5s", '"-5s"'],
    [".5s", '".5s"'],
    ["1,5s", '"1,5s"'],
    ["1e3s", '"1e3s"'],
    ["5s\u001b[31m", String.raw`"5s\x1b[31m"`],
    ["36526d", '"36526d"'],
    [`${"9".repeat(150)}s`, `"${"9".repeat(100)}"`],
    [`${"9".repeat(1_000)}s`, `"${"9".repeat(100)}"`],
    [-1, "-1"],
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "Infinity"],
    [longestMs + 1, String(longestMs + 1)],
    [undefined, "undefined"],
    [null, "null"],
    [5n, "5"],
    [{}, "[object Object]"],
  ])("refuses a value with the option's name (%#)", (value, found) => {
    expect(() => durationMs(value as Duration, "retry.backoff.increment")).toThrow(
      expect.objectContaining({ code: "DRM-INVALID-DURATION", subject: "retry.backoff.increment", found }),
    );
  });
});

describe("formatDuration", () => {
  it.each([
    [0, "0ms"],
    [250, "250ms"],
    [5_400_000, "1h 30m"],
    [90_061_001, "1d 1h 1m 1s 1ms"],
    [604_800_000, "7d"],
    [-1_500, "-1s 500ms"],
    [1_499.6, "1s 500ms"],
    [Number.POSITIVE_INFINITY, "Infinity"],
  ])("writes %d", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it("writes what durationMs reads", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: longestMs }), (ms) => {
        expect(durationMs(formatDuration(ms), "it")).toBe(ms);
      }),
    );
  });
});
