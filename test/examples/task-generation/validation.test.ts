import { describe, expect, it } from "vitest";
import { findExecution } from "../../../examples/task-generation/database/executions.ts";
import { holderOf } from "../../../examples/task-generation/database/goals.ts";
import { getActions } from "../../../examples/task-generation/handlers/get-actions.ts";
import { validateInput } from "../../../examples/task-generation/handlers/validate-input.ts";
import { readSeed } from "../../../examples/task-generation/seed/load.ts";
import { arnOf, marathon, requestFor, startedAt, testApplication } from "./app.ts";

const given = (input: unknown, name: string = "first"): unknown => ({
  executionArn: arnOf(name),
  startedAt: new Date(startedAt).toISOString(),
  input,
});

describe("the seed", () => {
  it("has goals with 1, 8, 9 and 64 actions, each with an id of its own", async () => {
    const goals = await readSeed();
    const counts = goals.map(({ subGoals }) => subGoals.flatMap(({ actions }) => actions).length);
    expect(counts.toSorted((a, b) => a - b)).toEqual([1, 8, 9, 64]);
    const ids = goals.flatMap(({ subGoals }) =>
      subGoals.flatMap(({ actions }) => actions.map(({ id }) => id)),
    );
    expect(new Set(ids).size).toBe(82);
  });

  it("is loaded once, however often it is loaded", async () => {
    const app = await testApplication();
    const { loadSeed } = await import("../../../examples/task-generation/seed/load.ts");
    await loadSeed(app.database);
    expect(await app.database.all("SELECT COUNT(*) AS n FROM actions")).toMatchObject([{ n: 82 }]);
  });
});

describe("ValidateInput", () => {
  it("takes a goal of the user with actions of the goal, and writes the execution down", async () => {
    const app = await testApplication();
    const request = await requestFor("goal-marathon");
    expect(await validateInput(app, given(request))).toEqual({ ...marathon, actionIds: request.actionIds });
    expect(await findExecution(app.database, marathon.executionArn)).toMatchObject({
      name: "first",
      status: "running",
      total: 8,
      percentage: 0,
      startedAt,
    });
    expect(app.lines).toMatchObject([
      { level: "INFO", event: "workflow_started", details: { actionCount: 8, batchCount: 1 } },
    ]);
    expect(app.lines[0]?.details["note"]).toContain("a plain rule-based generator");
  });

  it.each<[string, (request: Awaited<ReturnType<typeof requestFor>>) => unknown, string, RegExp]>([
    ["no object", () => "goal-marathon", "ValidationError", /not valid/u],
    ["nothing", () => null, "ValidationError", /not valid/u],
    ["no goal", ({ userId, actionIds }) => ({ userId, actionIds }), "ValidationError", /goalId/u],
    ["no actions", (request) => ({ ...request, actionIds: [] }), "ValidationError", /at least one action/u],
    [
      "an action twice",
      (request) => ({ ...request, actionIds: ["a", "a"] }),
      "ValidationError",
      /named twice/u,
    ],
    ["numbers for ids", (request) => ({ ...request, actionIds: [1] }), "ValidationError", /actionIds\.0/u],
    [
      "a goal that is not there",
      (request) => ({ ...request, goalId: "no" }),
      "ValidationError",
      /Goal no does not/u,
    ],
    [
      "somebody else's goal",
      (request) => ({ ...request, userId: "user-mara" }),
      "PermissionError",
      /belong to user/u,
    ],
    [
      "an action of another goal",
      (request) => ({ ...request, actionIds: [...request.actionIds, "passport-1"] }),
      "ValidationError",
      /: passport-1$/u,
    ],
  ])("refuses %s, and begins nothing", async (_, change, name, message) => {
    const app = await testApplication();
    const asked = validateInput(app, given(change(await requestFor("goal-marathon"))));
    await expect(asked).rejects.toMatchObject({ name, message: expect.stringMatching(message) as string });
    expect(await app.database.all("SELECT * FROM executions")).toEqual([]);
    expect(await holderOf(app.database, "goal-marathon")).toBeUndefined();
  });

  it("refuses a second execution for the goal while one runs, and lets the first one repeat", async () => {
    const app = await testApplication();
    const request = await requestFor("goal-marathon");
    await validateInput(app, given(request));
    await expect(validateInput(app, given(request, "second"))).rejects.toMatchObject({
      name: "GoalBusyError",
    });
    await validateInput(app, given(request));
    expect(await app.database.all("SELECT name FROM executions")).toMatchObject([{ name: "first" }]);
  });

  it("knows that no execution lasts longer than 15 minutes", async () => {
    const app = await testApplication();
    const request = await requestFor("goal-marathon");
    await validateInput(app, given(request));
    app.time.now = () => startedAt + 899_999;
    await expect(validateInput(app, given(request, "second"))).rejects.toMatchObject({
      name: "GoalBusyError",
    });
    app.time.now = () => startedAt + 900_000;
    await validateInput(app, given(request, "second"));
    expect(await holderOf(app.database, "goal-marathon")).toBe("second");
  });
});

describe("GetActions", () => {
  it("returns the actions with their sub-goals, in the order that was asked for", async () => {
    const app = await testApplication();
    const actionIds = ["marathon-7", "marathon-1"];
    const { goal, actions } = await getActions(app, { ...marathon, actionIds });
    expect(goal.title).toContain("marathon");
    expect(actions.map(({ id, subGoal }) => [id, subGoal.title])).toEqual([
      ["marathon-7", "Race"],
      ["marathon-1", "Base"],
    ]);
  });
});
