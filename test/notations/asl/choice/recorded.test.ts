// Each recorded run of a single choice rule.
import { describe, expect, it } from "vitest";
import { holds } from "../../../../src/notations/asl/choice/rules.ts";
import type { JsonObject } from "../../../../src/notations/asl/json.ts";
import type { ChoiceState } from "../../../../src/notations/asl/model.ts";
import { isRecordedThere, recordedCases, runsOf } from "../path/recorded.ts";

describe.skipIf(!isRecordedThere)("choice rules recorded on AWS", () => {
  const all = isRecordedThere
    ? recordedCases().filter(({ name }) => name.startsWith("choice_operators/"))
    : [];

  it("are there", () => expect(all.length).toBeGreaterThan(10));

  it.each(all.map((one) => [one.name.split("::").at(-1), one] as const))("%s", (_, recorded) => {
    const { definitions, inputs } = runsOf(recorded);
    const expected = recorded.expected["cases"] as readonly { readonly output: JsonObject }[];
    expect(inputs).toHaveLength(expected.length);
    const found = inputs.map((input, at) => {
      const { States } = definitions[definitions.length === 1 ? 0 : at] as { readonly States: JsonObject };
      const [rule] = (States["CheckValues"] as unknown as ChoiceState).Choices;
      if (rule === undefined) throw new TypeError("The recorded state has no rule");
      return holds(rule, { input, context: {}, variables: {} });
    });
    expect(found).toEqual(expected.map(({ output }) => output["TestResult.$"] === "ConditionTrue"));
  });
});
