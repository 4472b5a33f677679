// Where the data of a line is cut: at 248 KiB as they are written, and never inside of a character.
import { expect, test } from "vitest";
import fc from "fast-check";
import type { HistoryEvent } from "../../../src/notations/asl/execution.ts";
import type { JsonObject } from "../../../src/notations/asl/json.ts";
import { lineOf } from "../../../src/server/step-functions/log-line.ts";

const most = 248 * 1024;
/** An event of CloudWatch Logs. */
const event = 256 * 1024;
const all = { level: "ALL", includeExecutionData: true };
const execution = { arn: "arn:aws:states:us-east-1:123456789012:execution:m:e", name: "e", roleArn: "r" };
const whole = { truncated: false };

function line(details: JsonObject, awsLimits = true): string {
  const head = { id: 2, previousEventId: 1, timestamp: 0, type: "PassStateExited" };
  const exited = { ...head, stateExitedEventDetails: details } as HistoryEvent;
  return lineOf(exited, all, { execution, awsLimits });
}

function logged(details: JsonObject, awsLimits = true): JsonObject {
  return (JSON.parse(line(details, awsLimits)) as { details: JsonObject }).details;
}

/** As a line has it, without the quotes. */
function bytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}

test.each([
  ["input", "a"],
  ["output", "a"],
  ["input", '"'],
  ["output", "é"],
  ["output", "\u0001"],
  ["input", "漢"],
  ["input", "😀"],
])("%s of %j is whole up to 248 KiB, and cut above", (field, character) => {
  const fits = character.repeat(Math.floor(most / bytes(character)));
  const details = (text: string): JsonObject => ({ name: "S", [field]: text, [`${field}Details`]: whole });
  expect(logged(details(fits))).toEqual(details(fits));
  expect(logged(details(fits + character.repeat(9)))).toEqual({
    ...details(fits),
    [`${field}Details`]: { truncated: true },
  });
});

test("whatever is in a text, what is kept is its beginning, in whole characters, and as much as there is room for", () => {
  const text = fc
    .string({
      unit: fc.constantFrom('"', "\\", "\n", "\u0000", "\u007f", "\u2028", "a", "é", "漢", "😀"),
      minLength: 1,
    })
    .map((some) => some.repeat(Math.ceil((most + 1) / bytes(some))));
  fc.assert(
    fc.property(text, (output) => {
      const kept = logged({ output, outputDetails: whole })["output"] as string;
      expect(output.startsWith(kept) && kept.isWellFormed()).toBe(true);
      expect(bytes(kept)).toBeLessThanOrEqual(most);
      const next = String.fromCodePoint(output.codePointAt(kept.length) ?? 0);
      expect(bytes(kept + next)).toBeGreaterThan(most);
    }),
    { numRuns: 30 },
  );
});

test("half of a pair is counted as it is written", () => {
  const kept = logged({ output: "\ud83d".repeat(most), outputDetails: whole })["output"] as string;
  expect(bytes(kept)).toBe(most - (most % 6));
});

test("what a task is given and the cause of a failure are cut too; they have no place to say so", () => {
  const parameters = '"'.repeat(200_000);
  expect(logged({ parameters, resource: "invoke" })).toEqual({
    parameters: parameters.slice(0, most / 2),
    resource: "invoke",
  });
  expect(logged({ error: "E", cause: "c".repeat(300_000) })).toEqual({
    error: "E",
    cause: "c".repeat(most - 1),
  });
});

test("variables get what the output leaves, in their order", () => {
  const details = {
    name: "S",
    output: "o".repeat(100_000),
    outputDetails: whole,
    assignedVariables: { a: "1".repeat(100_000), b: "2".repeat(100_000), c: "3" },
    assignedVariablesDetails: whole,
  };
  const found = logged(details);
  const left = most - 200_000 - 2 * '"":"",'.length - "ab".length;
  expect(found).toEqual({
    ...details,
    assignedVariables: { a: details.assignedVariables.a, b: "2".repeat(left) },
    assignedVariablesDetails: { truncated: true },
  });
  const full = { ...details, output: "o".repeat(most) };
  expect(logged(full)).toEqual({
    ...full,
    assignedVariables: {},
    assignedVariablesDetails: { truncated: true },
  });
  const small = { ...details, assignedVariables: { a: "1" } };
  expect(logged(small)).toEqual(small);
});

test("so a line is never more than an event of CloudWatch Logs", () => {
  const many = Object.fromEntries(Array.from({ length: 30_000 }, (_, index) => [`v${index}`, '"x"']));
  const details = { name: "n".repeat(80), output: '"'.repeat(262_144), outputDetails: whole };
  for (const assignedVariables of [{ a: "\u0000".repeat(262_144) }, many]) {
    expect(Buffer.byteLength(line({ ...details, assignedVariables }))).toBeLessThan(event);
    expect(Buffer.byteLength(line({ ...details, output: "", assignedVariables }))).toBeLessThan(event);
  }
});

test("without AWS's limits nothing is cut", () => {
  const details = { output: '"'.repeat(1_000_000), outputDetails: whole };
  expect(logged(details, false)).toEqual(details);
});
