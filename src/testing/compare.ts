/** The differences between two looks at worlds that should look the same. */
import type { Look, RunLook } from "./look.ts";

/** One thing that is not as it should be. */
export interface Finding {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

const shown = 500;

function cut(text: string): string {
  return text.length <= shown ? text : `${text.slice(0, shown)}…`;
}

function finding(what: string, expected: string | undefined, found: string | undefined): Finding[] {
  if (expected === found) return [];
  return [{ what, expected: cut(expected ?? "nothing"), found: cut(found ?? "nothing") }];
}

function compareRuns(id: string, expected: RunLook | undefined, found: RunLook | undefined): Finding[] {
  if (expected === undefined || found === undefined)
    return finding(`run ${id}`, expected?.status, found?.status);
  const length = Math.max(expected.commands.length, found.commands.length);
  const at = Array.from({ length }, (_, index) => index).find(
    (index) => expected.commands[index] !== found.commands[index],
  );
  return [
    ...finding(`the status of run ${id}`, expected.status, found.status),
    ...finding(`the result of run ${id}`, expected.ending, found.ending),
    // What comes after the first difference only follows from it.
    ...(at === undefined
      ? []
      : finding(`command ${at + 1} of run ${id}`, expected.commands[at], found.commands[at])),
    ...found.outcomes.map((text) => ({ what: text, expected: "one outcome", found: text })),
  ];
}

function compareKeys(expected: Look["keys"], found: Look["keys"]): Finding[] {
  const all = new Set([...expected.keys(), ...found.keys()]);
  return [...all].flatMap((key) =>
    finding(`the call with idempotency key ${key}`, expected.get(key), found.get(key)),
  );
}

/** All that differs, runs in the order in which they were started. */
export function compareLooks(expected: Look, found: Look): Finding[] {
  const ids = new Set([...expected.runs.keys(), ...found.runs.keys()]);
  return [
    ...[...ids].flatMap((id) => compareRuns(id, expected.runs.get(id), found.runs.get(id))),
    ...compareKeys(expected.keys, found.keys),
    ...found.violations.map((message) => ({
      what: "a violation",
      expected: "none",
      found: cut(message),
    })),
    ...finding("what observe() returned", expected.observed, found.observed),
  ];
}
