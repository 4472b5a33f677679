// Machines: what is in them, how their states are linked and named, and what each state may have. One example for each rule.
import { describe, expect, it } from "vitest";
import { invalidDefinition } from "../../../../src/notations/asl/check/aws-message.ts";
import { checkDefinition } from "../../../../src/notations/asl/check/check.ts";
import { end, errors, machine, ofState, ofJsonata, pass, task, inner, map, distributed } from "./machines.ts";
import type { Fields } from "./machines.ts";

describe("a machine", () => {
  it.each<[string, unknown, string[]]>([
    ["needs states", { StartAt: "A" }, ["- These fields are required: [States] @/"]],
    ["needs both", {}, ["- These fields are required: [States, StartAt] @/"]],
    ["has no other fields", machine(pass, { Foo: 1 }), ["- Field 'Foo' is not supported @/"]],
    [
      "has states in it",
      { StartAt: "A", States: {} },
      ["- Value cannot be empty @/States", "MISSING_TRANSITION_TARGET Missing 'Next' target: A @/StartAt"],
    ],
    [
      "has objects as states",
      { StartAt: "A", States: { A: 1, B: end } },
      [
        "- Expected value of type [OBJECT] @/States/A",
        'MISSING_TRANSITION_TARGET State "B" is not reachable. @/States/B',
      ],
    ],
    [
      "has version 1.0",
      machine(pass, { Version: "2.0" }),
      ["- Value should be one of the following: [1.0] @/Version"],
    ],
    [
      "has a number as time-out",
      machine(pass, { TimeoutSeconds: "9" }),
      ["- Expected value of type Integer @/TimeoutSeconds"],
    ],
    [
      "knows two query languages",
      machine(pass, { QueryLanguage: "XPath" }),
      ["- Value should be one of the following: [JSONPath, JSONata] @/QueryLanguage"],
    ],
  ])("%s", (_, given, expected) => expect(errors(given)).toEqual(expected));

  it("may be long and have long names where AWS's limits do not hold", () => {
    const long = { StartAt: "A".repeat(81), States: { ["A".repeat(81)]: pass } };
    expect(errors(long)).toMatchObject([expect.stringMatching(/^INVALID_STATE_NAME .*80-character limit/u)]);
    expect(errors(long, { awsLimits: false })).toEqual([]);
    const large = machine({ ...pass, Comment: "x".repeat(1_048_576) });
    expect(errors(large)).toMatchObject([expect.stringContaining("longer than 1048576 characters")]);
    expect(errors(large, { awsLimits: false })).toEqual([]);
  });
});

describe("links", () => {
  it("need their targets, wherever they are", () => {
    const given = {
      StartAt: "C",
      States: {
        C: { Type: "Choice", Choices: [{ Variable: "$.a", IsNull: true, Next: "X1" }], Default: "X2" },
        T: { ...task, Catch: [{ ErrorEquals: ["States.ALL"], Next: "X3" }] },
      },
    };
    expect(errors(given)).toEqual([
      "MISSING_TRANSITION_TARGET Missing 'Next' target: X2 @/States/C/Default",
      "MISSING_TRANSITION_TARGET Missing 'Next' target: X1 @/States/C/Choices[0]/Next",
      "MISSING_TRANSITION_TARGET Missing 'Next' target: X3 @/States/T/Catch[0]/Next",
      'MISSING_TRANSITION_TARGET State "T" is not reachable. @/States/T',
    ]);
  });

  it("stay in their branch", () => {
    const branches = [inner("B1", { Type: "Pass", Next: "A" })];
    expect(ofState({ Type: "Parallel", Branches: branches, End: true })).toEqual([
      "MISSING_TRANSITION_TARGET Missing 'Next' target: A @/States/A/Branches[0]/States/B1/Next",
    ]);
  });

  it("may go in a circle, but not for ever", () => {
    const circle = { A: { Type: "Pass", Next: "B" }, B: { Type: "Pass", Next: "A" } };
    expect(errors({ StartAt: "A", States: circle })).toEqual([
      "MISSING_END_STATE Workflow has no terminal state @",
    ]);
    const { diagnostics } = checkDefinition(JSON.stringify({ StartAt: "A", States: circle }));
    expect(invalidDefinition(diagnostics)).toBe(
      "Invalid State Machine Definition: 'MISSING_END_STATE: Workflow has no terminal state at null'",
    );
  });

  it("lead onward or end", () => {
    const only = "- This object should have only one of the following fields: [Next, End] @/States/A";
    const { End: _, ...open } = pass;
    expect(ofState(open)).toContain(only);
    expect(ofState({ ...open, End: false })).toContain(only);
    expect(ofState({ ...open, End: false, Next: "B" })).toEqual([]);
    expect(ofState({ ...pass, Next: "B" })).toEqual([
      "- There should only be one of the following fields: [Next, End] @/States/A",
    ]);
  });
});

