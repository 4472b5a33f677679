// The same database on PostgreSQL: what differs between the two is tested on both.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findExecution, listExecutions } from "../../../examples/task-generation/database/executions.ts";
import { countResults } from "../../../examples/task-generation/database/results.ts";
import { listTasks } from "../../../examples/task-generation/database/tasks.ts";
import { openDatabase } from "../../../examples/task-generation/database/open.ts";
import { prometheusText } from "../../../examples/task-generation/metrics/prometheus.ts";
import { createHandlers } from "../../../examples/task-generation/handlers/all.ts";
import { taskGeneration } from "../../../examples/task-generation/machine.ts";
import { TestDaruma } from "daruma/testing";
import { alertIfNeeded } from "../../../examples/task-generation/alert.ts";
import { QuotaExceededError } from "../../../examples/task-generation/errors.ts";
import { requestFor, startedAt, temporaryFolder, testApplication } from "./app.ts";
import { generatorThat } from "./engine.ts";
import { startPostgres } from "./postgres.ts";
import type { PostgresServer } from "./postgres.ts";
import { begin, fail, succeed } from "./steps.ts";

const server: PostgresServer | undefined = await startPostgres();
afterAll(() => server?.close());
if (server === undefined && process.env["CI"] === "true") throw new TypeError("PostgreSQL is missing");
if (server === undefined) process.stdout.write("skipped: there is no PostgreSQL for this platform\n");

const kinds: readonly (readonly [string, () => string | undefined])[] = [
  ["SQLite", () => undefined],
  ...(server === undefined ? [] : [["PostgreSQL", () => server.url] as const]),
];

async function empty(at: string): Promise<void> {
  const database = await openDatabase(at);
  await database.script("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  await database.close();
}

describe.each(kinds)("on %s", (_name, url) => {
  beforeAll(async () => {
    const at = url();
    if (at === undefined) return;
    await empty(at);
  });

  it("runs the whole workflow, with failures, side by side", async () => {
    const at = url();
    const generator = generatorThat((id) => {
      if (id.endsWith("5")) throw new QuotaExceededError("used up");
    });
    const app = await testApplication({ generator, ...(at === undefined ? {} : { url: at }) });
    const workflow = taskGeneration(createHandlers(async () => app));
    await using daruma = await TestDaruma.open({ workflows: [workflow], startTime: startedAt });
    const goals = ["goal-bakery", "goal-nihongo", "goal-passport"];
    const runs = await Promise.all(
      goals.map(async (id) => daruma.start(workflow, { id, input: await requestFor(id) })),
    );
    const outputs = await Promise.all(runs.map((run) => run.result()));
    expect(outputs).toMatchObject([
      { status: "PARTIAL", successCount: 58, failedCount: 6 },
      { status: "PARTIAL", successCount: 8, failedActions: ["nihongo-5"] },
      { status: "SUCCEEDED", successCount: 1 },
    ]);
    const tasks = await listTasks(app.database, "goal-bakery");
    expect(tasks).toHaveLength(58 * 3);
    expect(tasks[0]).toMatchObject({ id: "bakery-1-task-1", estimatedMinutes: expect.any(Number) as number });
    const filter = { status: "partial", from: startedAt, limit: 10, offset: 0 } as const;
    expect(await listExecutions(app.database, filter)).toHaveLength(2);
    const text = await prometheusText(app.database);
    expect(text).toContain("task_generation_workflow_execution_count_total 3\n");
    expect(text).toContain("task_generation_action_processing_time_seconds_count 74\n");
  });

  it("counts, alerts, and rolls back", async () => {
    const at = url();
    const app = await testApplication(at === undefined ? {} : { url: at });
    app.time.now = () => startedAt + 10_000_000;
    const begun = await begin(app);
    await succeed(app, begun, 0);
    await fail(app, begun, 1);
    await fail(app, begun, 1);
    expect(await countResults(app.database, begun.executionArn)).toMatchObject({
      succeeded: 1,
      failed: 1,
      meanMs: 0,
    });
    await alertIfNeeded(app, begun, "key");
    await alertIfNeeded(app, begun, "key");
    expect(app.sent).toHaveLength(1);
    const broken = app.database.transaction(async (sql) => {
      await sql.run("UPDATE executions SET percentage = 99");
      throw new RangeError("no");
    });
    await expect(broken).rejects.toThrow(RangeError);
    expect(await findExecution(app.database, begun.executionArn)).toMatchObject({ percentage: 0 });
  });

  it("lets one of many have a goal", async () => {
    const at = url();
    const app = await testApplication(at === undefined ? {} : { url: at });
    app.time.now = () => startedAt + 20_000_000;
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) => begin(app, { goalId: "goal-passport", name: `try-${index}` })),
    );
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("may be opened by several at once, the first time too", async () => {
    const at = url() ?? `sqlite:${temporaryFolder()}/tasks.db`;
    if (url() !== undefined) await empty(at);
    const all = await Promise.all(Array.from({ length: 4 }, () => openDatabase(at, { seed: true })));
    expect(await all[0]?.all("SELECT COUNT(*) AS n FROM actions")).toMatchObject([{ n: 82 }]);
    for (const database of all) await database.close();
  });
});

describe("a database that is not there", () => {
  it("is an error that passes", async () => {
    await expect(openDatabase("postgres://postgres@127.0.0.1:1/none")).rejects.toMatchObject({
      name: "TransientError",
    });
  });

  it("must be of a kind that is known", async () => {
    await expect(openDatabase("mysql://x")).rejects.toMatchObject({ name: "ValidationError" });
  });
});
