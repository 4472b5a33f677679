// The ten properties, with `kill -9` in the middle: real processes on real files.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { findByName } from "../../../examples/task-generation/database/executions.ts";
import type { Database } from "../../../examples/task-generation/database/sql.ts";
import { listGenerations } from "../../../examples/task-generation/database/generations.ts";
import { holderOf } from "../../../examples/task-generation/database/goals.ts";
import { listTasks } from "../../../examples/task-generation/database/tasks.ts";
import type { LogLine } from "../../../examples/task-generation/log.ts";
import type { WorkflowInput, WorkflowOutput } from "../../../examples/task-generation/types.ts";
import { arnOf, requestFor } from "./app.ts";
import { count, live, openTasks } from "./crashes.ts";
import type { Life } from "./crashes.ts";

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })));

function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "daruma-crash-"));
  folders.push(folder);
  return folder;
}

/** bakery-5 never has a quota; bakery-2 fails once; of the nine Japanese ones two have no quota. */
const weather = {
  // Long enough that a kill cuts off calls, even where it takes a while to arrive.
  delayMs: 150,
  stepMs: 5,
  failsOnce: ["bakery-2"],
  overQuota: ["bakery-5", "nihongo-4", "nihongo-8"],
};

/** The alerts in the log file, which is there before anything else of a process is. */
function alertsIn(folder: string): readonly LogLine[] {
  const lines = readFileSync(path.join(folder, "log.jsonl"), "utf8").trim().split("\n");
  return lines
    .map((line) => JSON.parse(line) as LogLine)
    .filter(({ event }) => event === "failure_rate_alert");
}

interface Story {
  readonly folder: string;
  readonly first: Life;
  readonly second: Life;
  readonly third: Life;
  readonly database: Database;
  readonly bakery: WorkflowInput;
  readonly nihongo: WorkflowInput;
}

/** Two goals side by side, killed twice; in the second life somebody asks for a goal that is being worked on. */
async function tellStory(): Promise<Story> {
  const folder = newFolder();
  const bakery = await requestFor("goal-bakery");
  const nihongo = await requestFor("goal-nihongo");
  const start = [
    { id: "bakery", input: bakery },
    { id: "nihongo", input: nihongo },
  ];
  const order = { folder, weather, start, wait: [] };
  const first = await live(order, (lines) => count(lines, "tasks_saved") >= 6);
  const again = { ...order, start: [{ id: "bakery-again", input: bakery }] };
  const second = await live(
    again,
    (lines) => count(lines, "tasks_saved") >= 20 && count(lines, "action_failed") >= 1,
  );
  const wait = ["bakery", "nihongo", "bakery-again"];
  const third = await live({ ...order, start: [], wait });
  return { folder, first, second, third, database: await openTasks(folder), bakery, nihongo };
}

