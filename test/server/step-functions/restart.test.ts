import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openSqliteStore } from "../../../src/stores/sqlite/open.ts";
import { machine, openApi, pass, role, type World } from "./world.ts";

function databasePath(): string {
  const folder = mkdtempSync(join(tmpdir(), "daruma-step-functions-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "daruma.db");
}

async function open(path: string): Promise<World> {
  return await openApi({ store: await openSqliteStore(path) });
}

const arn = "arn:aws:states:us-east-1:123456789012:stateMachine:m";
const activityArn = "arn:aws:states:us-east-1:123456789012:activity:a";

/** Everything that can be asked without changing it. */
async function everything(world: World, executionArns: readonly string[]): Promise<unknown[]> {
  const asked: [string, object][] = [
    ["ListStateMachines", {}],
    ["DescribeStateMachine", { stateMachineArn: arn }],
    ["DescribeStateMachine", { stateMachineArn: `${arn}:1` }],
    ["ListStateMachineVersions", { stateMachineArn: arn }],
    ["ListStateMachineAliases", { stateMachineArn: arn }],
    ["DescribeStateMachineAlias", { stateMachineAliasArn: `${arn}:live` }],
    ["ListTagsForResource", { resourceArn: arn }],
    ["ListActivities", {}],
    ["DescribeActivity", { activityArn }],
    ["ListExecutions", { stateMachineArn: arn }],
    ...executionArns.flatMap((executionArn): [string, object][] => [
      ["DescribeExecution", { executionArn }],
      ["GetExecutionHistory", { executionArn }],
      ["DescribeStateMachineForExecution", { executionArn }],
    ]),
  ];
  return await Promise.all(asked.map(async ([operation, params]) => await world.ok(operation, params)));
}

test("a restart keeps everything, and what was running goes on", async () => {
  const path = databasePath();
  const before = await open(path);
  await before.ok("CreateActivity", { name: "a", tags: [{ key: "k", value: "v" }] });
  await before.ok("CreateStateMachine", {
    name: "m",
    roleArn: role,
    definition: machine(pass),
    publish: true,
    tags: [{ key: "k", value: "v" }],
  });
  const routingConfiguration = [{ stateMachineVersionArn: `${arn}:1`, weight: 100 }];
  await before.ok("CreateStateMachineAlias", { name: "live", routingConfiguration });
  const done = (await before.ok("StartExecution", { stateMachineArn: `${arn}:live` })).executionArn as string;
  await before.ended(done);
  await before.ok("UpdateStateMachine", {
    stateMachineArn: arn,
    definition: machine({ Type: "Fail", Error: "Broken" }),
  });
  const failed = (await before.ok("StartExecution", { stateMachineArn: arn })).executionArn as string;
  await before.ended(failed);
  await before.ok("RedriveExecution", { executionArn: failed });
  await before.ended(failed);
  await before.ok("UpdateStateMachine", {
    stateMachineArn: arn,
    definition: machine({ Type: "Task", Resource: activityArn }, { Type: "Wait", Seconds: 1 }),
  });
  const running = (await before.ok("StartExecution", { stateMachineArn: arn, input: "7" }))
    .executionArn as string;
  const { taskToken } = await before.ok("GetActivityTask", { activityArn });
  const waiting = (await before.ok("StartExecution", { stateMachineArn: arn, input: "8" }))
    .executionArn as string;
  const executions = [done, failed, running, waiting];
  const expected = await everything(before, executions);
  await before.close();

  const after = await open(path);
  expect(await everything(after, executions)).toEqual(expected);
  // The token that was given out still works, and a task that nobody has taken is offered again.
  await after.ok("SendTaskSuccess", { taskToken, output: '"done"' });
  const other = await after.ok("GetActivityTask", { activityArn });
  expect(other.input).toBe("8");
  await after.ok("SendTaskFailure", { taskToken: other.taskToken as string, error: "No" });
  expect(await after.ended(running)).toMatchObject({ status: "SUCCEEDED", output: '"done"' });
  expect(await after.ended(waiting)).toMatchObject({ status: "FAILED", error: "No" });
});
