import { describe, expect, test } from "vitest";
import { Executions } from "../../../src/server/step-functions/executions.ts";
import { unredrivable } from "../../../src/server/step-functions/redrivable.ts";
import { machine, openApi, pass, role, type World } from "./world.ts";

const arn = "arn:aws:states:us-east-1:123456789012:stateMachine:m";
const long = { Type: "Wait", Seconds: 600 };

/** The API with the machine `m`. */
async function withMachine(definition: string, options: object = {}): Promise<World> {
  const world = await openApi();
  await world.ok("CreateStateMachine", { name: "m", roleArn: role, definition, ...options });
  return world;
}

const start = { stateMachineArn: arn, name: "e" };

describe("RedriveExecution", () => {
  const definition = machine(pass, {
    Type: "Task",
    Resource: "arn:aws:states:us-east-1:123456789012:activity:a",
  });

  /** Takes the task and fails, or completes it. */
  async function work(world: World, output?: string): Promise<void> {
    const activityArn = "arn:aws:states:us-east-1:123456789012:activity:a";
    const { taskToken } = await world.ok("GetActivityTask", { activityArn });
    if (output === undefined) await world.ok("SendTaskFailure", { taskToken, error: "Broken" });
    else await world.ok("SendTaskSuccess", { taskToken, output });
  }

  test("goes on where the execution failed, in one history, again and again", async () => {
    const world = await withMachine(definition);
    await world.ok("CreateActivity", { name: "a" });
    const { executionArn, startDate } = await world.ok("StartExecution", start);
    await work(world);
    expect(await world.ended(executionArn)).toMatchObject({ status: "FAILED", redriveCount: 0 });
    const { redriveDate } = await world.ok("RedriveExecution", { executionArn });
    expect(await world.ok("DescribeExecution", { executionArn })).toMatchObject({
      status: "RUNNING",
      redriveCount: 1,
      redriveDate,
      startDate,
    });
    expect(await world.refusal("RedriveExecution", { executionArn })).toBe(
      "ExecutionNotRedrivable: Execution is RUNNING and cannot be redriven",
    );
    await work(world);
    await world.ended(executionArn);
    await world.ok("RedriveExecution", { executionArn });
    await work(world, '"at last"');
    expect(await world.ended(executionArn)).toMatchObject({
      status: "SUCCEEDED",
      redriveCount: 2,
      output: '"at last"',
    });
    const { events } = (await world.ok("GetExecutionHistory", { executionArn })) as {
      events: { id: number; type: string }[];
    };
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
    const milestones = events.map(({ type }) => type).filter((type) => type.startsWith("Execution"));
    expect(milestones).toEqual([
      "ExecutionStarted",
      "ExecutionFailed",
      "ExecutionRedriven",
      "ExecutionFailed",
      "ExecutionRedriven",
      "ExecutionSucceeded",
    ]);
    const backwards = await world.ok("GetExecutionHistory", { executionArn, reverseOrder: true });
    expect(backwards.events).toEqual(events.toReversed());
    const { executions: found } = await world.ok("ListExecutions", { stateMachineArn: arn });
    expect(found).toMatchObject([{ executionArn, status: "SUCCEEDED", redriveCount: 2 }]);
    for (const [statusFilter, count] of [
      ["SUCCEEDED", 1],
      ["FAILED", 0],
    ] as const) {
      const filtered = await world.ok("ListExecutions", { stateMachineArn: arn, statusFilter });
      expect(filtered.executions).toHaveLength(count);
    }
    const redriven = await world.ok("ListExecutions", { stateMachineArn: arn, redriveFilter: "REDRIVEN" });
    expect(redriven.executions).toHaveLength(1);
  });

  test("takes up a stopped execution, and StopExecution ends it again", async () => {
    const world = await withMachine(machine(long));
    const { executionArn } = await world.ok("StartExecution", start);
    await world.ok("StopExecution", { executionArn });
    await world.ok("RedriveExecution", { executionArn });
    expect(await world.ok("DescribeExecution", { executionArn })).toMatchObject({
      status: "RUNNING",
      redriveCount: 1,
    });
    await world.ok("StopExecution", { executionArn, cause: "for good" });
    expect(await world.ok("DescribeExecution", { executionArn })).toMatchObject({
      status: "ABORTED",
      cause: "for good",
    });
    const { events } = (await world.ok("GetExecutionHistory", { executionArn })) as {
      events: { type: string }[];
    };
    expect(events.map(({ type }) => type)).toEqual([
      "ExecutionStarted",
      "WaitStateEntered",
      "ExecutionAborted",
      "ExecutionRedriven",
      "WaitStateEntered",
      "ExecutionAborted",
    ]);
  });

  test("of many requests at once happens once: the others are refused", async () => {
    const world = await withMachine(machine(long));
    const { executionArn } = await world.ok("StartExecution", start);
    await world.ok("StopExecution", { executionArn });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => world.call("RedriveExecution", { executionArn })),
    );
    const [accepted, ...more] = answers.filter(({ status }) => status === 200);
    expect(more).toEqual([]);
    const refused = answers.filter(({ status }) => status === 400).map(({ body }) => body as unknown);
    expect(refused).toEqual(
      Array.from({ length: 7 }, () => ({
        __type: "ExecutionNotRedrivable",
        message: "Execution is RUNNING and cannot be redriven",
      })),
    );
    expect(await world.ok("DescribeExecution", { executionArn })).toMatchObject({
      status: "RUNNING",
      redriveCount: 1,
      ...(accepted?.body as object),
    });
  });

  test("of one clientToken happens once, however often and at once it is asked for, for 15 minutes", async () => {
    let passed = 0;
    const world = await openApi({ now: () => Date.now() + passed });
    await world.ok("CreateStateMachine", { name: "m", roleArn: role, definition: machine(long) });
    const { executionArn } = await world.ok("StartExecution", start);
    await world.ok("StopExecution", { executionArn });
    const clientToken = "mine";
    const ask = async (): Promise<unknown> => world.ok("RedriveExecution", { executionArn, clientToken });
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await ask()).toEqual(answers[0]);
    await world.ok("StopExecution", { executionArn });
    // Another token's redrive comes in between; the first is still remembered.
    await world.ok("RedriveExecution", { executionArn, clientToken: "other" });
    expect(await ask()).toEqual(answers[0]);
    expect(await world.ok("DescribeExecution", { executionArn })).toMatchObject({ redriveCount: 2 });
    passed = 16 * 60_000;
    expect(await world.refusal("RedriveExecution", { executionArn, clientToken })).toBe(
      "ExecutionNotRedrivable: Execution is RUNNING and cannot be redriven",
    );
  });

  test("counts as it goes", async () => {
    const world = await withMachine(machine({ Type: "Fail" }));
    const { executionArn } = await world.ok("StartExecution", start);
    for (let count = 1; count <= 9; count++) {
      await world.ended(executionArn);
      await world.ok("RedriveExecution", { executionArn });
      expect(await world.ended(executionArn)).toMatchObject({ redriveCount: count });
    }
    const { events } = await world.ok("GetExecutionHistory", { executionArn });
    expect(events).toHaveLength(10 * 3);
  });

  test("is refused after two weeks, and DescribeExecution says why", async () => {
    let passed = 0;
    const world = await openApi({ now: () => Date.now() + passed });
    await world.ok("CreateStateMachine", { name: "m", roleArn: role, definition: machine({ Type: "Fail" }) });
    const { executionArn } = await world.ok("StartExecution", start);
    expect(await world.ended(executionArn)).toMatchObject({ redriveStatus: "REDRIVABLE" });
    const redriveStatusReason = "Execution redrivable period exceeded";
    passed = 14 * 24 * 3600_000 - 60_000;
    expect(await world.ok("DescribeExecution", { executionArn })).not.toHaveProperty("redriveStatusReason");
    passed = 14 * 24 * 3600_000 + 1000;
    expect(await world.ok("DescribeExecution", { executionArn })).toMatchObject({
      redriveStatus: "NOT_REDRIVABLE",
      redriveStatusReason,
    });
    expect(await world.refusal("RedriveExecution", { executionArn })).toBe(
      `ExecutionNotRedrivable: ${redriveStatusReason}`,
    );
  });

  test("is refused a year after the start, unless AWS's limits do not hold", async () => {
    const world = await openApi();
    await world.ok("CreateStateMachine", { name: "m", roleArn: role, definition: machine({ Type: "Fail" }) });
    const { executionArn } = await world.ok("StartExecution", start);
    await world.ended(executionArn);
    const executions = new Executions(world.client);
    const view = await executions.view(executionArn);
    const now = (): number => Date.now();
    const open = { client: world.client, executions, now, awsLimits: true };
    expect(await unredrivable(open, view)).toBeUndefined();
    const old = { ...view, startedAt: now() - 366 * 24 * 3600_000 };
    expect(await unredrivable(open, old)).toBe("Execution has exceeded the max execution time");
    expect(await unredrivable({ ...open, awsLimits: false }, old)).toBeUndefined();
  });

  test("is refused when the machine is gone", async () => {
    const world = await withMachine(machine({ Type: "Fail" }));
    const { executionArn } = await world.ok("StartExecution", start);
    await world.ended(executionArn);
    await world.ok("DeleteStateMachine", { stateMachineArn: arn });
    expect(await world.ok("DescribeExecution", { executionArn })).toMatchObject({
      redriveStatus: "NOT_REDRIVABLE",
      redriveStatusReason: "State machine is in DELETING status",
    });
    expect(await world.refusal("RedriveExecution", { executionArn })).toMatch(/^ExecutionNotRedrivable: /u);
  });
});
