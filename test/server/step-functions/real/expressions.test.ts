// Expressions of JSONata that would keep a thread for ever.
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
