import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alertIfNeeded, isTooMany } from "../../../examples/task-generation/alert.ts";
import { findExecution } from "../../../examples/task-generation/database/executions.ts";
import { updateBatchProgress } from "../../../examples/task-generation/handlers/update-progress.ts";
import { estimate, updateProgress } from "../../../examples/task-generation/progress.ts";
import { startedAt, testApplication } from "./app.ts";
import { begin, fail, succeed } from "./steps.ts";
import { runs } from "../../support/properties.ts";

describe("progress", () => {
  it("is processed / total, and never goes backwards in whatever order actions end", async () => {
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        order,
        fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
        async (indexes, fails) => {
          const app = await testApplication();
          const begun = await begin(app);
          let last = 0;
          for (const [done, index] of indexes.entries()) {
            await (fails[index] === true ? fail : succeed)(app, begun, index);
            const progress = await updateProgress(app.database, begun.executionArn);
            expect(progress).toMatchObject({ processed: done + 1, total: 8 });
            expect(progress.percentage).toBe(Math.floor(((done + 1) / 8) * 100));
            expect(progress.percentage).toBeGreaterThanOrEqual(last);
            last = progress.percentage;
          }
          expect(last).toBe(100);
        },
      ),
      { numRuns: runs(8) },
    );
  });

  it("does not lower what was written, though a slower batch tells an older count", async () => {
    const app = await testApplication();
    const begun = await begin(app);
    await app.database.run("UPDATE executions SET percentage = 75");
    await succeed(app, begun, 0);
    expect((await updateProgress(app.database, begun.executionArn)).percentage).toBe(75);
    expect(await findExecution(app.database, begun.executionArn)).toMatchObject({ percentage: 75 });
  });

  it("estimates what is left by how long actions took", () => {
    const left = (meanMs: number | null, done: number, total: number): number | null =>
      estimate({ succeeded: done, failed: 0, meanMs }, total).estimatedRemaining;
    expect(left(null, 0, 64)).toBeNull();
    expect(left(10_000, 1, 8)).toBe(10_000);
    expect(left(10_000, 10, 64)).toBe(30_000);
    expect(left(20_000, 10, 64)).toBe(60_000);
    expect(left(20_000, 64, 64)).toBe(0);
  });

  it("measures: the estimate of a batch follows the clock", async () => {
    const app = await testApplication({
      generator: {
        name: "slow",
        note: "",
        generate: async () => {
          app.time.now = () => startedAt + 7000;
          return {
            tasks: [{ title: "t", description: "d", estimatedMinutes: 15, priority: "low", type: "review" }],
            generator: "slow",
            usage: { inputTokens: 3, outputTokens: 4 },
          };
        },
      },
    });
    const begun = await begin(app);
    await succeed(app, begun, 0);
    const { executionArn, goalId, userId } = begun;
    const progress = await updateBatchProgress(app, { executionArn, goalId, userId, batch: 1 }, {});
    expect(progress).toEqual({ processed: 1, total: 8, percentage: 12, estimatedRemaining: 7000 });
    expect(app.metrics).toContainEqual(expect.objectContaining({ BatchProcessingTime: 7000, batch: 1 }));
    expect(app.metrics).toContainEqual(expect.objectContaining({ ActionProcessingTime: 7000 }));
    expect(await findExecution(app.database, executionArn)).toMatchObject({
      inputTokens: 3,
      outputTokens: 4,
    });
  });
});

describe("the alert", () => {
  it("is for more than 10 %", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), (succeeded, failed) => {
        const expected = failed * 10 > succeeded + failed;
        expect(isTooMany({ succeeded, failed })).toBe(expected);
      }),
    );
    expect(isTooMany({ succeeded: 9, failed: 1 })).toBe(false);
    expect(isTooMany({ succeeded: 8, failed: 1 })).toBe(true);
  });

  it("is raised once within 5 minutes, by log and notification, and again after them", async () => {
    const app = await testApplication();
    const begun = await begin(app, { goalId: "goal-bakery" });
    for (let index = 0; index < 9; index++) await succeed(app, begun, index);
    await fail(app, begun, 9);
    await alertIfNeeded(app, begun, "key");
    expect(app.sent).toEqual([]);
    await fail(app, begun, 10);
    await alertIfNeeded(app, begun, "key");
    await alertIfNeeded(app, begun, "key");
    const alerts = (): number => app.lines.filter(({ event }) => event === "failure_rate_alert").length;
    expect(app.sent).toMatchObject([{ message: "2 of 11 actions have failed within 5 minutes." }]);
    expect(alerts()).toBe(1);
    app.time.now = () => startedAt + 300_000;
    await alertIfNeeded(app, begun, "key");
    expect(alerts()).toBe(1);
    await fail(app, begun, 11);
    await alertIfNeeded(app, begun, "key");
    expect(alerts()).toBe(2);
  });

  it("does not stop the work when it cannot be delivered", async () => {
    const app = await testApplication();
    const begun = await begin(app);
    await fail(app, begun, 0);
    const broken = { ...app, notify: () => Promise.reject(new TypeError("no line")) };
    await alertIfNeeded(broken, begun, "key");
    expect(app.lines.at(-1)).toMatchObject({
      level: "ERROR",
      details: { failed: 1, total: 1, delivered: "no line" },
    });
  });
});
