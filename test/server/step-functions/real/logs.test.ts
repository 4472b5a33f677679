// Executions that tasks start are logged as their own machines say, whoever started them; and what is cut of large data.
import { expect, test } from "vitest";
import {
  account,
  all,
  create,
  destinations,
  fatal,
  logs,
  pass,
  passed,
  settled,
  start,
  starting,
} from "./logging.ts";
import { distributed, openReal } from "./real.ts";

test.each(["", ".sync", ".sync:2"])(
  "what startExecution%s starts is logged by its own machine, though its starter is not",
  async (pattern) => {
    const { lines, log, types, arns } = logs();
    const api = await openReal({ log });
    const inner = await create(api, "inner", { Pass: pass }, all);
    const outer = await create(api, "outer", {
      Start: starting(inner, { pattern, Name: "i", Input: { a: 1 } }),
    });
    await api.ended(await start(api, outer));
    const arn = `${account}:execution:inner:i`;
    await settled(api);
    expect(types(arn)).toEqual(passed);
    expect(arns()).toEqual([arn]);
    expect(lines[0]?.details).toMatchObject({ input: '{"a":1}', inputDetails: { truncated: false } });
  },
);

test("a name need not be given, and the task says which execution it is", async () => {
  const { types, log } = logs();
  const api = await openReal({ log });
  const inner = await create(api, "inner", { Pass: pass }, all);
  const outer = await create(api, "outer", { Start: { ...starting(inner), ResultPath: "$" } });
  const { output } = await api.ended(await start(api, outer));
  const arn = (JSON.parse(output as string) as { ExecutionArn: string }).ExecutionArn;
  expect(arn).toMatch(/^arn:aws:states:us-east-1:123456789012:execution:inner:[\da-f-]{36}$/u);
  await settled(api);
  expect(types(arn)).toEqual(passed);
});

test("one that waits for a task token is logged too", async () => {
  const { types, log } = logs();
  const api = await openReal({ log });
  const inner = await create(api, "inner", { Pass: pass }, all);
  const waiting = starting(inner, { pattern: ".waitForTaskToken", Name: "i", "Input.$": "$$.Task.Token" });
  const outer = await create(api, "outer", { Start: waiting });
  const executionArn = await start(api, outer);
  await settled(api);
  expect(types(`${account}:execution:inner:i`)).toEqual(passed);
  expect(await api.ok("DescribeExecution", { executionArn })).toMatchObject({ status: "RUNNING" });
});

test("aws-sdk:sfn:startExecution starts one that is logged", async () => {
  const { types, log } = logs();
  const api = await openReal({ log });
  const inner = await create(api, "inner", { Pass: pass }, all);
  const outer = await create(api, "outer", {
    Start: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:sfn:startExecution",
      Parameters: { StateMachineArn: inner, Name: "i", Input: "{}" },
    },
  });
  await api.ended(await start(api, outer));
  await settled(api);
  expect(types(`${account}:execution:inner:i`)).toEqual(passed);
});

test("each of those that start each other has its own level and its own data", async () => {
  const { lines, types, arns, log } = logs();
  const api = await openReal({ log });
  const failing = await create(
    api,
    "failing",
    { Fail: { Type: "Fail", Error: "No" } },
    { level: "ERROR", destinations },
  );
  const silent = await create(api, "silent", { Start: starting(failing, { pattern: ".sync", Name: "f" }) });
  const middle = await create(
    api,
    "middle",
    { Start: starting(silent, { pattern: ".sync", Name: "s", Input: "secret" }) },
    { level: "ALL", destinations },
  );
  const outer = await create(
    api,
    "outer",
    { Start: starting(middle, { pattern: ".sync", Name: "m" }) },
    fatal,
  );
  const top = await start(api, outer);
  expect(await api.ended(top)).toMatchObject({ status: "FAILED" });
  const [inMiddle, inFailing] = [`${account}:execution:middle:m`, `${account}:execution:failing:f`];
  await settled(api);
  expect(arns()).toEqual([inFailing, inMiddle, top].toSorted());
  expect(types(top)).toEqual(["ExecutionFailed"]);
  expect(types(inFailing)).toEqual(["FailStateEntered", "ExecutionFailed"]);
  expect(types(inMiddle)).toEqual(await api.types(inMiddle));
  const scheduled = lines.find(({ type }) => type === "TaskScheduled");
  expect(scheduled?.details).not.toHaveProperty("parameters");
});

