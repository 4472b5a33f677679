// Tasks of activities and the workers that fetch them.
import { expect, test } from "vitest";
import { join } from "node:path";
import { chain, folder, openReal, until } from "./real.ts";

const activityArn = "arn:aws:states:us-east-1:123456789012:activity:a";

function work(more: object = {}): object {
  return { Type: "Task", Resource: activityArn, ...more };
}

test("each task goes to one of the workers that ask, whoever of them is still there", async () => {
  const api = await openReal();
  await api.ok("CreateActivity", { name: "a" });
  const gone = new AbortController();
  const leaver = api
    .call("GetActivityTask", { activityArn, workerName: "leaver" }, gone.signal)
    .catch(() => "gone");
  await new Promise((resolve) => setTimeout(resolve, 50));
  gone.abort();
  expect(await leaver).toBe("gone");
  const polls = [1, 2, 3].map((n) => api.ok("GetActivityTask", { activityArn, workerName: `w${n}` }));
  const executionArn = await api.start(
    chain({ Each: { Type: "Map", ItemProcessor: chain({ Work: work() }) } }),
    { input: ["a", "b", "c"] },
  );
  const tasks = await Promise.all(polls);
  expect(tasks.map(({ input }) => input as string).toSorted()).toEqual(['"a"', '"b"', '"c"']);
  expect(new Set(tasks.map(({ taskToken }) => taskToken as string)).size).toBe(3);
  for (const { taskToken, input } of tasks) await api.ok("SendTaskSuccess", { taskToken, output: input });
  expect(await api.ended(executionArn)).toMatchObject({ output: '["a","b","c"]' });
  const started = (await api.events(executionArn)).filter(({ type }) => type === "ActivityStarted");
  expect(
    started
      .map((event) => (event["activityStartedEventDetails"] as { workerName: string }).workerName)
      .toSorted(),
  ).toEqual(["w1", "w2", "w3"]);
});

test("silence is counted from the moment in which a worker has taken the task", async () => {
  const api = await openReal();
  await api.ok("CreateActivity", { name: "a" });
  const executionArn = await api.start(chain({ Work: work({ HeartbeatSeconds: 1 }) }));
  await new Promise((resolve) => setTimeout(resolve, 1300));
  const { taskToken } = await api.ok("GetActivityTask", { activityArn });
  await api.ok("SendTaskHeartbeat", { taskToken });
  expect(await api.ended(executionArn)).toMatchObject({ status: "FAILED", error: "States.HeartbeatTimeout" });
  expect((await api.types(executionArn)).slice(-4)).toEqual([
    "ActivityScheduled",
    "ActivityStarted",
    "ActivityTimedOut",
    "ExecutionFailed",
  ]);
});

test("a task that was offered is offered again by the next process, and one that was taken is reported to it", async () => {
  const url = `sqlite:${join(folder(), "daruma.db")}`;
  const first = await openReal({ url });
  await first.ok("CreateActivity", { name: "a" });
  const both = chain({ Each: { Type: "Map", MaxConcurrency: 0, ItemProcessor: chain({ Work: work() }) } });
  const executionArn = await first.start(both, { input: [1, 2] });
  const taken = await first.ok("GetActivityTask", { activityArn });
  const waiting = first.call("GetActivityTask", { activityArn });
  const other = (await waiting).body as { taskToken: string; input: string };
  await first.ok("SendTaskSuccess", { taskToken: other.taskToken, output: "true" });
  const third = await first.start(chain({ Work: work() }), { input: "later" });
  await until(async () => (await first.types(third)).includes("ActivityScheduled"));
  await first.close();
  const second = await openReal({ url });
  const again = await second.ok("GetActivityTask", { activityArn });
  expect(again.input).toBe('"later"');
  await second.ok("SendTaskSuccess", { taskToken: again.taskToken, output: '"x"' });
  await second.ok("SendTaskSuccess", { taskToken: taken.taskToken, output: "true" });
  expect(await second.ended(executionArn)).toMatchObject({ output: "[true,true]" });
  expect(await second.ended(third)).toMatchObject({ output: '"x"' });
});
