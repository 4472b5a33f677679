import { RunCanceledError, RunTimedOutError } from "daruma";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createApi } from "../../../examples/task-generation/api.ts";
import { findExecution } from "../../../examples/task-generation/database/executions.ts";
import { listGenerations } from "../../../examples/task-generation/database/generations.ts";
import { holderOf } from "../../../examples/task-generation/database/goals.ts";
import { listTasks } from "../../../examples/task-generation/database/tasks.ts";
import {
  PermissionError,
  QuotaExceededError,
  TransientError,
} from "../../../examples/task-generation/errors.ts";
import { runsOf } from "../../../examples/task-generation/machine.ts";
import type { WorkflowInput, WorkflowOutput } from "../../../examples/task-generation/types.ts";
import { arnOf, requestFor, startedAt } from "./app.ts";
import type { TestApplication } from "./app.ts";
import { eventsOf, failureOf, generatorThat, hang, testEngine } from "./engine.ts";
import { runs as numRuns } from "../../support/properties.ts";

describe("the output", () => {
  it("is of the first shape when all actions succeed", async () => {
    const { app, start } = await testEngine();
    const run = await start("exec-123", await requestFor("goal-marathon"));
    expect(await run.result()).toEqual({
      goalId: "goal-marathon",
      executionArn: arnOf("exec-123"),
      status: "SUCCEEDED",
      successCount: 8,
      failedCount: 0,
      failedActions: [],
      duration: 0,
    });
    expect(app.sent).toEqual([]);
    expect(app.lines.at(-1)).toMatchObject({ event: "workflow_succeeded" });
  });

  it("is of the second shape when some fail: what succeeded is kept, and somebody is told", async () => {
    const generator = generatorThat((id) => {
      if (id === "marathon-3" || id === "marathon-7") throw new QuotaExceededError("used up");
    });
    const { app, start } = await testEngine(generator);
    const run = await start("exec-123", await requestFor("goal-marathon"));
    expect(await run.result()).toEqual({
      goalId: "goal-marathon",
      executionArn: arnOf("exec-123"),
      status: "PARTIAL",
      successCount: 6,
      failedCount: 2,
      failedActions: ["marathon-3", "marathon-7"],
      duration: 0,
    });
    const tasks = await listTasks(app.database, "goal-marathon");
    expect(new Set(tasks.map(({ actionId }) => actionId)).size).toBe(6);
    expect(app.sent.at(-1)).toMatchObject({
      subject: "Task generation partially succeeded",
      message: expect.stringContaining(
        "6 of 8 actions have tasks.\nFailed actions: marathon-3, marathon-7.",
      ) as string,
    });
  });

  it("is the cause of the failure, of the third shape, when all fail", async () => {
    const generator = generatorThat(() => {
      throw new PermissionError("not you");
    });
    const { app, start } = await testEngine(generator);
    const request = await requestFor("goal-marathon");
    const { name, message } = await failureOf(await start("exec-123", request));
    expect(name).toBe("AllActionsFailed");
    expect(JSON.parse(message)).toEqual({
      goalId: "goal-marathon",
      executionArn: arnOf("exec-123"),
      status: "FAILED",
      successCount: 0,
      failedCount: 8,
      failedActions: request.actionIds,
      duration: 0,
      error: "All actions failed to generate tasks",
    });
    expect(app.sent.at(-1)).toMatchObject({ subject: "Task generation failed" });
  });

  it("says what is wrong with the input, without an attempt more", async () => {
    const { app, daruma, workflow } = await testEngine();
    const marathon = await requestFor("goal-marathon");
    const inputs: readonly (readonly [unknown, string])[] = [
      [{ ...marathon, actionIds: [] }, "ValidationError"],
      [{ ...marathon, userId: "user-mara" }, "PermissionError"],
      [[1, 2], "ValidationError"],
      ["text", "ValidationError"],
    ];
    for (const [index, [input, expected]] of inputs.entries()) {
      const { name, message } = await failureOf(await daruma.start(workflow, { id: `r${index}`, input }));
      expect(name).toBe(expected);
      expect(JSON.parse(message)).toMatchObject({ status: "FAILED", successCount: 0, failedCount: 0 });
    }
    expect(daruma.clock.now()).toBe(startedAt);
    expect(app.sent).toEqual([]);
  });
});

