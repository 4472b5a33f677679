// AWS's own client, unchanged but for the endpoint.
import {
  CreateActivityCommand,
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetActivityTaskCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  paginateGetExecutionHistory,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  StateMachineDoesNotExist,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { expect, onTestFinished, test } from "vitest";
import { machine, openApi, pass, role } from "./world.ts";

async function client(): Promise<SFNClient> {
  const { port } = await openApi();
  const sfn = new SFNClient({
    endpoint: `http://localhost:${port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "any", secretAccessKey: "any" },
    disableHostPrefix: true,
    maxAttempts: 1,
  });
  onTestFinished(() => sfn.destroy());
  return sfn;
}

test("the stock client runs a machine and reads its history", async () => {
  const sfn = await client();
  const { activityArn } = await sfn.send(new CreateActivityCommand({ name: "a" }));
  const definition = machine(pass, { Type: "Task", Resource: activityArn });
  const { stateMachineArn, creationDate } = await sfn.send(
    new CreateStateMachineCommand({ name: "m", definition, roleArn: role }),
  );
  expect(Math.abs((creationDate?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
  const described = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
  expect(described).toMatchObject({ definition, status: "ACTIVE", type: "STANDARD" });
  const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, input: '{"a":1}' }));
  const { taskToken, input } = await sfn.send(new GetActivityTaskCommand({ activityArn }));
  expect(input).toBe('{"a":1}');
  await sfn.send(new SendTaskSuccessCommand({ taskToken, output: "42" }));
  let status: string | undefined = "RUNNING";
  let output: string | undefined;
  while (status === "RUNNING")
    ({ status, output } = await sfn.send(new DescribeExecutionCommand({ executionArn })));
  expect([status, output]).toEqual(["SUCCEEDED", "42"]);
  const types: unknown[] = [];
  for await (const page of paginateGetExecutionHistory({ client: sfn, pageSize: 2 }, { executionArn }))
    types.push(...(page.events ?? []).map(({ type }) => type));
  expect([types[0], types.at(-1)]).toEqual(["ExecutionStarted", "ExecutionSucceeded"]);
  const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn }));
  expect(events).toHaveLength(types.length);
  expect(events[0]?.timestamp).toBeInstanceOf(Date);
  const { executions } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
  expect(executions).toMatchObject([{ executionArn, status: "SUCCEEDED" }]);
  expect(await sfn.send(new StopExecutionCommand({ executionArn }))).toHaveProperty("stopDate");
});

test("the stock client knows the errors", async () => {
  const sfn = await client();
  const stateMachineArn = "arn:aws:states:us-east-1:123456789012:stateMachine:none";
  const missing = sfn.send(new StartExecutionCommand({ stateMachineArn }));
  await expect(missing).rejects.toBeInstanceOf(StateMachineDoesNotExist);
  await expect(missing).rejects.toThrow(`State Machine Does Not Exist: '${stateMachineArn}'`);
});

test("the stock client runs express machines", async () => {
  const sfn = await client();
  const { stateMachineArn } = await sfn.send(
    new CreateStateMachineCommand({ name: "m", definition: machine(pass), roleArn: role, type: "EXPRESS" }),
  );
  const answer = await sfn.send(new StartSyncExecutionCommand({ stateMachineArn, input: "{}" }));
  expect(answer).toMatchObject({ status: "SUCCEEDED", output: '{"done":true}' });
});
