import { expect, test } from "vitest";
import { variableReferences } from "../../../src/server/step-functions/variable-references.ts";

/** The names that one state reads. */
function namesIn(state: object, machine: object = {}): unknown {
  const definition = JSON.stringify({ StartAt: "S", States: { S: state }, ...machine });
  const found = variableReferences(definition) as { variableReferences?: { S?: unknown } };
  return found.variableReferences?.S ?? [];
}

test.each([
  [{ InputPath: "$a.b" }, ["a"]],
  [{ InputPath: "$.a", OutputPath: "$$.Execution.Id", ResultPath: "$" }, []],
  [
    { Parameters: { "x.$": "States.Format('$no {} {}', $b[0], States.MathAdd($a, $.c))", y: "$not" } },
    ["a", "b"],
  ],
  [{ Choices: [{ And: [{ Variable: "$a", StringEqualsPath: "$b.c" }] }] }, ["a", "b"]],
  [{ ToleratedFailureCountPath: "$count", Assign: { "x.$": "$y" } }, ["count", "y"]],
  [{ Catch: [{ Assign: { "x.$": "$error" } }] }, ["error"]],
])("in JSONPath %j reads %j", (state, names) => {
  expect(namesIn(state)).toEqual(names);
});

test.each([
  ["{% $a.b + $sum([$c]) %}", ["a", "c"]],
  ["{% $states.input.$a %}", ["a"]],
  ["{% '$no' & \"$no\" & $$.x & $ %}", []],
  ["{% ($x := $y; function($p) { $p + $q }) %}", ["q", "y"]],
  ["$a", []],
])("in JSONata %j reads %j", (Output, names) => {
  expect(namesIn({ QueryLanguage: "JSONata", Output })).toEqual(names);
  expect(namesIn({ Output: { deep: [Output] } }, { QueryLanguage: "JSONata" })).toEqual(names);
});

test("states inside others have their own names", () => {
  const inner = { StartAt: "I", States: { I: { Type: "Pass", InputPath: "$i" } } };
  const definition = JSON.stringify({
    States: {
      M: { Type: "Map", ItemsPath: "$m", ItemProcessor: inner },
      P: { Type: "Parallel", Branches: [{ States: { B: { InputPath: "$b" } } }] },
    },
  });
  expect(variableReferences(definition)).toEqual({ variableReferences: { M: ["m"], I: ["i"], B: ["b"] } });
  expect(variableReferences('{"States":{"S":{"Type":"Succeed"}}}')).toEqual({});
});