describe("one active run per goal", () => {
  it("refuses the second one while the first one runs, and takes it afterwards", async () => {
    const { app, start, daruma } = await testEngine(generatorThat(() => hang()));
    const request = await requestFor("goal-passport");
    const first = await start("first", request);
    await daruma.until(async () => (await holderOf(app.database, "goal-passport")) === "first");
    expect((await failureOf(await start("second", request))).name).toBe("GoalBusyError");
    expect(await holderOf(app.database, "goal-passport")).toBe("first");
    expect((await failureOf(first)).name).toBe("AllActionsFailed");
    expect((await failureOf(await start("third", request))).name).toBe("AllActionsFailed");
  });
});

describe("batches", () => {
  it("have every action once, 8 actions and 3 batches at a time at most (1 to 64 actions)", async () => {
    const counts = fc.integer({ min: 1, max: 64 });
    await fc.assert(
      fc.asyncProperty(counts, async (count) => {
        const atOnce = { actions: 0, most: 0 };
        const generator = generatorThat(async () => {
          atOnce.most = Math.max(atOnce.most, ++atOnce.actions);
          await new Promise((resolve) => setImmediate(resolve));
          atOnce.actions--;
        });
        const { app, start } = await testEngine(generator);
        const request = await requestFor("goal-bakery", count);
        const output = (await (await start("r", request)).result()) as unknown as WorkflowOutput;
        expect(output).toMatchObject({ successCount: count, failedCount: 0 });
        const calls = await listGenerations(app.database, output.executionArn);
        expect(calls.map(({ actionId }) => actionId).toSorted()).toEqual(request.actionIds.toSorted());
        expect(atOnce.most).toBeLessThanOrEqual(Math.min(count, 24));
        const batches = app.lines.filter(({ event }) => event === "batch_completed");
        expect(batches).toHaveLength(Math.ceil(count / 8));
      }),
      { numRuns: numRuns(6), examples: [[64], [9], [1]] },
    );
  });
});

describe("back-off", () => {
  /** When the attempts at the passport's only action began, seconds after the first. */
  async function attemptTimes(failing: () => Error, failures: number): Promise<number[]> {
    const generator = generatorThat((_, attempt) => {
      if (attempt <= failures) throw failing();
    });
    const { app, start } = await testEngine(generator);
    const run = await start("r", await requestFor("goal-passport"));
    await Promise.allSettled([run.result()]);
    const calls = await listGenerations(app.database, arnOf("r"));
    return calls.map(({ startedAt: at }) => (at - startedAt) / 1000);
  }

  it("is 2, 4, 8 seconds, then it is enough", async () => {
    const passing = (): Error => new TransientError("not now");
    expect(await attemptTimes(passing, 0)).toEqual([0]);
    expect(await attemptTimes(passing, 1)).toEqual([0, 2]);
    expect(await attemptTimes(passing, 2)).toEqual([0, 2, 6]);
    expect(await attemptTimes(passing, 3)).toEqual([0, 2, 6, 14]);
    expect(await attemptTimes(passing, 9)).toEqual([0, 2, 6, 14]);
  });

  it("is for errors of any name but the permanent ones", async () => {
    expect(await attemptTimes(() => new TypeError("odd"), 1)).toEqual([0, 2]);
    for (const error of [new QuotaExceededError("q"), new PermissionError("p")])
      expect(await attemptTimes(() => error, 9)).toEqual([0]);
  });

  it("is there after a time-out of 120 seconds, too", async () => {
    const generator = generatorThat((_, attempt) => (attempt === 1 ? hang() : undefined));
    const { app, start } = await testEngine(generator);
    await (await start("r", await requestFor("goal-passport"))).result();
    const calls = await listGenerations(app.database, arnOf("r"));
    expect(calls.map(({ startedAt: at }) => (at - startedAt) / 1000)).toEqual([0, 122]);
  });

  it("is 1, 2, 4 seconds for saving, and the answer is not asked for again", async () => {
    const times: number[] = [];
    const { app, start } = await testEngine(undefined, (made) => ({
      ...made,
      database: { ...made.database },
    }));
    const { transaction } = app.database;
    Object.assign(app.database, {
      transaction: (work: Parameters<typeof transaction>[0]) =>
        transaction((sql) =>
          work({
            ...sql,
            run: (text, values) => {
              if (!text.startsWith("DELETE FROM tasks")) return sql.run(text, values);
              times.push((app.now() - startedAt) / 1000);
              return times.length <= 3 ? Promise.reject(new TransientError("busy")) : sql.run(text, values);
            },
          }),
        ),
    });
    expect(await (await start("r", await requestFor("goal-passport"))).result()).toMatchObject({
      successCount: 1,
    });
    expect(times).toEqual([0, 1, 3, 7]);
    expect(await listGenerations(app.database, arnOf("r"))).toHaveLength(1);
  });
});

