import { describe, expect, test } from "vitest";
import { machine, openApi, pass, role, type World } from "./world.ts";

const arn = "arn:aws:states:us-east-1:123456789012:stateMachine:m";
const executions = "arn:aws:states:us-east-1:123456789012:execution:m";
const long = { Type: "Wait", Seconds: 600 };

/** The API with the machine `m`. */
async function withMachine(definition: string, options: object = {}): Promise<World> {
  const world = await openApi();
  await world.ok("CreateStateMachine", { name: "m", roleArn: role, definition, ...options });
  return world;
}

const start = { stateMachineArn: arn, name: "e" };

describe("StartExecution", () => {
  test("answers a repeat of a running execution as the first time", async () => {
    const world = await withMachine(machine(long));
    const first = await world.ok("StartExecution", { ...start, input: '{"a":1}' });
    expect(first).toEqual({ executionArn: `${executions}:e`, startDate: expect.any(Number) as number });
    expect(await world.ok("StartExecution", { ...start, input: '{"a":1}' })).toEqual(first);
    const exists = `ExecutionAlreadyExists: Execution Already Exists: '${executions}:e'`;
    expect(await world.refusal("StartExecution", { ...start, input: '{"a":2}' })).toBe(exists);
    await world.ok("StopExecution", { executionArn: `${executions}:e` });
    expect(await world.refusal("StartExecution", { ...start, input: '{"a":1}' })).toBe(exists);
  });

  test("of many at once starts one", async () => {
    const world = await withMachine(machine(long));
    const answers = await Promise.all(Array.from({ length: 10 }, () => world.ok("StartExecution", start)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect((await world.ok("ListExecutions", { stateMachineArn: arn })).executions).toHaveLength(1);
  });

  test.each([
    ["", "Invalid execution input."],
    ["[1,", "Unexpected end-of-input"],
    [
      "tru",
      "Unrecognized token 'tru': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    ],
    ["{'a':1}", "Unexpected character (''' (code 39)): was expecting double-quote to start field name"],
    ["[1 2]", "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries"],
  ])("refuses the input %j", async (input, why) => {
    const world = await withMachine(machine(pass));
    const refusal = await world.refusal("StartExecution", { ...start, input });
    expect(refusal).toContain(`InvalidExecutionInput: Invalid State Machine Execution Input: '${why}`);
  });

  test("refuses inputs that are nested deeper than AWS reads", async () => {
    const world = await withMachine(machine(pass));
    const input = "[".repeat(50_000) + "]".repeat(50_000);
    expect(await world.refusal("StartExecution", { ...start, input })).toContain(
      "Document nesting depth (1001) exceeds the maximum allowed (1000",
    );
  });

  test("refuses names and sizes that AWS refuses, and takes larger inputs without AWS's limits", async () => {
    const world = await withMachine(machine(pass));
    expect(await world.refusal("StartExecution", { ...start, name: "a/b" })).toBe(
      "InvalidName: Invalid Name: 'a/b'",
    );
    const input = JSON.stringify("x".repeat(262_144));
    expect(await world.refusal("StartExecution", { ...start, input })).toContain(
      "at 'input' failed to satisfy constraint: Member must have length less than or equal to 262144",
    );
    const free = await openApi({ awsLimits: false });
    await free.ok("CreateStateMachine", { name: "m", roleArn: role, definition: machine({ Type: "Pass" }) });
    const { executionArn } = await free.ok("StartExecution", { ...start, input });
    expect((await free.ended(executionArn)).output).toBe(input);
  });
});

describe("an execution", () => {
  test("that succeeds", async () => {
    const world = await withMachine(machine(pass));
    const { executionArn, startDate } = await world.ok("StartExecution", { ...start, input: "[1]" });
    expect(await world.ended(executionArn)).toEqual({
      executionArn,
      stateMachineArn: arn,
      name: "e",
      status: "SUCCEEDED",
      startDate,
      stopDate: expect.any(Number) as number,
      input: "[1]",
      inputDetails: { included: true },
      output: '{"done":true}',
      outputDetails: { included: true },
      redriveCount: 0,
      redriveStatus: "NOT_REDRIVABLE",
      redriveStatusReason: "Execution is SUCCEEDED and cannot be redriven",
    });
    const metadata = await world.ok("DescribeExecution", { executionArn, includedData: "METADATA_ONLY" });
    expect(metadata).toMatchObject({ inputDetails: { included: false }, outputDetails: { included: false } });
    expect([metadata.input, metadata.output]).toEqual([undefined, undefined]);
  });

  test("that fails", async () => {
    const world = await withMachine(machine({ Type: "Fail", Error: "Broken", Cause: "it fell" }));
    const { executionArn } = await world.ok("StartExecution", start);
    const found = await world.ended(executionArn);
    expect(found).toMatchObject({
      status: "FAILED",
      error: "Broken",
      cause: "it fell",
      redriveStatus: "REDRIVABLE",
    });
    expect(found).not.toHaveProperty("outputDetails");
  });

  test("that is stopped", async () => {
    const world = await withMachine(machine(long));
    const { executionArn } = await world.ok("StartExecution", start);
    expect(await world.ok("DescribeExecution", { executionArn })).toMatchObject({
      status: "RUNNING",
      redriveStatus: "NOT_REDRIVABLE",
      redriveStatusReason: "Execution is RUNNING and cannot be redriven",
    });
    const { stopDate } = await world.ok("StopExecution", { executionArn, error: "Halt", cause: "enough" });
    const found = await world.ok("DescribeExecution", { executionArn });
    expect(found).toMatchObject({ status: "ABORTED", error: "Halt", cause: "enough", stopDate });
    expect(await world.ok("StopExecution", { executionArn, error: "again" })).toEqual({ stopDate });
    const { events } = await world.ok("GetExecutionHistory", { executionArn });
    expect(events.at(-1)).toEqual({
      id: 3,
      previousEventId: 2,
      timestamp: stopDate,
      type: "ExecutionAborted",
      executionAbortedEventDetails: { error: "Halt", cause: "enough" },
    });
  });

  test("whose machine's time is over", async () => {
    const definition = JSON.stringify({ ...(JSON.parse(machine(long)) as object), TimeoutSeconds: 1 });
    const world = await withMachine(definition);
    const { executionArn } = await world.ok("StartExecution", start);
    expect(await world.ended(executionArn)).toMatchObject({ status: "TIMED_OUT" });
    const { events } = await world.ok("GetExecutionHistory", {
      executionArn,
      reverseOrder: true,
      maxResults: 2,
    });
    expect(events).toMatchObject([
      { id: 3, type: "ExecutionTimedOut", previousEventId: 2 },
      { id: 2, type: "WaitStateEntered" },
    ]);
  });

  test("that is not known", async () => {
    const world = await withMachine(machine(pass));
    const executionArn = `${executions}:none`;
    const unknown = `ExecutionDoesNotExist: Execution Does Not Exist: '${executionArn}'`;
    for (const operation of [
      "DescribeExecution",
      "DescribeStateMachineForExecution",
      "GetExecutionHistory",
      "StopExecution",
      "RedriveExecution",
      "ListMapRuns",
    ]) {
      expect(await world.refusal(operation, { executionArn }), operation).toBe(unknown);
    }
  });
});

describe("GetExecutionHistory", () => {
  test("has pages, either way", async () => {
    const world = await withMachine(machine(pass, pass, pass, long));
    const { executionArn } = await world.ok("StartExecution", start);
    await world.ok("StopExecution", { executionArn });
    const ids = async (params: object): Promise<number[][]> => {
      const found: number[][] = [];
      for (let nextToken: string | undefined; found.length < 20;) {
        const more = nextToken === undefined ? {} : { nextToken };
        const page = await world.ok("GetExecutionHistory", {
          executionArn,
          maxResults: 4,
          ...params,
          ...more,
        });
        found.push((page.events as { id: number }[]).map(({ id }) => id));
        nextToken = page.nextToken as string | undefined;
        if (nextToken === undefined) return found;
      }
      return found;
    };
    expect(await ids({})).toEqual([[1, 2, 3, 4], [5, 6, 7, 8], [9]]);
    expect(await ids({ reverseOrder: true })).toEqual([[9, 8, 7, 6], [5, 4, 3, 2], [1]]);
    expect(await ids({ maxResults: 0 })).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9]]);
    expect(await ids({ maxResults: 9 })).toHaveLength(1);
    const { nextToken } = await world.ok("GetExecutionHistory", { executionArn, maxResults: 1 });
    expect(await world.refusal("GetExecutionHistory", { executionArn, nextToken, reverseOrder: true })).toBe(
      "InvalidToken: Invalid Token: 'Invalid token'",
    );
  });

  test("leaves data out if asked to", async () => {
    const world = await withMachine(machine(pass));
    const { executionArn } = await world.ok("StartExecution", { ...start, input: '"secret"' });
    await world.ended(executionArn);
    const all = await world.ok("GetExecutionHistory", { executionArn });
    expect(JSON.stringify(all)).toContain("secret");
    const page = await world.ok("GetExecutionHistory", { executionArn, includeExecutionData: false });
    expect(JSON.stringify(page)).not.toMatch(/secret|"output"/u);
    expect(page.events).toHaveLength(all.events.length);
  });
});

