import fc from "fast-check";
import { expect, test } from "vitest";
import { checkDefinition } from "../../../../src/notations/asl/check/check.ts";
import { isTooDeep } from "../../../../src/notations/asl/json.ts";
import type { Json } from "../../../../src/notations/asl/json.ts";
import { mutated } from "../../../support/mutations.ts";
import { runs } from "../../../support/properties.ts";
import { inputs, varied } from "../varied.ts";
import { begin, eventsOf, machine, named } from "./machines.ts";

const handlers = {
  echo: (input: Json): Json => input,
  fails: (): never => {
    throw named("Failed", "no");
  },
};

const definitions = mutated(...varied).filter(
  (definition) => checkDefinition(JSON.stringify(definition)).machine !== undefined,
);

/** What is too deep for a history is refused before it begins. */
const given = fc
  .oneof(fc.constantFrom(...inputs), mutated(...inputs))
  .filter((input) => !isTooDeep(input, 400));

/** Time in which a machine that waits for nothing from outside has ended. */
const long = "90d";

test("an execution of what passes the check ends with an error of the language, an output, or waits; nothing in it breaks", async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(definitions, given, async (definition, input) => {
      const { world, worker, run } = await begin(machine(definition as object, handlers), input);
      await world.advance(long);
      const { status, parked } = await run.summary();
      seen.add(status);
      expect(parked).toBe(false);
      const last = (await eventsOf(run)).at(-1)?.type;
      // A mistake of ours has no event.
      const ends: Readonly<Record<string, string>> = {
        completed: "ExecutionSucceeded",
        failed: "ExecutionFailed",
      };
      expect(ends[status] ?? last).toBe(last);
      await worker.crash();
    }),
    { numRuns: runs(150) },
  );
  expect([...seen]).toEqual(expect.arrayContaining(["completed", "failed"]));
});