describe("15 minutes", () => {
  it("are the end, to the millisecond, and what was saved is kept", async () => {
    const hangs = generatorThat((id) => (Number(id.split("-")[1]) % 8 === 1 ? undefined : hang()));
    const { app, daruma, start } = await testEngine(hangs);
    const run = await start("r", await requestFor("goal-bakery"));
    await expect(run.result()).rejects.toThrow(RunTimedOutError);
    expect(daruma.clock.now() - startedAt).toBe(900_000);
    const saved = new Set((await listTasks(app.database, "goal-bakery")).map(({ actionId }) => actionId));
    // Each batch takes 494 seconds (4 × 120 and 14 of back-off): 3 batches were done, 3 more had begun.
    expect([...saved]).toEqual(["bakery-1", "bakery-9", "bakery-17", "bakery-25", "bakery-33", "bakery-41"]);
    expect((await failureOf(await start("next", await requestFor("goal-bakery", 1)))).message).toContain(
      "did not fail",
    );
  });
});

describe("partial results", () => {
  it("are kept, whichever actions fail", async () => {
    const failing = fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(failing, async (numbers) => {
        const bad = new Set(numbers.map((number) => `nihongo-${number}`));
        const generator = generatorThat((id) => {
          if (bad.has(id)) throw new QuotaExceededError("used up");
        });
        const { app, start } = await testEngine(generator);
        const request = await requestFor("goal-nihongo");
        const run = await start("r", request);
        const output = JSON.parse(
          await run.result().then(JSON.stringify, async () => (await failureOf(run)).message),
        ) as WorkflowOutput;
        const good = request.actionIds.filter((id) => !bad.has(id));
        expect(output.failedActions).toEqual(request.actionIds.filter((id) => bad.has(id)));
        expect(output.status).toBe(bad.size === 0 ? "SUCCEEDED" : good.length === 0 ? "FAILED" : "PARTIAL");
        const tasks = await listTasks(app.database, "goal-nihongo");
        expect([...new Set(tasks.map(({ actionId }) => actionId))]).toEqual(good);
        const row = await findExecution(app.database, arnOf("r"));
        expect(row).toMatchObject({ status: output.status.toLowerCase(), percentage: 100 });
        expect(JSON.parse(row?.output ?? "")).toEqual(output);
      }),
      { numRuns: numRuns(8), examples: [[[]], [[1, 2, 3, 4, 5, 6, 7, 8, 9]], [[9]]] },
    );
  });
});

describe("runs", () => {
  it("do not disturb each other", async () => {
    const goals = ["goal-marathon", "goal-nihongo", "goal-passport", "goal-bakery"];
    const generator = generatorThat((id, attempt) => {
      if (id === "nihongo-2") throw new QuotaExceededError("used up");
      if (id.endsWith("3") && attempt === 1) throw new TransientError("not now");
    });
    const contents = async (app: TestApplication, goalId: string): Promise<unknown> =>
      (await listTasks(app.database, goalId)).map((task) => ({ ...task, executionArn: "" }));
    const together = await testEngine(generator);
    const runs = await Promise.all(goals.map(async (id) => together.start(id, await requestFor(id))));
    const outputs = await Promise.all(runs.map((run) => run.result()));
    for (const [index, goalId] of goals.entries()) {
      const alone = await testEngine(generator);
      const output = await (await alone.start(goalId, await requestFor(goalId))).result();
      expect(outputs[index]).toEqual(output);
      expect(await contents(together.app, goalId)).toEqual(await contents(alone.app, goalId));
    }
  });
});

