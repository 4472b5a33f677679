import { expect, test, vi } from "vitest";
import type { Store } from "../../../src/store/store.ts";
import { createMemoryStore } from "../../../src/stores/memory/store.ts";
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
  await settled(world);
  return { world, lines: world.lines.map((line) => JSON.parse(line) as Line) };
}

/** Until nothing is left to be logged. */
async function settled({ store }: World): Promise<void> {
  await vi.waitFor(async () => expect(await unlogged(store)).toEqual([]), { interval: 5 });
}

async function unlogged(store: Store): Promise<readonly string[]> {
  const records = await store.records.list("step-functions/unlogged", { limit: 100 });
  return records.map(({ key }) => key);
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

test.each([
  ["ERROR", ["FailStateEntered", "ExecutionFailed"]],
  ["FATAL", ["ExecutionFailed"]],
])("%s logs the failure", async (level, types) => {
  const { lines } = await logged({ level, destinations });
  expect(lines.map(({ type }) => type)).toEqual(types);
});

test("FATAL logs a stop", async () => {
  const { lines } = await logged({ level: "FATAL", destinations }, true);
  expect(lines).toMatchObject([{ type: "ExecutionAborted", details: { cause: "enough" } }]);
});

test("OFF logs nothing", async () => {
  expect((await logged({ level: "OFF" })).lines).toEqual([]);
});

const waits = machine({ Type: "Wait", Seconds: 1 });
const loggingConfiguration = { level: "ALL", includeExecutionData: true, destinations };
const waited = ["ExecutionStarted", "WaitStateEntered", "WaitStateExited", "ExecutionSucceeded"];

function typesIn(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (JSON.parse(line) as Line).type);
}

/** A store that outlives the servers on it. */
function lasting(): Store {
  const store = createMemoryStore({ now: Date.now });
  return { ...store, records: store.records, close: async () => {} };
}

test("an execution that outlives its server is logged by the next one, once", async () => {
  const store = lasting();
  const first = await openApi({ store });
  await first.ok("CreateStateMachine", { name: "m", roleArn: role, definition: waits, loggingConfiguration });
  const { executionArn } = await first.ok("StartExecution", { stateMachineArn: arn, name: "e" });
  expect(await unlogged(store)).toEqual([executionArn]);
  await first.close();
  expect(first.lines).toEqual([]);
  const second = await openApi({ store });
  await second.ended(executionArn);
  await settled(second);
  expect(typesIn(second.lines)).toEqual(waited);
  await second.close();
  const third = await openApi({ store });
  await settled(third);
  expect(third.lines).toEqual([]);
});

test("lines that could not be written are written by the next server", async () => {
  const store = lasting();
  const written: string[] = [];
  const log = async (line: string): Promise<void> => {
    if (written.length === 2) throw new Error("the disk is full");
    written.push(line);
  };
  const first = await openApi({ store, log });
  const definition = machine({ Type: "Pass" });
  await first.ok("CreateStateMachine", { name: "m", roleArn: role, definition, loggingConfiguration });
  const { executionArn } = await first.ok("StartExecution", { stateMachineArn: arn, name: "e" });
  await first.ended(executionArn);
  await vi.waitFor(() => expect(first.lines.join("")).toContain("the disk is full"));
  expect(await unlogged(store)).toEqual([executionArn]);
  await first.close();
  const second = await openApi({ store });
  await settled(second);
  // At least once: the two that were written come again.
  expect(typesIn(second.lines)).toEqual([
    "ExecutionStarted",
    "PassStateEntered",
    "PassStateExited",
    "ExecutionSucceeded",
  ]);
});

test("what was to be started and was not leaves nothing behind", async () => {
  const store = lasting();
  const logging = { level: "ALL", includeExecutionData: false };
  const text = JSON.stringify({ runId: "arn:never", logging });
  await store.records.put("step-functions/unlogged", "arn:never", { text });
  const world = await openApi({ store });
  await settled(world);
  expect(world.lines).toEqual([]);
});

test("a name that is used again is not logged again", async () => {
  const { world, lines } = await logged({ level: "ALL", includeExecutionData: true, destinations });
  const again = { stateMachineArn: arn, name: "e", input: '"other"' };
  expect(await world.refusal("StartExecution", again)).toMatch(/^ExecutionAlreadyExists: /u);
  await settled(world);
  expect(world.lines).toHaveLength(lines.length);
});

test("a redrive logs its own events, with its number", async () => {
  const { world, lines } = await logged({ level: "ALL", includeExecutionData: true, destinations });
  const executionArn = "arn:aws:states:us-east-1:123456789012:execution:m:e";
  await world.ok("RedriveExecution", { executionArn });
  await world.ended(executionArn);
  await settled(world);
  const more = world.lines.slice(lines.length).map((line) => JSON.parse(line) as Line);
  expect(more.map(({ type }) => type)).toEqual(["ExecutionRedriven", "FailStateEntered", "ExecutionFailed"]);
  expect(more.map((line) => line["redrive_count"])).toEqual(["1", "1", "1"]);
  expect(more.map((line) => line["id"])).toEqual(["6", "7", "8"]);
  expect(more[0]?.["previous_event_id"]).toBe("5");
});

test("what its machine's deletion ends is logged all the same", async () => {
  const world = await openApi();
  const definition = machine({ Type: "Wait", Seconds: 99 });
  await world.ok("CreateStateMachine", { name: "m", roleArn: role, definition, loggingConfiguration });
  await world.ok("StartExecution", { stateMachineArn: arn, name: "e" });
  await world.ok("DeleteStateMachine", { stateMachineArn: arn });
  await settled(world);
  expect(typesIn(world.lines).at(-1)).toBe("ExecutionAborted");
});
