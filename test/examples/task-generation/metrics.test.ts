import { describe, expect, it } from "vitest";
import { handleError } from "../../../examples/task-generation/handlers/handle-error.ts";
import { updateGoalStatus } from "../../../examples/task-generation/handlers/update-goal-status.ts";
import { prometheusText } from "../../../examples/task-generation/metrics/prometheus.ts";
import { findExecution } from "../../../examples/task-generation/database/executions.ts";
import { findGoal, holderOf } from "../../../examples/task-generation/database/goals.ts";
import { arnOf, requestFor, startedAt, testApplication } from "./app.ts";
import type { TestApplication } from "./app.ts";
import { begin, fail, succeed } from "./steps.ts";
import type { Begun } from "./steps.ts";

const began = new Date(startedAt).toISOString();

function end(
  app: TestApplication,
  begun: Begun,
  goalStatus: "active" | "partial" | "failed",
): Promise<unknown> {
  const { executionArn, goalId, userId } = begun;
  const failedActions = goalStatus === "active" ? [] : ["marathon-8"];
  const summary = {
    successCount: 8 - failedActions.length,
    failedCount: failedActions.length,
    failedActions,
  };
  return updateGoalStatus(app, { executionArn, goalId, userId, startedAt: began, goalStatus, summary });
}

async function partial(app: TestApplication): Promise<Begun> {
  const begun = await begin(app);
  for (let index = 0; index < 7; index++) await succeed(app, begun, index);
  await fail(app, begun, 7);
  app.time.now = () => startedAt + 60_000;
  await end(app, begun, "partial");
  return begun;
}

describe("UpdateGoalStatus", () => {
  it("writes the end down once, lets go of the goal, and returns the same when it is repeated", async () => {
    const app = await testApplication();
    const begun = await partial(app);
    const row = await findExecution(app.database, begun.executionArn);
    expect(row).toMatchObject({ status: "partial", percentage: 100, completedAt: startedAt + 60_000 });
    expect(await findGoal(app.database, begun.goalId)).toMatchObject({ status: "partial" });
    expect(await holderOf(app.database, begun.goalId)).toBeUndefined();
    app.time.now = () => startedAt + 99_000;
    const again = (await end(app, begun, "partial")) as { output: unknown };
    expect(again.output).toEqual({
      goalId: "goal-marathon",
      executionArn: begun.executionArn,
      status: "PARTIAL",
      successCount: 7,
      failedCount: 1,
      failedActions: ["marathon-8"],
      duration: 60_000,
    });
    expect(app.lines.filter(({ event }) => event === "workflow_partially_succeeded")).toHaveLength(1);
  });
});

describe("HandleError", () => {
  it("closes the execution, keeps what was saved, and says what happened", async () => {
    const app = await testApplication();
    const begun = await begin(app);
    await succeed(app, begun, 0);
    const input = await requestFor("goal-marathon");
    const { executionArn } = begun;
    const error = { Error: "States.Timeout", Cause: "" };
    const ended = await handleError(app, { scope: "workflow", executionArn, startedAt: began, input, error });
    expect(ended).toMatchObject({
      output: { status: "FAILED", successCount: 1, failedCount: 0, error: "States.Timeout: " },
      failure: { Error: "States.Timeout" },
      notification: { subject: "Task generation failed", goalId: "goal-marathon", userId: "user-jonas" },
    });
    expect(await findExecution(app.database, executionArn)).toMatchObject({ status: "failed" });
    expect(await findGoal(app.database, "goal-marathon")).toMatchObject({ status: "partial" });
    expect(await holderOf(app.database, "goal-marathon")).toBeUndefined();
  });

  it("does not touch the goal of an execution that was refused, whatever its input was", async () => {
    const app = await testApplication();
    await begin(app);
    const error = { Error: "GoalBusyError", Cause: JSON.stringify({ errorMessage: "busy" }) };
    const input = await requestFor("goal-marathon");
    const refused = { scope: "validation", executionArn: arnOf("second"), startedAt: began, error };
    await handleError(app, { ...refused, input });
    expect(await holderOf(app.database, "goal-marathon")).toBe("first");
    for (const odd of [null, 7, "x", [], { goalId: 7 }])
      expect(await handleError(app, { ...refused, input: odd })).toMatchObject({
        output: { goalId: "", error: "GoalBusyError: busy" },
      });
  });
});

describe("metrics", () => {
  it("are in CloudWatch's embedded format", async () => {
    const app = await testApplication();
    const { executionArn } = await partial(app);
    expect(app.metrics.at(-1)).toEqual({
      _aws: {
        Timestamp: startedAt + 60_000,
        CloudWatchMetrics: [
          {
            Namespace: "TaskGeneration",
            Dimensions: [["Workflow"]],
            Metrics: [
              { Name: "WorkflowExecutionCount", Unit: "Count" },
              { Name: "WorkflowSuccessRate", Unit: "Percent" },
              { Name: "WorkflowFailureRate", Unit: "Percent" },
              { Name: "WorkflowDuration", Unit: "Milliseconds" },
            ],
          },
        ],
      },
      Workflow: "TaskGenerationWorkflow",
      executionArn,
      goalId: "goal-marathon",
      WorkflowExecutionCount: 1,
      WorkflowSuccessRate: 100,
      WorkflowFailureRate: 0,
      WorkflowDuration: 60_000,
    });
    expect(app.metrics.filter((line) => line["ActionFailureRate"] === 0)).toHaveLength(7);
    expect(app.metrics.filter((line) => line["ActionFailureRate"] === 100)).toHaveLength(1);
  });

  it("are the same numbers as Prometheus text, computed from the tables", async () => {
    const app = await testApplication();
    await partial(app);
    const text = await prometheusText(app.database);
    const values = Object.fromEntries(
      text
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith("#"))
        .map((line) => line.split(" ")),
    ) as Record<string, string>;
    expect(values).toEqual({
      task_generation_workflow_execution_count_total: "1",
      task_generation_workflow_success_rate: "1",
      task_generation_workflow_failure_rate: "0",
      task_generation_workflow_duration_seconds_sum: "60",
      task_generation_workflow_duration_seconds_count: "1",
      task_generation_action_processing_time_seconds_sum: "0",
      task_generation_action_processing_time_seconds_count: "8",
      task_generation_action_failure_rate: "0.125",
      task_generation_batch_processing_time_seconds_sum: "0",
      task_generation_batch_processing_time_seconds_count: "1",
    });
    expect(text.match(/^# HELP /gmu)).toHaveLength(7);
  });

  it("are none where nothing has happened", async () => {
    const app = await testApplication();
    expect(await prometheusText(app.database)).toContain("task_generation_workflow_success_rate 0\n");
  });
});

describe("logs", () => {
  it("have exactly these fields", async () => {
    const app = await testApplication();
    await partial(app);
    const fields = ["timestamp", "level", "executionArn", "goalId", "userId", "event", "details"];
    for (const line of app.lines) expect(Object.keys(line)).toEqual(fields);
    expect(app.lines[0]).toMatchObject({
      timestamp: "2026-03-01T09:00:00.000Z",
      level: "INFO",
      executionArn: arnOf("first"),
      goalId: "goal-marathon",
      userId: "user-jonas",
      event: "workflow_started",
    });
  });
});
