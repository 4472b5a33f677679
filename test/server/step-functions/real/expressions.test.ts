// Expressions of JSONata that would keep a thread for ever, and a query language that stands where it should not.
import { expect, test } from "vitest";
import { chain, openReal } from "./real.ts";

const forever = "{% ($f := function($n) { $f($n + 1) }; $f(0)) %}";
const sum = "{% $reduce($states.input, function($sum, $each) { $sum + $each }, 0) %}";

function jsonata(Output: unknown, more: object = {}): object {
  return { QueryLanguage: "JSONata", ...chain({ Do: { Type: "Pass", Output, ...more } }) };
}

test("one execution's endless expression is its own failure; others go on meanwhile", async () => {
  const api = await openReal();
  const hostile = await api.start(jsonata(forever));
  const others = await Promise.all([1, 2, 3].map((n) => api.run(jsonata(sum), { input: [n, n] })));
  expect(others.map(({ output }) => output as string)).toEqual(["2", "4", "6"]);
  expect(await api.ended(hostile)).toMatchObject({ status: "FAILED", error: "States.QueryEvaluationError" });
  expect(await api.types(hostile)).toContain("EvaluationFailed");
});

test("an expression that asks for too much memory is its own failure", async () => {
  const api = await openReal();
  const huge = await api.start(jsonata("{% $join([1..9999999].$string()) %}"));
  expect(await api.ended(huge)).toMatchObject({ status: "FAILED", error: "States.QueryEvaluationError" });
  expect(await api.run(jsonata(sum), { input: [1] })).toMatchObject({ output: "1" });
});

test("a machine whose query language stands among its states is validated with a warning, made, updated and run", async () => {
  const api = await openReal();
  const machine = chain({ Do: { Type: "Pass", Output: sum } }) as { readonly States: object };
  const misplaced = { ...machine, States: { QueryLanguage: "JSONata", ...machine.States } };
  const definition = JSON.stringify(misplaced);
  expect(await api.ok("ValidateStateMachineDefinition", { definition, severity: "WARNING" })).toMatchObject({
    result: "OK",
    diagnostics: [
      { severity: "WARNING", code: "MISPLACED_QUERY_LANGUAGE", location: "/States/QueryLanguage" },
    ],
  });
  expect(await api.ok("ValidateStateMachineDefinition", { definition })).toMatchObject({ diagnostics: [] });
  expect(await api.run(misplaced, { input: [1, 2] })).toMatchObject({ status: "SUCCEEDED", output: "3" });
  const { stateMachines } = await api.ok("ListStateMachines", {});
  const { stateMachineArn } = stateMachines[0];
  await api.ok("UpdateStateMachine", { stateMachineArn, definition });
  expect(await api.ok("DescribeStateMachine", { stateMachineArn })).toMatchObject({ definition });
});