describe("after kill -9 in the middle", () => {
  let story: Story;
  beforeAll(async () => {
    story = await tellStory();
  }, 120_000);
  afterAll(() => story.database.close());

  const outputOf = (id: string): WorkflowOutput => story.third.ended.get(id)?.output as WorkflowOutput;
  const allLines = (): readonly LogLine[] =>
    [story.first, story.second, story.third].flatMap(({ lines }) => lines);

  it("the story is what it should be: two processes were killed while they worked, the third one finished", () => {
    const { first, second, third } = story;
    expect([first.endedBy, second.endedBy, third.endedBy]).toEqual(["SIGKILL", "SIGKILL", "0"]);
    expect(third.ended.get("bakery")?.status).toBe("completed");
    expect(third.ended.get("nihongo")?.status).toBe("completed");
  });

  it("one run per goal is active: the second one for a goal is refused", async () => {
    const refused = story.third.ended.get("bakery-again");
    expect(refused).toMatchObject({ status: "failed", error: "GoalBusyError" });
    expect(await findByName(story.database, "bakery-again")).toBeUndefined();
    expect(await holderOf(story.database, "goal-bakery")).toBeUndefined();
  });

  it("every action is in exactly one batch", async () => {
    const rows = await story.database.all<{ action_id: string; batch: number }>(
      "SELECT action_id, batch FROM action_results WHERE execution_arn = ?",
      [arnOf("bakery")],
    );
    const expected = story.bakery.actionIds.map((id, index) => [id, Math.floor(index / 8) + 1]);
    expect(new Map(rows.map(({ action_id: id, batch }) => [id, batch]))).toEqual(
      new Map(expected as [string, number][]),
    );
    expect(rows).toHaveLength(64);
  });

  it("back-off is kept: never early", async () => {
    const calls = await listGenerations(story.database, arnOf("bakery"));
    const attempts = calls.filter(({ actionId }) => actionId === "bakery-2");
    const failed = attempts.findIndex(({ status }) => status === "failed");
    const [before, after] = attempts.slice(failed);
    expect((after?.startedAt ?? 0) - (before?.startedAt ?? 0)).toBeGreaterThanOrEqual(2000);
    expect(attempts.at(-1)?.status).toBe("completed");
    expect(
      calls.filter(({ actionId, status }) => actionId === "bakery-5" && status === "failed"),
    ).toHaveLength(1);
  });

  it("saving is atomic: each action has all of its tasks, once, and nothing was generated twice", async () => {
    const tasks = await listTasks(story.database, "goal-bakery");
    const ids = tasks.map(({ id }) => id);
    const expected = story.bakery.actionIds.filter((id) => id !== "bakery-5");
    expect(ids).toEqual(expected.flatMap((id) => [1, 2, 3].map((number) => `${id}-task-${number}`)));
    const calls = await listGenerations(story.database, arnOf("bakery"));
    const answered = calls.filter(({ status }) => status === "completed").map(({ actionId }) => actionId);
    expect(answered.toSorted()).toEqual(expected.toSorted());
  });

  it("calls that were cut off were made again with the same idempotency key", async () => {
    const calls = await listGenerations(story.database, arnOf("bakery"));
    const cutOff = calls.filter(({ status }) => status === null);
    expect(cutOff.length).toBeGreaterThan(0);
    for (const { actionId, idempotencyKey, process } of cutOff)
      expect(
        calls.some(
          (call) =>
            call.actionId === actionId && call.process !== process && call.idempotencyKey === idempotencyKey,
        ),
      ).toBe(true);
  });

  it("progress is processed / total and never went backwards", () => {
    for (const [goalId, total] of [
      ["goal-bakery", 64],
      ["goal-nihongo", 9],
    ] as const) {
      const told = allLines().filter((line) => line.event === "batch_completed" && line.goalId === goalId);
      const percentages = told.map(({ details }) => Number(details["percentage"]));
      expect(percentages).toEqual(percentages.toSorted((a, b) => a - b));
      for (const { details } of told) {
        expect(details["total"]).toBe(total);
        expect(details["percentage"]).toBe(Math.floor((Number(details["processed"]) / total) * 100));
      }
      expect(percentages.at(-1)).toBe(100);
    }
  });

  it("partial results are kept, and what failed is listed", () => {
    expect(outputOf("bakery")).toMatchObject({
      status: "PARTIAL",
      successCount: 63,
      failedCount: 1,
      failedActions: ["bakery-5"],
    });
    expect(outputOf("bakery").duration).toBeGreaterThan(0);
  });

  it("runs did not disturb each other", async () => {
    expect(outputOf("nihongo")).toMatchObject({ successCount: 7, failedActions: ["nihongo-4", "nihongo-8"] });
    const tasks = await listTasks(story.database, "goal-nihongo");
    expect(tasks.every(({ executionArn }) => executionArn === arnOf("nihongo"))).toBe(true);
    expect(new Set(tasks.map(({ actionId }) => actionId)).size).toBe(7);
  });

  it("the history is complete and in order", () => {
    const events = story.third.ended.get("bakery")?.events ?? [];
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
    expect(events.every(({ timestamp }, index) => timestamp >= (events[index - 1]?.timestamp ?? 0))).toBe(
      true,
    );
    expect([events[0]?.type, events.at(-1)?.type]).toEqual(["ExecutionStarted", "ExecutionSucceeded"]);
    const entered = events.flatMap(({ stateEnteredEventDetails: details }) =>
      details === undefined ? [] : [(details as { name: string }).name],
    );
    expect(entered.filter((name) => name === "GenerateTasks")).toHaveLength(64);
    expect(entered.filter((name) => name === "MarkActionSuccess")).toHaveLength(63);
    expect(entered.filter((name) => name === "UpdateBatchProgress")).toHaveLength(8);
  });

  it("the alert was raised at most once for what failed", async () => {
    // Two of nine, if the small goal's actions were over before most of the large one's; the table keeps it from being raised again.
    const raised = await story.database.all<{ failed: number; total: number }>(
      "SELECT failed, total FROM alerts",
    );
    expect(raised.length).toBeLessThanOrEqual(1);
    // What a kill cut off was told of by the next process: at least once, and only between the line and the table twice.
    const lines = alertsIn(story.folder);
    expect(lines.length).toBeGreaterThanOrEqual(raised.length);
    expect(lines.length).toBeLessThanOrEqual(raised.length * 3);
    for (const { failed, total } of raised) expect(failed / total).toBeGreaterThan(0.1);
  });
});