describe("ListExecutions", () => {
  test("is newest first, in pages, by status", async () => {
    const world = await withMachine(machine(pass));
    await world.ok("CreateStateMachine", { name: "m2", roleArn: role, definition: machine(pass) });
    await world.ok("StartExecution", { stateMachineArn: `${arn}2` });
    const names = Array.from({ length: 5 }, (_, index) => `e${index}`);
    for (const name of names) {
      await world.ok("StartExecution", { stateMachineArn: arn, name });
      await world.ended(`${executions}:${name}`);
    }
    await world.ok("UpdateStateMachine", { stateMachineArn: arn, definition: machine(long) });
    await world.ok("StartExecution", { stateMachineArn: arn, name: "running" });
    const listed = async (params: object): Promise<string[][]> => {
      const found: string[][] = [];
      for (let more: object | undefined = {}; more !== undefined;) {
        const page = await world.ok("ListExecutions", {
          stateMachineArn: arn,
          maxResults: 3,
          ...params,
          ...more,
        });
        found.push((page.executions as { name: string }[]).map(({ name }) => name));
        more = page.nextToken === undefined ? undefined : { nextToken: page.nextToken as string };
      }
      return found;
    };
    expect(await listed({})).toEqual([
      ["running", "e4", "e3"],
      ["e2", "e1", "e0"],
    ]);
    expect(await listed({ statusFilter: "RUNNING" })).toEqual([["running"]]);
    expect(await listed({ statusFilter: "SUCCEEDED" })).toEqual([
      ["e4", "e3", "e2"],
      ["e1", "e0"],
    ]);
    for (const statusFilter of ["FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"])
      expect(await listed({ statusFilter })).toEqual([[]]);
    expect(await listed({ redriveFilter: "REDRIVEN" })).toEqual([[]]);
  });

  test("tells failures from time-outs and stops", async () => {
    const world = await withMachine(machine({ Type: "Fail" }));
    await world.ok("StartExecution", { ...start, name: "failed" });
    await world.ended(`${executions}:failed`);
    await world.ok("UpdateStateMachine", { stateMachineArn: arn, definition: machine(long) });
    await world.ok("StartExecution", { ...start, name: "aborted" });
    await world.ok("StopExecution", { executionArn: `${executions}:aborted` });
    for (const [statusFilter, name] of [
      ["FAILED", "failed"],
      ["ABORTED", "aborted"],
    ]) {
      const { executions: found } = await world.ok("ListExecutions", { stateMachineArn: arn, statusFilter });
      expect(found).toMatchObject([{ name, status: statusFilter, redriveCount: 0 }]);
    }
  });

  test("needs one machine or one map run", async () => {
    const world = await withMachine(machine(pass));
    const mapRunArn = "arn:aws:states:us-east-1:123456789012:mapRun:m/l:id";
    for (const params of [{}, { stateMachineArn: arn, mapRunArn }])
      expect(await world.refusal("ListExecutions", params)).toMatch(/^ValidationException: /u);
    expect(await world.ok("ListExecutions", { mapRunArn })).toEqual({ executions: [] });
    expect(await world.refusal("DescribeMapRun", { mapRunArn })).toBe(
      `ResourceNotFound: Resource not found: '${mapRunArn}'`,
    );
  });
});

