// Cases that were recorded on AWS. They are no part of this repository: where they are missing, tests of them are skipped, in CI they fail.
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Json, JsonObject } from "../../../../src/notations/asl/json.ts";

interface Step {
  readonly op: string;
  readonly params?: { readonly [name: string]: Json };
}

export interface RecordedCase {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly expected: { readonly [key: string]: Json };
}

const file = resolve(import.meta.dirname, "../../../../../shared/asl/cases.json");

export const isRecordedThere: boolean = existsSync(file) || process.env["CI"] === "true";
if (!isRecordedThere) console.log(`Skipped: the cases recorded on AWS are not there (${file}).`);

export function recordedCases(): readonly RecordedCase[] {
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly cases: readonly RecordedCase[] }).cases;
}

/** The definitions of a case, and the inputs of its executions, in their order. */
export function runsOf({ steps }: RecordedCase): { definitions: JsonObject[]; inputs: Json[] } {
  const texts = (op: string, name: string): string[] =>
    steps.filter((step) => step.op === op).map((step) => textOf(step.params?.[name]));
  return {
    definitions: texts("CreateStateMachine", "definition").map((text) => parsed(text) as JsonObject),
    inputs: texts("StartExecution", "input").map(parsed),
  };
}

/** Outputs stand there as values or as their texts. */
function plain(output: Json): Json {
  return typeof output === "string" && /^[[{]/u.test(output) ? parsed(output) : output;
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "{}";
}

/** Some cases send what is no JSON, on purpose. */
function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
}

/** What the executions' states left with, first state first; the recordings hold them in their events. */
export function outputsOf(recorded: RecordedCase): Json[] {
  const found: Json[] = [];
  const waiting: Json[] = [recorded.expected];
  while (waiting.length > 0) {
    const value = waiting.shift();
    if (typeof value !== "object" || value === null) continue;
    const details = (value as JsonObject)["stateExitedEventDetails"] as JsonObject | undefined;
    if (details === undefined) waiting.push(...Object.values<Json>(value));
    else found.push(plain(details["output"] ?? null));
  }
  return found;
}