describe("the alert", () => {
  it(
    "is raised once, though the process is killed between the failures and the end of the batch",
    { timeout: 60_000 },
    async () => {
      const folder = newFolder();
      const input = await requestFor("goal-marathon");
      const order = { folder, weather: { delayMs: 50, stepMs: 60, overQuota: ["marathon-1", "marathon-2"] } };
      const start = [{ id: "r", input }];
      const first = await live({ ...order, start, wait: [] }, (lines) => count(lines, "action_failed") === 2);
      const second = await live({ ...order, start: [], wait: ["r"] });
      expect(first.endedBy).toBe("SIGKILL");
      const alerts = second.lines.filter(({ event }) => event === "failure_rate_alert");
      expect(alerts.map(({ details }) => [details["failed"], details["total"]])).toEqual([[2, 8]]);
    },
  );
});

describe("an alert that is in the database and not told of yet", () => {
  it("is told of by the next process, before it does anything else", { timeout: 60_000 }, async () => {
    const folder = newFolder();
    const input = await requestFor("goal-marathon");
    const order = { folder, weather: { delayMs: 20, stepMs: 10, overQuota: ["marathon-1", "marathon-2"] } };
    const start = [{ id: "r", input }];
    // Between the two is a notification that gets no answer: that is where the process dies.
    const first = await live({ ...order, start, wait: [], mute: true }, undefined, () => untold(folder));
    expect(first.endedBy).toBe("SIGKILL");
    expect(count(first.lines, "failure_rate_alert")).toBe(0);
    expect(alertsIn(folder)).toEqual([]);
    const second = await live({ ...order, start: [], wait: ["r"] });
    expect(second.ended.get("r")?.status).toBe("completed");
    const alerts = alertsIn(folder);
    expect(alerts.map(({ details }) => [details["failed"], details["total"], details["delivered"]])).toEqual([
      [2, 8, ["file"]],
    ]);
    expect(alerts[0]).toMatchObject({ goalId: "goal-marathon", executionArn: arnOf("r") });
    const sent = readFileSync(path.join(folder, "notifications.jsonl"), "utf8");
    expect(sent.split("\n").filter((line) => line.includes("too many actions fail"))).toHaveLength(1);
    const database = await openTasks(folder);
    expect(await database.all("SELECT id FROM alerts WHERE told_at IS NULL")).toEqual([]);
    await database.close();
    // It is told of: a third process has nothing to say of it.
    await live({ ...order, start: [], wait: ["r"] });
    expect(alertsIn(folder)).toHaveLength(1);
  });
});

/** Until there is an alert that nobody was told of. */
async function untold(folder: string): Promise<void> {
  await vi.waitFor(() => expect(existsSync(path.join(folder, "tasks.db"))).toBe(true), { timeout: 20_000 });
  const database = new DatabaseSync(path.join(folder, "tasks.db"), { readOnly: true });
  const look = (): unknown => database.prepare("SELECT id FROM alerts WHERE told_at IS NULL").get();
  await vi.waitFor(() => expect(look()).toBeDefined(), { timeout: 20_000, interval: 10 });
  database.close();
}

describe("the time limit", () => {
  it(
    "is that of the run's start, not of the process's: killed in the middle, it still stops in time",
    { timeout: 60_000 },
    async () => {
      const folder = newFolder();
      const input = await requestFor("goal-marathon");
      // Half of the actions would take far longer than the machine may.
      const order = { folder, weather: { delayMs: 100, stepMs: 3000 }, timeoutSeconds: 5 };
      const start = [{ id: "r", input }];
      const first = await live({ ...order, start, wait: [] }, (lines) => count(lines, "tasks_saved") === 1);
      const second = await live({ ...order, start: [], wait: ["r"] });
      expect(first.endedBy).toBe("SIGKILL");
      const run = second.ended.get("r");
      expect(run?.status).toBe("timed_out");
      const lasted = (run?.closedAt ?? 0) - (run?.createdAt ?? 0);
      expect(lasted).toBeGreaterThanOrEqual(5000);
      expect(lasted).toBeLessThan(8000);
      const database = await openTasks(folder);
      const saved = new Set((await listTasks(database, "goal-marathon")).map(({ actionId }) => actionId));
      await database.close();
      expect(saved.has("marathon-1")).toBe(true);
      expect(saved.size).toBeLessThan(8);
    },
  );
});