describe("express executions", () => {
  test("are neither listed nor described, and run all the same", async () => {
    const world = await withMachine(machine(pass), { type: "EXPRESS" });
    const { executionArn } = await world.ok("StartExecution", start);
    expect(executionArn).toMatch(/^arn:aws:states:us-east-1:123456789012:express:m:e:[\da-f-]{36}$/u);
    const again = await world.ok("StartExecution", start);
    expect(again.executionArn).not.toBe(executionArn);
    expect(await world.client.get(executionArn as string).result()).toBe('{"done":true}');
    expect(await world.refusal("DescribeExecution", { executionArn })).toBe(
      "InvalidArn: Invalid Arn: 'Resource type not valid in this context: express'",
    );
    const listing = await world.refusal("ListExecutions", { stateMachineArn: arn });
    expect(listing).toMatch(/^StateMachineTypeNotSupported: /u);
  });

  test("are waited for by StartSyncExecution, which takes no others", async () => {
    const world = await withMachine(machine({ Type: "Fail", Error: "No", Cause: "never" }), {
      type: "EXPRESS",
    });
    expect(await world.ok("StartSyncExecution", { ...start, input: "1" })).toMatchObject({
      status: "FAILED",
      error: "No",
      cause: "never",
      input: "1",
      name: "e",
      billingDetails: { billedMemoryUsedInMB: 64 },
    });
    const standard = await withMachine(machine(pass));
    expect(await standard.refusal("StartSyncExecution", start)).toBe(
      "StateMachineTypeNotSupported: This operation is not supported by this type of state machine",
    );
  });
});
