import { describe, expect, test } from "vitest";
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
    const redrives = await Promise.all([1, 2, 3].map(() => world.call("RedriveExecution", { executionArn })));
    expect(redrives.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
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

  test("is refused after two weeks", async () => {
    let passed = 0;
    const world = await openApi({ now: () => Date.now() + passed });
    await world.ok("CreateStateMachine", { name: "m", roleArn: role, definition: machine({ Type: "Fail" }) });
    const { executionArn } = await world.ok("StartExecution", start);
    await world.ended(executionArn);
    passed = 15 * 24 * 3600_000;
    expect(await world.refusal("RedriveExecution", { executionArn })).toMatch(
      /^ExecutionNotRedrivable: .*14 days/u,
    );
  });
});
