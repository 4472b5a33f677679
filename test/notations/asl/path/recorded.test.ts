// Every recorded execution that begins with a Pass state of JSONPath: its first output.
import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../../src/notations/asl/json.ts";
import { valueAt } from "../../../../src/notations/asl/path/fields.ts";
import type { PathRoots } from "../../../../src/notations/asl/path/path.ts";
import { writeResult } from "../../../../src/notations/asl/path/result-path.ts";
import { fillTemplate } from "../../../../src/notations/asl/path/template.ts";
import { isRecordedThere, outputsOf, recordedCases, runsOf } from "./recorded.ts";

const ports = { random: () => 0.5, uuid: () => "00000000-0000-4000-8000-000000000000" };

interface Pass {
  readonly Type: string;
  readonly InputPath?: string;
  readonly Parameters?: Json;
  readonly Result?: Json;
  readonly ResultPath?: string | null;
  readonly OutputPath?: string;
}

interface Comparison {
  readonly name: string;
  readonly state: Pass;
  readonly input: Json;
  readonly output: Json;
}

function comparisons(): Comparison[] {
  return recordedCases().flatMap((recorded) => {
    const { definitions, inputs } = runsOf(recorded);
    const outputs = outputsOf(recorded);
    const state = firstState(definitions[0]);
    if (definitions.length !== 1 || state?.Type !== "Pass" || outputs.length === 0) return [];
    // With several executions each leaves one state only.
    if (inputs.length > 1 && inputs.length !== outputs.length) return [];
    return inputs.flatMap((input, at) => ({
      name: recorded.name,
      state,
      input,
      output: outputs[at] ?? null,
    }));
  });
}

function firstState(definition: JsonObject | undefined): Pass | undefined {
  if (definition === undefined || definition["QueryLanguage"] === "JSONata") return undefined;
  const states = definition["States"] as JsonObject | undefined;
  const state = states?.[definition["StartAt"] as string] as JsonObject | undefined;
  return state?.["QueryLanguage"] === "JSONata" ? undefined : (state as unknown as Pass | undefined);
}

function outputOf({ state, input }: Comparison): Json {
  const context = { Execution: { Input: input } };
  const roots = (value: Json): PathRoots => ({ input: value, context, variables: {} });
  const effective = valueAt(state.InputPath ?? "$", "InputPath", roots(input));
  const filled =
    state.Parameters === undefined
      ? effective
      : fillTemplate(state.Parameters, roots(effective), { field: "Parameters", ports });
  const written = writeResult(input, state.ResultPath, state.Result ?? filled);
  return valueAt(state.OutputPath ?? "$", "OutputPath", roots(written));
}

/** Values that differ from run to run were replaced in the recordings. */
function isPlain({ state, output }: Comparison): boolean {
  const text = JSON.stringify(output);
  return (
    !/<|RandomNumber|date|bucket-name/u.test(text) &&
    !/\$\$\.(?!Execution\.Input)|States\.UUID/u.test(JSON.stringify(state))
  );
}

describe.skipIf(!isRecordedThere)("Pass states recorded on AWS", () => {
  it("leave with the same output", () => {
    const compared = comparisons().filter(isPlain);
    expect(compared.length).toBeGreaterThan(100);
    const found = compared.map((one) => [one.name, outputOf(one)]);
    expect(found).toEqual(compared.map(({ name, output }) => [name, output]));
  });
});
