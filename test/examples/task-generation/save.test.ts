import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { listGenerations } from "../../../examples/task-generation/database/generations.ts";
import { countResults } from "../../../examples/task-generation/database/results.ts";
import { listTasks } from "../../../examples/task-generation/database/tasks.ts";
import type { Database } from "../../../examples/task-generation/database/sql.ts";
import { generateTasks } from "../../../examples/task-generation/handlers/generate-tasks.ts";
import { saveTasks } from "../../../examples/task-generation/handlers/save-tasks.ts";
import type { Generated } from "../../../examples/task-generation/types.ts";
import { startedAt, testApplication } from "./app.ts";
import type { TestApplication } from "./app.ts";
import { begin, fail, succeed } from "./steps.ts";
import type { Begun } from "./steps.ts";
import { runs } from "../../support/properties.ts";

function answer(count: number, mark: string): Generated {
  const tasks = Array.from({ length: count }, (_, index) => ({
    title: `${mark} ${index + 1}`,
    description: "d",
    estimatedMinutes: 30,
    priority: "low" as const,
    type: "execution" as const,
  }));
  return { tasks, generator: "test", usage: { inputTokens: 1, outputTokens: 2 } };
}

function save(app: TestApplication, begun: Begun, generated: Generated): ReturnType<typeof saveTasks> {
  const { executionArn, goalId, userId } = begun;
  return saveTasks(app, { executionArn, goalId, userId, batch: 1, actionId: "marathon-1", generated });
}

/** Lets the n-th statement of each transaction fail. */
function failingAt(database: Database, n: number): Database {
  return {
    ...database,
    transaction: (work) =>
      database.transaction((sql) => {
        let count = 0;
        const counted = <T>(call: () => Promise<T>): Promise<T> =>
          ++count === n ? Promise.reject(new TypeError("the disk is gone")) : call();
        return work({
          all: (text, values) => counted(() => sql.all(text, values)),
          run: (text, values) => counted(() => sql.run(text, values)),
          script: (text) => counted(() => sql.script(text)),
        });
      }),
  };
}

describe("SaveTasks", () => {
  it("is whole or not at all, wherever it fails", async () => {
    const app = await testApplication();
    const begun = await begin(app);
    await save(app, begun, answer(3, "old"));
    const before = await listTasks(app.database, begun.goalId);
    for (let n = 1; n <= 8; n++) {
      const broken = { ...app, database: failingAt(app.database, n) };
      await expect(save(broken, begun, answer(4, "new"))).rejects.toThrow("the disk is gone");
      expect(await listTasks(app.database, begun.goalId)).toEqual(before);
    }
  });

  it("leaves no duplicate, however often it is repeated", async () => {
    const app = await testApplication();
    const begun = await begin(app);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 }),
        async (counts) => {
          for (const count of counts) await save(app, begun, answer(count, "t"));
          const tasks = await listTasks(app.database, begun.goalId);
          const ids = Array.from(
            { length: counts.at(-1) ?? 0 },
            (_, index) => `marathon-1-task-${index + 1}`,
          );
          expect(tasks.map(({ id }) => id)).toEqual(ids);
          expect(await countResults(app.database, begun.executionArn)).toMatchObject({
            succeeded: 1,
            failed: 0,
          });
        },
      ),
      { numRuns: runs(20) },
    );
    expect(app.metrics.filter((line) => "ActionFailureRate" in line)).toHaveLength(1);
  });

  it("writes nothing for an execution that has lost its goal", async () => {
    const app = await testApplication();
    const late = await begin(app, { name: "late" });
    app.time.now = () => startedAt + 900_000;
    const next = await begin(app, { name: "next" });
    await save(app, next, answer(1, "next"));
    await expect(save(app, late, answer(2, "late"))).rejects.toMatchObject({ name: "GoalBusyError" });
    expect((await listTasks(app.database, late.goalId)).map(({ title }) => title)).toEqual(["next 1"]);
  });

  it("keeps success: an action that was saved does not fail afterwards, and one that failed may still succeed", async () => {
    const app = await testApplication();
    const begun = await begin(app);
    await succeed(app, begun, 0);
    await fail(app, begun, 0);
    await fail(app, begun, 1);
    await succeed(app, begun, 1);
    expect(await countResults(app.database, begun.executionArn)).toMatchObject({ succeeded: 2, failed: 0 });
  });

  it("does not mix executions of different goals that run side by side", async () => {
    const app = await testApplication();
    const goals = ["goal-marathon", "goal-nihongo", "goal-passport"];
    const all = await Promise.all(goals.map((goalId) => begin(app, { goalId, name: goalId })));
    await Promise.all(
      all.flatMap((begun) =>
        begun.actions.map((_, index) => (index === 3 ? fail : succeed)(app, begun, index)),
      ),
    );
    for (const begun of all) {
      const own = await listTasks(app.database, begun.goalId);
      expect(own.every(({ executionArn }) => executionArn === begun.executionArn)).toBe(true);
      const failed = begun.actions.length > 3 ? 1 : 0;
      const succeeded = begun.actions.length - failed;
      expect(await countResults(app.database, begun.executionArn)).toMatchObject({ succeeded, failed });
      expect(new Set(own.map(({ actionId }) => actionId)).size).toBe(succeeded);
    }
  });
});

describe("TaskGeneration", () => {
  function ask(
    app: TestApplication,
    { executionArn, goalId, userId, goal, actions }: Begun,
  ): Promise<Generated> {
    const input = { executionArn, goalId, userId, batch: 1, goal, action: actions[0] };
    return generateTasks(app, input, { idempotencyKey: "key" });
  }

  it("writes down each call before it is made, and does not ask again for what it was told", async () => {
    let calls = 0;
    const app = await testApplication({
      generator: {
        name: "counting",
        note: "",
        generate: async ({ attempt }) => {
          calls++;
          expect(await app.database.all("SELECT * FROM generations")).toHaveLength(attempt);
          if (attempt === 1) throw new RangeError("try again");
          return answer(2, "t");
        },
      },
    });
    const begun = await begin(app);
    await expect(ask(app, begun)).rejects.toThrow("try again");
    const told = await ask(app, begun);
    expect(await ask(app, begun)).toEqual(told);
    expect(calls).toBe(2);
    expect(await listGenerations(app.database, begun.executionArn)).toMatchObject([
      { actionId: "marathon-1", attempt: 1, idempotencyKey: "key", status: "failed", process: process.pid },
      { actionId: "marathon-1", attempt: 2, idempotencyKey: "key", status: "completed" },
    ]);
    expect(app.lines.map(({ event }) => event)).toEqual([
      "workflow_started",
      "actions_loaded",
      "generation_started",
      "generation_failed",
      "generation_started",
      "tasks_generated",
      "generation_reused",
    ]);
  });

  it("makes tasks of the right form for every action of the seed, the same each time", async () => {
    const app = await testApplication();
    const { answerSchema } = await import("../../../examples/task-generation/generation/generator.ts");
    for (const goalId of ["goal-bakery", "goal-nihongo", "goal-passport", "goal-marathon"]) {
      const { goal, actions, executionArn } = await begin(app, { goalId, name: goalId });
      for (const action of actions) {
        const request = { executionArn, goal, action, attempt: 1 };
        const { tasks } = await app.generator.generate(request);
        expect(answerSchema.parse({ tasks }).tasks).toEqual(tasks);
        expect((await app.generator.generate(request)).tasks).toEqual(tasks);
      }
    }
  });
});
