import { expect, test } from "vitest";
import { machine, openApi, role, type World } from "./world.ts";

const arn = "arn:aws:states:us-east-1:123456789012:stateMachine:m";
const destinations = [
  { cloudWatchLogsLogGroup: { logGroupArn: "arn:aws:logs:us-east-1:123456789012:log-group:g:*" } },
];

interface Line {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Runs an execution of a machine that fails, or is stopped, with this logging; returns what was logged. */
async function logged(loggingConfiguration: object, stop = false): Promise<{ world: World; lines: Line[] }> {
  const world = await openApi();
  const definition = machine(
    { Type: "Pass" },
    stop ? { Type: "Wait", Seconds: 99 } : { Type: "Fail", Error: "No" },
  );
  await world.ok("CreateStateMachine", { name: "m", roleArn: role, definition, loggingConfiguration });
  const { executionArn } = await world.ok("StartExecution", {
    stateMachineArn: arn,
    name: "e",
    input: '"in"',
  });
  if (stop) await world.ok("StopExecution", { executionArn, cause: "enough" });
  await world.ended(executionArn);
  await new Promise((resolve) => setTimeout(resolve, 30));
  return { world, lines: world.lines.map((line) => JSON.parse(line) as Line) };
}

test("ALL logs every event, as AWS writes them", async () => {
  const { world, lines } = await logged({ level: "ALL", includeExecutionData: true, destinations });
  expect(world.lines.every((line) => line.endsWith("}\n"))).toBe(true);
  expect(lines.map(({ type }) => type)).toEqual([
    "ExecutionStarted",
    "PassStateEntered",
    "PassStateExited",
    "FailStateEntered",
    "ExecutionFailed",
  ]);
  expect(lines[0]).toEqual({
    id: "1",
    type: "ExecutionStarted",
    details: { input: '"in"' },
    previous_event_id: "0",
    event_timestamp: expect.stringMatching(/^\d{13}$/u) as string,
    execution_arn: "arn:aws:states:us-east-1:123456789012:execution:m:e",
    redrive_count: "0",
  });
});

test("without execution data there are no inputs and outputs", async () => {
  const { world } = await logged({ level: "ALL", destinations });
  expect(world.lines.join("")).not.toMatch(/"in(?:put)?"|"output"/u);
});

test.each(["ERROR", "FATAL"])("%s logs the failure", async (level) => {
  const { lines } = await logged({ level, destinations });
  expect(lines.map(({ type }) => type)).toEqual(["ExecutionFailed"]);
});

test("FATAL logs a stop", async () => {
  const { lines } = await logged({ level: "FATAL", destinations }, true);
  expect(lines).toMatchObject([{ type: "ExecutionAborted", details: { cause: "enough" } }]);
});

test("OFF logs nothing", async () => {
  expect((await logged({ level: "OFF" })).lines).toEqual([]);
});