test("children of a Distributed Map start executions that are logged", async () => {
  const { types, arns, log } = logs();
  const api = await openReal({ log });
  const inner = await create(api, "inner", { Pass: pass }, all);
  const named = starting(inner, { pattern: ".sync", "Name.$": "States.Format('i{}', $)" });
  const map = distributed({ Start: named }, { ItemsPath: "$.items" });
  const executionArn = await start(
    api,
    await create(api, "outer", { Items: { ...pass, Result: { items: [0, 1, 2] } }, Map: map }),
  );
  expect(await api.ended(executionArn)).toMatchObject({ status: "SUCCEEDED" });
  const started = [0, 1, 2].map((index) => `${account}:execution:inner:i${index}`);
  await settled(api);
  expect(arns()).toEqual(started);
  expect(started.map(types)).toEqual([passed, passed, passed]);
});

test("through a version or an alias the configuration is the one that was published", async () => {
  const { types, log } = logs();
  const api = await openReal({ log });
  const stateMachineArn = await create(api, "inner", { Pass: pass }, all);
  const { stateMachineVersionArn } = await api.ok("PublishStateMachineVersion", { stateMachineArn });
  const routingConfiguration = [{ stateMachineVersionArn, weight: 100 }];
  await api.ok("CreateStateMachineAlias", { name: "live", routingConfiguration });
  await api.ok("UpdateStateMachine", { stateMachineArn, loggingConfiguration: { level: "OFF" } });
  const outer = await create(api, "outer", {
    Alias: starting(`${stateMachineArn}:live`, { pattern: ".sync", Name: "alias" }),
    Version: starting(`${stateMachineArn}:1`, { pattern: ".sync", Name: "version" }),
    Newest: starting(stateMachineArn, { pattern: ".sync", Name: "newest" }),
  });
  await api.ended(await start(api, outer));
  const logged = (name: string): readonly string[] => types(`${account}:execution:inner:${name}`);
  await settled(api);
  expect(["alias", "version", "newest"].map(logged)).toEqual([passed, passed, []]);
  const { loggingConfiguration } = await api.ok("DescribeStateMachineForExecution", {
    executionArn: `${account}:execution:inner:version`,
  });
  expect(loggingConfiguration).toEqual(all);
});

test("a redrive of one that a task has started is logged", async () => {
  const { types, log } = logs();
  const api = await openReal({ log });
  const inner = await create(api, "inner", { Fail: { Type: "Fail", Error: "No" } }, fatal);
  await api.ended(await start(api, await create(api, "outer", { Start: starting(inner, { Name: "i" }) })));
  const executionArn = `${account}:execution:inner:i`;
  await settled(api);
  expect(types(executionArn)).toEqual(["ExecutionFailed"]);
  await api.ok("RedriveExecution", { executionArn });
  await api.ended(executionArn);
  await settled(api);
  expect(types(executionArn)).toEqual(["ExecutionFailed", "ExecutionFailed"]);
});

test("a name that is taken is not logged again, whoever has it", async () => {
  const { lines, arns, log } = logs();
  const api = await openReal({ log });
  const inner = await create(api, "inner", { Pass: pass }, all);
  const taken = await start(api, inner, "taken");
  await api.ended(taken);
  const again = {
    ...starting(inner, { pattern: ".sync", Name: "taken" }),
    Catch: [{ ErrorEquals: ["StepFunctions.ExecutionAlreadyExistsException"], Next: "Own" }],
  };
  const own = starting(inner, { pattern: ".sync", Name: "own" });
  const outer = await create(
    api,
    "outer",
    {
      Start: again,
      Own: own,
      Again: { ...own, Catch: [{ ErrorEquals: ["States.ALL"], Next: "End" }] },
      End: pass,
    },
    fatal,
  );
  const executionArn = await start(api, outer);
  expect(await api.ended(executionArn)).toMatchObject({ status: "SUCCEEDED" });
  await settled(api);
  expect(arns()).toEqual([`${account}:execution:inner:own`, taken]);
  expect(lines).toHaveLength(2 * passed.length);
});

test.each([true, false])("data is cut for logs only, and with AWS's limits only (%s)", async (awsLimits) => {
  const { lines, log } = logs();
  const api = await openReal({ log, awsLimits });
  const stateMachineArn = await create(api, "m", { Pass: { Type: "Pass" } }, all);
  // As long as an input may be; in a line each quote takes four bytes.
  const input = JSON.stringify('"'.repeat(131_071));
  const { executionArn } = await api.ok("StartExecution", { stateMachineArn, name: "e", input });
  expect(await api.ended(executionArn as string)).toMatchObject({ output: input });
  await settled(api);
  const text = awsLimits ? input.slice(0, (248 * 1024) / 2) : input;
  const details = { truncated: awsLimits };
  expect(lines.map((line) => line.details)).toMatchObject([
    { input: text, inputDetails: details },
    { input: text, inputDetails: details },
    { output: text, outputDetails: details },
    { output: text, outputDetails: details },
  ]);
  const [started] = await api.events(executionArn as string);
  expect(started).toMatchObject({
    executionStartedEventDetails: { input, inputDetails: { truncated: false } },
  });
});