describe("names", () => {
  it("are there once in the whole machine", () => {
    expect(ofState({ ...map, ItemProcessor: inner("A") })).toEqual([
      "DUPLICATE_STATE_NAME Duplicate State name: A @/States/A/ItemProcessor/States/A",
    ]);
  });

  it("of Map runs are short and plain", () => {
    const label = (given: string): string[] => ofState(distributed({ Label: given }));
    expect(label("ok-1_2.x")).toEqual([]);
    expect(label("")).toEqual(["INVALID_LABEL_NAME Label cannot be empty @/States/A/Label"]);
    expect(label("a b")).toEqual([
      "INVALID_LABEL_NAME Label contains invalid character: ' ' @/States/A/Label",
    ]);
    expect(label("x".repeat(41))).toEqual([
      "INVALID_LABEL_NAME Label cannot exceed 40 characters @/States/A/Label",
    ]);
    const two = {
      StartAt: "A",
      States: {
        A: distributed({ Label: "m", Next: "B", End: false }),
        B: {
          ...distributed({ Label: "m" }),
          ItemProcessor: {
            ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
            ...inner("J"),
          },
        },
      },
    };
    expect(errors(two)).toEqual(["DUPLICATE_LABEL_NAME Duplicate Label name: m @/States/B/Label"]);
  });
});

describe("fields of a state", () => {
  it.each<[string, Fields, string[]]>([
    ["Type", { End: true }, ["- These fields are required: [Type] @/States/A"]],
    [
      "a known Type",
      { ...pass, Type: "pass" },
      [
        "- Value should be one of the following: [Pass, Task, Choice, Wait, Succeed, Fail, Parallel, Map] @/States/A/Type",
      ],
    ],
    ["no typing mistakes", { ...pass, inputPath: "$" }, ["- Field 'inputPath' is not supported @/States/A"]],
    ["no Retry for Pass", { ...pass, Retry: [] }, ["- Field 'Retry' is not supported @/States/A"]],
    [
      "no TimeoutSeconds for Map",
      { ...map, TimeoutSeconds: 1 },
      ["- Field 'TimeoutSeconds' is not supported @/States/A"],
    ],
    ["no End for Succeed", { ...end, End: true }, ["- Field 'End' is not supported @/States/A"]],
    [
      "a boolean End",
      { ...pass, End: "true" },
      [
        "- Expected value of type [BOOLEAN] @/States/A/End",
        "- This object should have only one of the following fields: [Next, End] @/States/A",
      ],
    ],
    ["a text as Comment", { ...pass, Comment: 1 }, ["- Expected value of type [STRING] @/States/A/Comment"]],
  ])("%s", (_, state, expected) => {
    const found = errors({ StartAt: "A", States: { A: state, Z: end } });
    expect(found.filter((one) => !one.startsWith("MISSING_TRANSITION"))).toEqual(expected);
  });

  it("belong to the state's query language", () => {
    const wrong = (field: string, only: string, is: string): string =>
      `- The QueryLanguage is set to '${is}', but field '${field}' is only supported for the '${only}' QueryLanguage @/States/A`;
    expect(ofState({ ...pass, Output: 1 })).toEqual([wrong("Output", "JSONata", "JSONPath")]);
    expect(ofState({ ...task, Arguments: {} })).toEqual([wrong("Arguments", "JSONata", "JSONPath")]);
    expect(ofJsonata({ ...pass, Parameters: {}, Result: 1 })).toEqual([
      wrong("Parameters", "JSONPath", "JSONata"),
      wrong("Result", "JSONPath", "JSONata"),
    ]);
    expect(ofState({ ...pass, QueryLanguage: "JSONata", Output: "{% $states.input %}" })).toEqual([]);
    expect(ofJsonata({ ...pass, QueryLanguage: "JSONPath" })).toEqual([
      "- 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine @/States/A",
    ]);
  });

  it("of states inside are in the language of the machine, not of the Map", () => {
    const given = {
      ...map,
      QueryLanguage: "JSONata",
      ItemProcessor: inner("I", { ...pass, Parameters: {} }),
    };
    expect(ofState(given)).toEqual([]);
    expect(ofState({ ...map, ItemProcessor: { QueryLanguage: "JSONata", ...inner("I") } })).toEqual([
      "- Field 'QueryLanguage' is not supported @/States/A/ItemProcessor",
    ]);
  });
});
