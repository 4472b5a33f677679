import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../../../../src/notations/asl/json.ts";
import { answersTo } from "../../../../src/notations/asl/jsonata/answer-call.ts";
import { filled } from "./evaluated.ts";
import type { Filled } from "./evaluated.ts";
import { expressionArbitrary, inputArbitrary } from "./random-expression.ts";
import { runs } from "../../../support/properties.ts";

const field = "Output";

/** What the expression gives where expressions go that are not plain. */
async function elsewhere(expression: string, bindings: { readonly [name: string]: Json }): Promise<unknown> {
  for await (const answer of answersTo({ expressions: [expression], bindings, seed: "", now: 0 })) {
    if ("value" in answer) return answer.value;
    return "error" in answer ? answer.error.replace(/\[object.*/u, "") : undefined;
  }
  return expect.unreachable();
}

function shown({ value, error }: Filled): unknown {
  if (error === undefined) return value;
  return error.causeText?.endsWith("returned nothing (undefined).")
    ? undefined
    : error.causeText?.split(/ threw an error during evaluation(?:\.|:) /u)[1];
}

test("an expression gives the same here as in another process, and leaves its input as it was", async () => {
  let plain = 0;
  let tried = 0;
  const property = fc.asyncProperty(expressionArbitrary, inputArbitrary, async (expression, input) => {
    const text = JSON.stringify(input);
    const variables = { v: { x: { y: 1 } }, list: [1, 2, "1"] };
    const given = { input: JSON.parse(text) as Json, variables };
    const result = await filled(`{% ${expression} %}`, given, field);
    tried += 1;
    plain += result.calls.length === 0 ? 1 : 0;
    expect(JSON.stringify([given.input, variables])).toBe(`[${text},${JSON.stringify(variables)}]`);
    expect(Object.keys(variables.list)).toHaveLength(3);
    const states = { input: JSON.parse(text) as Json, context: { Execution: { Id: "arn" } } };
    expect(shown(result)).toEqual(await elsewhere(expression, { ...variables, states }));
  });
  await fc.assert(property, { numRuns: runs(500) });
  expect(plain / tried).toBeGreaterThan(0.8);
});
