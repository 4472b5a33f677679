// Executions are runs: what the core's retry and fork do to them, from another process, shows in the API.
import { join } from "node:path";
import { Daruma } from "daruma";
import { expect, test } from "vitest";
import { chain, folder, openReal } from "./real.ts";
import type { Real } from "./real.ts";

const activityArn = "arn:aws:states:us-east-1:123456789012:activity:a";

/** Takes the task and fails, or completes it. */
async function work(api: Real, output?: string): Promise<void> {
  const { taskToken } = await api.ok("GetActivityTask", { activityArn });
  if (output === undefined) await api.ok("SendTaskFailure", { taskToken, error: "Broken" });
  else await api.ok("SendTaskSuccess", { taskToken, output });
}

test("a failed task is given out again after a retry; a fork is a run beside the execution", async () => {
  const url = `sqlite:${join(folder(), "daruma.db")}`;
  const api = await openReal({ url, endpoint: true });
  const client = await Daruma.connect(url);
  await api.ok("CreateActivity", { name: "a" });
  const executionArn = await api.start(
    chain({ First: { Type: "Pass" }, Work: { Type: "Task", Resource: activityArn } }),
  );
  await work(api);
  expect(await api.ended(executionArn)).toMatchObject({ status: "FAILED", error: "Broken" });

  await client.get(executionArn).retry();
  expect(await api.ok("DescribeExecution", { executionArn })).toMatchObject({ status: "RUNNING" });
  await work(api, '"at last"');
  expect(await api.ended(executionArn)).toMatchObject({ status: "SUCCEEDED", output: '"at last"' });
  const events = await api.events(executionArn);
  expect(events.map(({ id }) => id)).toEqual(events.map((_event, index) => index + 1));
  const milestones = events.map(({ type }) => type).filter((type) => type.startsWith("Execution"));
  expect(milestones).toEqual(["ExecutionStarted", "ExecutionSucceeded"]);

  const fork = await client.fork(executionArn, { id: "fork", at: 1 });
  await work(api, '"forked"');
  expect(await fork.result()).toBe('"forked"');
  expect(await api.ok("DescribeExecution", { executionArn })).toMatchObject({ output: '"at last"' });
  await client.close();
});

test("a failed task of an activity inside of a Parallel is given out again, and nothing else", async () => {
  const url = `sqlite:${join(folder(), "daruma.db")}`;
  const api = await openReal({ url, endpoint: true });
  const client = await Daruma.connect(url);
  for (const name of ["a", "b"]) await api.ok("CreateActivity", { name });
  const branch = (state: string, Resource: string): object => ({
    StartAt: state,
    States: { [state]: { Type: "Task", Resource, End: true } },
  });
  const otherArn = activityArn.replace(/a$/, "b");
  const executionArn = await api.start({
    StartAt: "Both",
    States: {
      Both: { Type: "Parallel", Branches: [branch("A", activityArn), branch("B", otherArn)], End: true },
    },
  });
  const other = await api.ok("GetActivityTask", { activityArn: otherArn });
  await api.ok("SendTaskSuccess", { taskToken: other["taskToken"], output: '"b"' });
  await work(api);
  expect(await api.ended(executionArn)).toMatchObject({ status: "FAILED", error: "Broken" });

  await client.get(executionArn).retry();
  await work(api);
  expect(await api.ended(executionArn)).toMatchObject({ status: "FAILED", error: "Broken" });
  await client.get(executionArn).retry();
  await work(api, '"a"');
  expect(await api.ended(executionArn)).toMatchObject({ status: "SUCCEEDED", output: '["a","b"]' });
  await client.close();
});
