import { describe, expect, it, onTestFinished } from "vitest";
import { createApi } from "../../../examples/task-generation/api.ts";
import type { Api } from "../../../examples/task-generation/api.ts";
import { listen } from "../../../examples/task-generation/api/listen.ts";
import type { RunEnd, Runs } from "../../../examples/task-generation/api/runs.ts";
import type { ExecutionView } from "../../../examples/task-generation/api/show.ts";
import { findGoal, holderOf } from "../../../examples/task-generation/database/goals.ts";
import { arnOf, requestFor, startedAt, testApplication } from "./app.ts";
import type { TestApplication } from "./app.ts";
import { succeed } from "./steps.ts";
import { getActions } from "../../../examples/task-generation/handlers/get-actions.ts";

/** Runs that do nothing until the test says how they end. */
class HeldRuns implements Runs {
  readonly all: Map<string, PromiseWithResolvers<RunEnd> & { status: "running" | RunEnd }> = new Map();
  refuse = false;
  arnOf = arnOf;

  async start(id: string): Promise<void> {
    if (this.refuse) throw new TypeError("secret of the inside");
    this.all.set(id, { ...Promise.withResolvers<RunEnd>(), status: "running" });
  }

  async cancel(id: string): Promise<void> {
    this.end(id, "canceled");
  }

  async status(id: string): Promise<"running" | RunEnd | undefined> {
    return this.all.get(id)?.status;
  }

  async ended(id: string): Promise<RunEnd> {
    const run = this.all.get(id);
    if (run === undefined) throw new TypeError("no such run");
    return run.promise;
  }

  end(id: string, end: RunEnd): void {
    const run = this.all.get(id);
    if (run !== undefined) run.status = end;
    run?.resolve(end);
  }
}

async function open(): Promise<{ app: TestApplication; runs: HeldRuns; api: Api }> {
  const app = await testApplication();
  const runs = new HeldRuns();
  return { app, runs, api: await createApi(app, runs) };
}

async function call(
  api: Api,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: unknown }> {
  const json =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const response = await api(new Request(`http://localhost${path}`, { method, ...json }));
  return { status: response.status, body: await response.json() };
}

async function started(api: Api, goalId: string): Promise<ExecutionView> {
  const { status, body } = await call(api, "POST", "/executions", await requestFor(goalId));
  expect(status).toBe(202);
  return body as ExecutionView;
}

describe("POST /executions", () => {
  it("starts one execution per goal at a time, also of many that come at once", async () => {
    const { runs, api } = await open();
    const body = await requestFor("goal-marathon");
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => call(api, "POST", "/executions", body)),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 202))
      expect(answer).toEqual({
        status: 409,
        body: {
          code: "ALREADY_RUNNING",
          message: "Goal goal-marathon is being worked on already",
          retryable: true,
        },
      });
    expect(runs.all.size).toBe(1);
    await started(api, "goal-nihongo");
  });

  it("starts the next one when the first is over, however it ended", async () => {
    const { runs, api } = await open();
    for (const end of ["failed", "canceled", "timed_out", "terminated"] as const) {
      const { executionId } = await started(api, "goal-marathon");
      runs.end(executionId, end);
      await expect
        .poll(async () => (await view(api, executionId)).status)
        .toMatch(/failed|canceled|timed_out/u);
    }
  });

  it.each<[string, unknown, number, string]>([
    ["no object", 7, 400, "VALIDATION_ERROR"],
    ["no actions", { goalId: "goal-marathon", userId: "user-jonas", actionIds: [] }, 400, "VALIDATION_ERROR"],
    ["no such goal", { goalId: "x", userId: "user-jonas", actionIds: ["a"] }, 400, "VALIDATION_ERROR"],
    [
      "somebody else",
      { goalId: "goal-marathon", userId: "x", actionIds: ["marathon-1"] },
      403,
      "PERMISSION_DENIED",
    ],
  ])("refuses %s", async (_, body, code, name) => {
    const { runs, api } = await open();
    const answer = await call(api, "POST", "/executions", body);
    expect(answer).toMatchObject({ status: code, body: { code: name, retryable: false } });
    expect(Object.keys(answer.body as object)).toEqual(["code", "message", "retryable"]);
    expect(runs.all.size).toBe(0);
  });

  it("takes JSON only, of a sensible size", async () => {
    const { api } = await open();
    const post = async (body: string, type: string): Promise<number> => {
      const request = { method: "POST", body, headers: { "content-type": type } };
      return (await api(new Request("http://localhost/executions", request))).status;
    };
    expect(await post("{}", "text/plain")).toBe(415);
    expect(await post("{", "application/json")).toBe(400);
    expect(await post(JSON.stringify("x".repeat(1_000_001)), "application/json")).toBe(413);
  });

  it("lets go of the goal when the run cannot be started, and says nothing of the inside", async () => {
    const { app, runs, api } = await open();
    runs.refuse = true;
    const answer = await call(api, "POST", "/executions", await requestFor("goal-marathon"));
    expect(answer).toMatchObject({ status: 500, body: { code: "INTERNAL_ERROR", retryable: true } });
    expect(JSON.stringify(answer)).not.toContain("secret");
    expect(await holderOf(app.database, "goal-marathon")).toBeUndefined();
  });
});

async function view(api: Api, id: string): Promise<ExecutionView> {
  return (await call(api, "GET", `/executions/${id}`)).body as ExecutionView;
}

