import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBatches } from "../../../examples/task-generation/handlers/create-batches.ts";
import { aggregateResults } from "../../../examples/task-generation/handlers/aggregate-results.ts";
import type { ActionContext } from "../../../examples/task-generation/types.ts";
import { marathon, testApplication } from "./app.ts";

function actionsCalled(ids: readonly string[]): ActionContext[] {
  return ids.map((id) => ({ id, title: id, description: id, subGoal: { title: "s", description: "s" } }));
}

describe("CreateBatches", () => {
  it("puts every action into exactly one batch of at most 8, in order (1 to 64 actions)", async () => {
    const app = await testApplication();
    const id = fc
      .string({ minLength: 1, maxLength: 20 })
      .filter((text) => text.trim() === text && text !== "");
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(id, { minLength: 1, maxLength: 64 }), async (ids) => {
        const { batches } = await createBatches(app, { ...marathon, actions: actionsCalled(ids) });
        expect(batches.flatMap(({ actions }) => actions.map((action) => action.id))).toEqual(ids);
        expect(batches.map(({ number }) => number)).toEqual(batches.map((_, index) => index + 1));
        expect(batches.slice(0, -1).every(({ actions }) => actions.length === 8)).toBe(true);
        expect(batches.at(-1)?.actions.length).toBe(ids.length % 8 === 0 ? 8 : ids.length % 8);
      }),
    );
  });
});

describe("AggregateResults", () => {
  it("counts, and lists what failed in the order of the input", async () => {
    const app = await testApplication();
    const outcome = fc.record({ id: fc.uuid(), failed: fc.boolean() });
    const unique = { minLength: 1, maxLength: 64, selector: ({ id }: { id: string }) => id };
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(outcome, unique), async (outcomes) => {
        const results = outcomes.map(({ id, failed }) => ({
          actionId: id,
          status: failed ? "failed" : "success",
        }));
        const batches = [results.slice(0, 8), results.slice(8)].map((batch) => batch.toReversed());
        const actionIds = outcomes.map(({ id }) => id);
        const failedActions = outcomes.filter(({ failed }) => failed).map(({ id }) => id);
        expect(await aggregateResults(app, { ...marathon, actionIds, batches })).toEqual({
          successCount: actionIds.length - failedActions.length,
          failedCount: failedActions.length,
          failedActions,
        });
      }),
    );
  });

  it("does not count what is not there", async () => {
    const app = await testApplication();
    const actionIds = ["a", "b"];
    const one = { actionId: "a", status: "success" };
    for (const batches of [[[one]], [[one, one]], [[one], [{ ...one, actionId: "c" }]]])
      await expect(aggregateResults(app, { ...marathon, actionIds, batches })).rejects.toMatchObject({
        name: "ValidationError",
      });
  });
});
