// EXPRESS, variables, expressions, paths and templates. One example for each rule.
import { describe, expect, it } from "vitest";
import { checkDefinition } from "../../../../src/notations/asl/check/check.ts";
import type { CheckOptions } from "../../../../src/notations/asl/check/check.ts";
import { machine, ofState, ofJsonata, pass, task, inner, map, distributed } from "./machines.ts";
import type { Fields } from "./machines.ts";

describe("EXPRESS", () => {
  const express: CheckOptions = { type: "EXPRESS" };
  const at = "@/States/A/Resource";
  it("does not wait", () => {
    const token = { ...task, Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken" };
    expect(ofState(token)).toEqual([]);
    expect(ofState(token, express)).toEqual([
      `- Express state machine does not support '.waitForTaskToken' service integration  ${at}`,
    ]);
    const job = { ...task, Resource: "arn:aws:states:::states:startExecution.sync:2" };
    expect(ofState(job, express)).toEqual([
      `- Express state machine does not support '.sync' service integration  ${at}`,
    ]);
    const activity = { ...task, Resource: "arn:aws:states:us-east-1:000000000000:activity:a" };
    expect(ofState(activity, express)).toEqual([
      `- Express state machine does not support Activity ARN ${at}`,
    ]);
    expect(ofState({ ...task, Resource: "arn:aws:states:::sqs:sendMessage" }, express)).toEqual([]);
  });

  it("is not distributed, and children can be EXPRESS", () => {
    expect(ofState(distributed(), express)).toEqual([
      "- The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines @/States/A/ItemProcessor/ProcessorConfig/Mode",
    ]);
    const child = distributed({}, "EXPRESS");
    (child["ItemProcessor"] as Fields)["States"] = {
      I: { ...task, Resource: "arn:aws:states:::sns:publish.waitForTaskToken" },
    };
    expect(ofState(child)).toMatchObject([expect.stringContaining("'.waitForTaskToken'")]);
  });
});

describe("variables", () => {
  it.each<[string, Fields, string[]]>([
    [
      "have names",
      { ...pass, Assign: { "a-b": 1 } },
      [
        "INVALID_VARIABLE_NAME Invalid variable name 'a-b': the variable name contains invalid characters. @/States/A/Assign/a-b",
      ],
    ],
    [
      "have short names",
      { ...pass, Assign: { ["a".repeat(81)]: 1 } },
      [
        `INVALID_VARIABLE_NAME Invalid variable name '${"a".repeat(81)}': the variable name is longer than 80 characters. @/States/A/Assign/${"a".repeat(81)}`,
      ],
    ],
    [
      "are not $states",
      { ...pass, Assign: { states: 1 } },
      ["RESERVED_VARIABLE_NAME Cannot assign to reserved variable '$states'. @/States/A/Assign/states"],
    ],
    ["are computed in JSONPath", { ...pass, Assign: { "x.$": "$.a", été: 1 } }, []],
    ["are objects", { ...pass, Assign: 1 }, ["- Expected value of type [OBJECT] @/States/A/Assign"]],
  ])("%s", (_, state, expected) => expect(ofState(state)).toEqual(expected));

  it("of an outer scope are not assigned inside, but for executions of their own", () => {
    const assigning = { ...pass, Assign: { x: 2 } };
    const clash = { ...map, Assign: { x: 1 }, ItemProcessor: inner("I", assigning) };
    expect(ofState(clash)).toEqual([
      "INVALID_VARIABLE_NAME The variable 'x' is already assigned in an outer scope @/States/A/ItemProcessor/States/I/Assign/x",
    ]);
    const apart = distributed({ Assign: { x: 1 } });
    (apart["ItemProcessor"] as Fields)["States"] = { I: assigning };
    expect(ofState(apart)).toEqual([]);
  });
});

describe("expressions", () => {
  it.each<[string, unknown, string[]]>([
    ["parse", "{% 1 + %}", ["INVALID_JSONATA_EXPRESSION Unexpected end of expression @/States/A/Output"]],
    ["are closed", "{% 1", ["- JSONata string must start with {% and end with %} @/States/A/Output"]],
    ["are opened", "1 %}", ["- JSONata string must start with {% and end with %} @/States/A/Output"]],
    [
      "have no context",
      { a: ["{% phone %}"] },
      [
        "UNSUPPORTED_JSONATA_EXPRESSION Reference to 'phone' at the top level is not supported. @/States/A/Output/a[0]",
      ],
    ],
    ["may name fields further in", "{% $states.input.items[price > 3] %}", []],
    ["may be plain texts", "hello", []],
  ])("%s", (_, output, expected) => expect(ofJsonata({ ...pass, Output: output })).toEqual(expected));
});

describe("paths and templates", () => {
  const bad = "must be a valid JSONPath or a valid intrinsic function call @/States/A/Parameters";
  it.each<[string, Fields, string[]]>([
    ["are paths", { ...pass, InputPath: "a" }, ["- Value must be a valid JSONPath. @/States/A/InputPath"]],
    ["may be null", { ...pass, InputPath: null, OutputPath: null, ResultPath: null }, []],
    [
      "are no calls where data is taken",
      { ...pass, InputPath: "States.UUID()" },
      ["- Value must be a valid JSONPath. @/States/A/InputPath"],
    ],
    ["are texts", { ...pass, Parameters: { "a.$": 1 } }, [`- The value for the field 'a.$' ${bad}`]],
    [
      "are checked at any depth",
      { ...pass, Parameters: { x: [{ "a.$": "b" }] } },
      [`- The value for the field 'a.$' ${bad}`],
    ],
    [
      "call known functions",
      { ...pass, Parameters: { "a.$": "States.Foo($.b)" } },
      [`- The value for the field 'a.$' ${bad}`],
    ],
    [
      "do not name a field twice",
      { ...pass, Parameters: { "a.$": "$.b", a: 1 } },
      ["- The field 'a' is there twice: with and without '.$' @/States/A/Parameters"],
    ],
  ])("%s", (_, state, expected) => expect(ofState(state)).toEqual(expected));

  it("warn of what was likely meant otherwise", () => {
    const given = machine({ ...pass, Result: "$.a", Parameters: { a: "$.b" } });
    const { diagnostics, machine: accepted } = checkDefinition(JSON.stringify(given));
    expect(accepted).toBeDefined();
    expect(diagnostics).toMatchObject([
      { code: "PASS_RESULT_IS_STATIC", severity: "WARNING", pointer: "/States/A/Result" },
      { code: "NO_DOLLAR", severity: "WARNING", pointer: "/States/A/Parameters/a" },
    ]);
  });
});
