import { describe, expect, test } from "vitest";
import { ActivityBroker, type Poll } from "../../../src/server/step-functions/broker.ts";
import { machine, openApi, role, type World } from "./world.ts";

const machineArn = "arn:aws:states:us-east-1:123456789012:stateMachine:m";
const activityArn = "arn:aws:states:us-east-1:123456789012:activity:a";

/** The activity `a`, and a machine whose executions are tasks of it. */
async function withActivity(): Promise<World> {
  const world = await openApi();
  expect((await world.ok("CreateActivity", { name: "a" })).activityArn).toBe(activityArn);
  const definition = machine({ Type: "Task", Resource: activityArn });
  await world.ok("CreateStateMachine", { name: "m", roleArn: role, definition });
  return world;
}

async function started(world: World, name: string): Promise<string> {
  const given = { stateMachineArn: machineArn, name, input: JSON.stringify(name) };
  return (await world.ok("StartExecution", given)).executionArn as string;
}

describe("a task of an activity", () => {
  test("goes to one worker, which reports once", async () => {
    const world = await withActivity();
    const executionArn = await started(world, "e");
    const { taskToken, input } = await world.ok("GetActivityTask", { activityArn, workerName: "w" });
    expect(input).toBe('"e"');
    expect(await world.ok("SendTaskHeartbeat", { taskToken })).toEqual({});
    expect(await world.ok("SendTaskSuccess", { taskToken, output: '{"n":1}' })).toEqual({});
    expect(await world.ended(executionArn)).toMatchObject({ status: "SUCCEEDED", output: '{"n":1}' });
    const over = "TaskTimedOut: Task Timed Out: 'Provided task does not exist anymore'";
    expect(await world.refusal("SendTaskSuccess", { taskToken, output: "2" })).toBe(over);
    expect(await world.refusal("SendTaskFailure", { taskToken })).toBe(over);
    expect(await world.refusal("SendTaskHeartbeat", { taskToken })).toBe(over);
  });

  test("can fail", async () => {
    const world = await withActivity();
    const executionArn = await started(world, "e");
    const { taskToken } = await world.ok("GetActivityTask", { activityArn });
    await world.ok("SendTaskFailure", { taskToken, error: "Broken", cause: "why" });
    expect(await world.ended(executionArn)).toMatchObject({
      status: "FAILED",
      error: "Broken",
      cause: "why",
    });
  });

  test("finds a worker that waits already, in the order of the tasks", async () => {
    const world = await withActivity();
    const workers = [1, 2, 3].map(() => world.ok("GetActivityTask", { activityArn }));
    for (const name of ["e1", "e2", "e3"]) await started(world, name);
    const inputs = (await Promise.all(workers)).map(({ input }) => input as string);
    expect(inputs.toSorted()).toEqual(['"e1"', '"e2"', '"e3"']);
  });

  test("is not taken by a worker that has gone away", async () => {
    const world = await withActivity();
    const gone = new AbortController();
    const waiting = world.call("GetActivityTask", { activityArn }, gone.signal);
    await new Promise((resolve) => setTimeout(resolve, 50));
    gone.abort();
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await started(world, "e");
    expect((await world.ok("GetActivityTask", { activityArn })).input).toBe('"e"');
  });

  test("of a stopped execution is over", async () => {
    const world = await withActivity();
    const executionArn = await started(world, "e");
    const { taskToken } = await world.ok("GetActivityTask", { activityArn });
    await world.ok("StopExecution", { executionArn });
    expect(await world.refusal("SendTaskSuccess", { taskToken, output: "1" })).toMatch(/^TaskTimedOut: /u);
  });

  test("has a token that cannot be made up", async () => {
    const world = await withActivity();
    await started(world, "e");
    await world.ok("GetActivityTask", { activityArn });
    const refusals = {
      nonsense: "InvalidToken: Invalid Token: 'Invalid token'",
      [btoa("[1]")]: "InvalidToken: Invalid Token: 'Invalid token'",
      [btoa('["no run","x"]')]: "TaskDoesNotExist: ",
      [btoa(`["${machineArn.replace("stateMachine", "execution")}:e","x"]`)]: "TaskDoesNotExist: ",
    };
    for (const [taskToken, refusal] of Object.entries(refusals))
      expect(await world.refusal("SendTaskSuccess", { taskToken, output: "1" })).toContain(refusal);
    expect(await world.refusal("SendTaskSuccess", { taskToken: "x", output: "{" })).toMatch(
      /^InvalidOutput: Invalid Output: 'Unexpected end-of-input/u,
    );
  });
});

describe("activities", () => {
  test("are listed in pages, described and deleted", async () => {
    const world = await openApi();
    for (const name of ["a", "b", "c"]) await world.ok("CreateActivity", { name });
    const first = await world.ok("ListActivities", { maxResults: 2 });
    expect(first.activities).toMatchObject([{ name: "a", activityArn }, { name: "b" }]);
    const rest = await world.ok("ListActivities", { nextToken: first.nextToken as string });
    expect(rest).toEqual({
      activities: [
        {
          name: "c",
          activityArn: `${activityArn.slice(0, -1)}c`,
          creationDate: expect.any(Number) as number,
        },
      ],
    });
    await world.ok("DeleteActivity", { activityArn });
    const missing = `ActivityDoesNotExist: Activity Does Not Exist: '${activityArn}'`;
    expect(await world.refusal("DescribeActivity", { activityArn })).toBe(missing);
    expect(await world.refusal("GetActivityTask", { activityArn })).toBe(missing);
  });
});

describe("the broker", () => {
  const context = { executionArn: "", stateMachineArn: "", stateName: "", account: "", region: "" };
  const poll: Poll = {
    activityArn: "a",
    waitMs: 10,
    signal: new AbortController().signal,
    take: async (input) => ({ input }),
  };

  function offer(broker: ActivityBroker, taskToken: string): () => Promise<void> {
    const held = new AbortController();
    const over = broker.offer({ activityArn: "a", taskToken, context }, { signal: held.signal });
    return async () => {
      held.abort();
      await over;
    };
  }

  test("answers nothing when no task comes in time", async () => {
    expect(await new ActivityBroker().poll(poll)).toBeUndefined();
  });

  test("passes over tasks that cannot be taken any more, and those that were withdrawn", async () => {
    const broker = new ActivityBroker();
    const withdraw = ["one", "two", "three"].map((token) => offer(broker, token));
    await withdraw[0]?.();
    const take: Poll["take"] = async (token) => (token === "two" ? undefined : { input: token });
    expect(await broker.poll({ ...poll, take })).toEqual({ taskToken: "three", input: "three" });
    expect(await broker.poll(poll)).toBeUndefined();
    for (const each of withdraw) await each();
  });

  test("keeps a task whose run could not be asked", async () => {
    const broker = new ActivityBroker();
    const withdraw = offer(broker, "one");
    const take: Poll["take"] = () => Promise.reject(new Error("away"));
    await expect(broker.poll({ ...poll, take })).rejects.toThrow("away");
    expect(await broker.poll(poll)).toMatchObject({ taskToken: "one" });
    await withdraw();
  });
});