describe("the history", () => {
  it("is complete and in order", async () => {
    const { app, start } = await testEngine();
    const run = await start("r", await requestFor("goal-nihongo"));
    await run.result();
    const events = await eventsOf(run);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
    expect(events.every(({ id, previousEventId }) => previousEventId < id)).toBe(true);
    expect(events.every(({ timestamp }, index) => timestamp >= (events[index - 1]?.timestamp ?? 0))).toBe(
      true,
    );
    expect(events[0]?.type).toBe("ExecutionStarted");
    expect(events.at(-1)?.type).toBe("ExecutionSucceeded");
    const entered = events.flatMap(({ stateEnteredEventDetails: details }) =>
      details === undefined ? [] : [(details as { name: string }).name],
    );
    const count = (name: string): number => entered.filter((one) => one === name).length;
    for (const name of ["GenerateTasks", "SaveTasks", "MarkActionSuccess"]) expect(count(name)).toBe(9);
    for (const name of ["ProcessBatch", "UpdateBatchProgress"]) expect(count(name)).toBe(2);
    const top = ["ValidateInput", "GetActions", "CreateBatches", "ProcessBatches"];
    const end = ["AggregateResults", "CheckResults", "UpdateGoalStatusActive", "Success"];
    expect(entered.slice(0, 4)).toEqual(top);
    expect(entered.slice(-4)).toEqual(end);
    const logged = app.lines.map(({ event }) => event);
    expect(logged.slice(0, 3)).toEqual(["workflow_started", "actions_loaded", "batches_created"]);
    expect(logged.slice(-3)).toEqual(["results_aggregated", "goal_status_updated", "workflow_succeeded"]);
    expect(logged.filter((event) => event === "tasks_saved")).toHaveLength(9);
  });
});

describe("the REST interface", () => {
  it("starts, watches and cancels real runs", async () => {
    const hangs = generatorThat((id) => (id === "marathon-1" ? undefined : hang()));
    const { app, daruma, workflow } = await testEngine(hangs);
    const api = await createApi(app, runsOf(daruma, workflow));
    const call = async (
      method: string,
      path: string,
      body?: WorkflowInput,
    ): Promise<Record<string, unknown>> => {
      const headers = { "content-type": "application/json" };
      const init = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) };
      const response = await api(new Request(`http://localhost${path}`, init));
      return { http: response.status, ...((await response.json()) as object) };
    };
    const request = await requestFor("goal-marathon");
    const { executionId, executionArn } = await call("POST", "/executions", request);
    expect(executionArn).toBe(arnOf(String(executionId)));
    await daruma.until(
      async () => (await call("GET", `/executions/${String(executionId)}`))["processed"] === 1,
    );
    expect(await call("GET", `/executions/${String(executionId)}`)).toMatchObject({
      status: "running",
      percentage: 12,
    });
    expect(await call("POST", "/executions", request)).toMatchObject({ http: 409 });
    expect(await call("POST", `/executions/${String(executionId)}/cancel`)).toMatchObject({
      status: "canceled",
    });
    await expect(daruma.get(String(executionId)).result()).rejects.toThrow(RunCanceledError);
    expect(await listTasks(app.database, "goal-marathon")).not.toEqual([]);
    expect(await call("POST", "/executions", { ...request, actionIds: ["marathon-1"] })).toMatchObject({
      http: 202,
    });
  });
});

describe("a crash", () => {
  /** What must be the same whenever the engine crashes: `at` counts the lines of the log. */
  async function outcome(at: number): Promise<{ readonly lines: number; readonly left: unknown }> {
    const generator = generatorThat((id, attempt) => {
      if (id === "marathon-2") throw new QuotaExceededError("used up");
      if (id === "marathon-1" && attempt === 1) throw new TransientError("not now");
    });
    const engine = await testEngine(generator, (app) => ({
      ...app,
      log: (level, event, about) => {
        app.log(level, event, about);
        if (app.lines.length === at) void engine.daruma.restart();
      },
    }));
    const { app, daruma, start } = engine;
    await start("r", await requestFor("goal-marathon", 3)).catch(() => undefined);
    const { duration: _, ...output } = (await daruma.get("r").result()) as WorkflowOutput;
    const calls = await listGenerations(app.database, arnOf("r"));
    const answered = calls.filter(({ status }) => status === "completed").map(({ actionId }) => actionId);
    const tasks = await listTasks(app.database, "goal-marathon");
    const holder = await holderOf(app.database, "goal-marathon");
    return { lines: app.lines.length, left: { output, tasks, answered: answered.toSorted(), holder } };
  }

  it("after any line of the log changes nothing: the same output and tasks, one answer per action", async () => {
    const { lines, left } = await outcome(-1);
    expect(left).toMatchObject({ output: { status: "PARTIAL" }, answered: ["marathon-1", "marathon-3"] });
    expect(lines).toBeGreaterThan(15);
    for (let at = 1; at <= lines; at++) expect((await outcome(at)).left, `line ${at}`).toEqual(left);
  });
});