/** What the state machine would have done by then. */
async function saveSome(app: TestApplication, of: ExecutionView, count: number): Promise<void> {
  const { executionArn, goalId, userId } = of;
  const { actionIds } = await requestFor(goalId);
  const found = await getActions(app, { executionArn, goalId, userId, actionIds });
  for (let index = 0; index < count; index++)
    await succeed(app, { executionArn, goalId, userId, ...found }, index);
}

describe("GET /executions/ID", () => {
  it("says how far it is and how long it will take", async () => {
    const { app, api } = await open();
    const shown = await started(api, "goal-marathon");
    expect(shown).toMatchObject({ status: "running", percentage: 0, total: 8, estimatedRemaining: null });
    await saveSome(app, shown, 2);
    const later = await view(api, shown.executionId);
    expect(later).toMatchObject({ status: "running", percentage: 25, processed: 2, total: 8 });
    expect(later.estimatedRemaining).toBeTypeOf("number");
    expect(later.startedAt).toBe(new Date(startedAt).toISOString());
  });

  it("answers 404 for what is not there", async () => {
    const { api } = await open();
    for (const path of [
      "/executions/no",
      "/",
      "/nothing",
      "/executions/a/b",
      "/executions/a/cancel/b",
      "/executions/%E0",
    ])
      expect((await call(api, path.includes("cancel") ? "POST" : "GET", path)).status).toBe(404);
    expect(await call(api, "DELETE", "/executions/no")).toMatchObject({ status: 405 });
  });
});

describe("POST /executions/ID/cancel", () => {
  it("stops it and keeps what was saved", async () => {
    const { app, api } = await open();
    const shown = await started(api, "goal-marathon");
    await saveSome(app, shown, 3);
    const canceled = await call(api, "POST", `/executions/${shown.executionId}/cancel`);
    expect(canceled).toMatchObject({ status: 200, body: { status: "canceled", processed: 3 } });
    expect(await findGoal(app.database, "goal-marathon")).toMatchObject({ status: "partial" });
    expect(await holderOf(app.database, "goal-marathon")).toBeUndefined();
    const again = await call(api, "POST", `/executions/${shown.executionId}/cancel`);
    expect(again).toMatchObject({ status: 409, body: { code: "NOT_RUNNING", retryable: false } });
  });
});

describe("GET /executions", () => {
  it("lists by goal, status and date, newest first, page by page", async () => {
    const { app, runs, api } = await open();
    const ids: string[] = [];
    for (const [index, goalId] of ["goal-marathon", "goal-nihongo", "goal-marathon"].entries()) {
      app.time.now = () => startedAt + index * 86_400_000;
      const { executionId } = await started(api, goalId);
      ids.push(executionId);
      if (index === 2) continue;
      runs.end(executionId, "canceled");
      await expect.poll(async () => (await view(api, executionId)).status).toBe("canceled");
    }
    const [first, second, third] = ids;
    const list = async (query: string): Promise<(string | undefined)[]> => {
      const { body } = await call(api, "GET", `/executions?${query}`);
      return (body as { executions: ExecutionView[] }).executions.map(({ executionId }) => executionId);
    };
    expect(await list("")).toEqual([third, second, first]);
    expect(await list("goalId=goal-marathon")).toEqual([third, first]);
    expect(await list("status=canceled")).toEqual([second, first]);
    expect(await list("goalId=goal-marathon&status=running")).toEqual([third]);
    expect(await list("from=2026-03-02T09:00:00Z&to=2026-03-03T09:00:00Z")).toEqual([second]);
    expect(await list("limit=1&offset=1")).toEqual([second]);
    for (const query of ["status=done", "from=yesterday", "limit=0", "limit=201", "goal=x"])
      expect(await call(api, "GET", `/executions?${query}`)).toMatchObject({ status: 400 });
  });
});

describe("a process that comes after one that died", () => {
  it("closes what ended meanwhile or was never started, and goes on watching the rest", async () => {
    const { app, runs, api } = await open();
    const over = await started(api, "goal-marathon");
    const open2 = await started(api, "goal-nihongo");
    const lost = await started(api, "goal-passport");
    const after = new HeldRuns();
    for (const { executionId } of [over, open2]) await after.start(executionId);
    after.end(over.executionId, "timed_out");
    const next = await createApi(app, after);
    await expect.poll(async () => (await view(next, over.executionId)).status).toBe("timed_out");
    expect(await view(next, lost.executionId)).toMatchObject({ status: "failed" });
    expect(await view(next, open2.executionId)).toMatchObject({ status: "running" });
    after.end(open2.executionId, "terminated");
    await expect.poll(async () => (await view(next, open2.executionId)).status).toBe("canceled");
    expect(runs.all.size).toBe(3);
  });
});

describe("over HTTP", () => {
  it("serves, and only those who ask for this machine", async () => {
    const { api } = await open();
    const { url, close } = await listen(api, 0);
    onTestFinished(close);
    const body = JSON.stringify(await requestFor("goal-passport"));
    const response = await fetch(`${url}/executions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    expect(response.status).toBe(202);
    const metrics = await fetch(`${url}/metrics`);
    expect(metrics.headers.get("content-type")).toContain("version=0.0.4");
    expect(await metrics.text()).toContain("task_generation_workflow_execution_count_total 1");
    const { request } = await import("node:http");
    const foreign = new Promise<number | undefined>((resolve) => {
      request(`${url}/executions`, { headers: { host: "evil.example" } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).end();
    });
    expect(await foreign).toBe(403);
    const large = await fetch(`${url}/executions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify("x".repeat(2_000_000)),
    });
    expect(large.status).toBe(413);
  });
});
