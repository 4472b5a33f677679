// One reader of timestamps, for Wait and for Choice.
import { expect, it } from "vitest";
import { compareTimestamps, millisecondsOf } from "../../../src/notations/asl/timestamp.ts";

it.each([
  ["2026-03-01T00:00:00Z", Date.UTC(2026, 2, 1)],
  ["2026-03-01T01:00:00+01:00", Date.UTC(2026, 2, 1)],
  ["2026-03-01T00:00:00.029Z", Date.UTC(2026, 2, 1) + 29],
  ["1969-12-31T23:59:59.5Z", -500],
])("%s is %d", (text, time) => expect(millisecondsOf(text)).toBe(time));

it("is never early: a part of a millisecond is rounded up", () => {
  expect(millisecondsOf("2026-03-01T00:00:00.000001Z")).toBe(Date.UTC(2026, 2, 1) + 1);
  expect(millisecondsOf("2026-03-01T00:00:00.000000001Z")).toBe(Date.UTC(2026, 2, 1) + 1);
});

it.each([
  "2026-02-30T00:00:00Z",
  "2026-03-01T00:00:00",
  "2026-03-01 00:00:00Z",
  "2026-03-01T00:00Z",
  7,
  null,
])("%s is none", (value) => expect(millisecondsOf(value)).toBeUndefined());

it("compares to the nanosecond", () => {
  expect(compareTimestamps("2026-03-01T00:00:00.000000001Z", "2026-03-01T00:00:00Z")).toBe(1);
});
