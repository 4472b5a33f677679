// How many failures a map run puts up with.
import { describe, expect, test } from "vitest";
import { chain, distributed, faulty, openReal, task } from "./real.ts";

describe("tolerated failures", () => {
  const half = { ToleratedFailurePercentage: 50 };

  /** How it ends when the first so many of four items fail. */
  async function ended(tolerance: object, failures: number): Promise<unknown> {
    const handler = faulty();
    handler.broken = (input) => Number(input) <= failures;
    const api = await openReal({ handlers: { F: handler.handler } });
    const state = distributed({ F: task("F") }, { ...tolerance, MaxConcurrency: 1 });
    return await api.run(chain({ Each: state }), { input: [1, 2, 3, 4] });
  }

  test.each([
    [{ ToleratedFailureCount: 1 }, 1, "[2,3,4]"],
    [half, 2, "[3,4]"],
    [{ ToleratedFailurePercentage: 100 }, 4, "[]"],
  ])("%j puts up with %i of 4", async (tolerance, failures, output) => {
    expect(await ended(tolerance, failures)).toMatchObject({ status: "SUCCEEDED", output });
  });

  test.each([
    [{ ToleratedFailureCount: 1 }, 2],
    [half, 3],
    [{ ToleratedFailureCount: 3, ...half }, 3],
    [{}, 1],
  ])("%j does not put up with %i of 4", async (tolerance, failures) => {
    expect(await ended(tolerance, failures)).toMatchObject({
      status: "FAILED",
      error: "States.ExceedToleratedFailureThreshold",
      cause: "The specified tolerated failure threshold was exceeded",
    });
  });
});

test("children of one batch fail by the number of their items", async () => {
  const handler = faulty();
  const api = await openReal({ handlers: { F: handler.handler } });
  const state = distributed(
    { F: task("F") },
    { ItemBatcher: { MaxItemsPerBatch: 2 }, ToleratedFailureCount: 1 },
  );
  const ended = await api.run(chain({ Each: state }), { input: [1, 2] });
  expect(ended).toMatchObject({ status: "FAILED", error: "States.ExceedToleratedFailureThreshold" });
  expect(await api.mapRun(ended.executionArn)).toMatchObject({ itemCounts: { failed: 2 } });
});
