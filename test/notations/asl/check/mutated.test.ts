import fc from "fast-check";
import { expect, test } from "vitest";
import { checkDefinition, checkStateAlone } from "../../../../src/notations/asl/check/check.ts";
import { compileMachine } from "../../../../src/notations/asl/check/compile.ts";
import { mutated } from "../../../support/mutations.ts";
import { runs } from "../../../support/properties.ts";
import { varied } from "../varied.ts";

test("the state machines that are changed are valid themselves", () => {
  for (const machine of varied) expect(checkDefinition(JSON.stringify(machine)).diagnostics).toEqual([]);
});

test("a definition that is nearly right is judged, and what passes can be compiled", () => {
  let passed = 0;
  fc.assert(
    fc.property(mutated(...varied), (definition) => {
      const text = JSON.stringify(definition);
      const { machine, diagnostics } = checkDefinition(text);
      expect(machine === undefined).toBe(diagnostics.some(({ severity }) => severity === "ERROR"));
      if (machine === undefined) return;
      passed++;
      compileMachine(text);
    }),
    { numRuns: runs(1000) },
  );
  expect(passed).toBeGreaterThan(0);
});

test("so is a state that stands alone", () => {
  const states = varied.flatMap(({ States }) => Object.values(States as object) as (typeof varied)[number][]);
  fc.assert(
    fc.property(mutated(...states), (state) => {
      const { machine, diagnostics } = checkStateAlone(JSON.stringify(state));
      expect(machine === undefined).toBe(diagnostics.some(({ severity }) => severity === "ERROR"));
    }),
    { numRuns: runs(1000) },
  );
});
