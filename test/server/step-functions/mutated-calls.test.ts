import fc from "fast-check";
import { expect, test } from "vitest";
import { operations } from "../../../src/server/step-functions/operations.ts";
import { varied } from "../../notations/asl/varied.ts";
import { mutated } from "../../support/mutations.ts";
import { runs } from "../../support/properties.ts";
import { calls, openWithAll } from "./calls.ts";

test("there is a valid call of each operation, but for the one that waits", async () => {
  const names = new Set(calls.map(([name]) => name));
  expect([...names, "GetActivityTask"].toSorted()).toEqual(Object.keys(operations).toSorted());
  const real = await openWithAll();
  for (const [name, params] of calls) {
    const { status, body } = await real.call(name, params);
    expect(status, `${name}: ${JSON.stringify(body)}`).toBeLessThan(500);
  }
});

const mutatedCalls = fc
  .constantFrom(...calls)
  .chain(([name, params]) => fc.tuple(fc.constant(name), mutated(params)));

const texts = mutated(...varied).map((definition) => JSON.stringify(definition));

const mutatedDefinitions = fc.tuple(
  fc.constant("ValidateStateMachineDefinition"),
  fc.record({ definition: texts, severity: fc.constant("WARNING") }),
);

test("a call that is nearly right is answered or refused, and says why", async () => {
  const real = await openWithAll();
  const some = fc.oneof({ weight: 4, arbitrary: mutatedCalls }, { weight: 1, arbitrary: mutatedDefinitions });
  await fc.assert(
    fc.asyncProperty(some, async ([name, params]) => {
      const { status, body } = await real.call(name, params as object);
      expect(status === 200 || status === 400, `${name}: ${status} ${JSON.stringify(body)}`).toBe(true);
      if (status === 200) return;
      expect(body).toEqual({ __type: expect.any(String), message: expect.any(String) });
    }),
    { numRuns: runs(600) },
  );
  expect((await real.call("ListActivities")).status).toBe(200);
});
