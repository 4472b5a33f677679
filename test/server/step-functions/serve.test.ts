// The command itself, with the real interpreter, in a process of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { Daruma } from "../../../src/embedded/daruma.ts";
import { workflow } from "../../../src/workflow/workflow.ts";
import { daruma, inNewStore, TestIo } from "../../cli/support/world.ts";
import { serve as apiServer } from "../../integrations/aws/support/servers.ts";
import { callsTo, type Calls, machine, openApi, pass, role } from "./world.ts";

const main = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));

interface Served extends Calls {
  readonly child: ChildProcess;
  readonly ready: { readonly endpoint: string; readonly syncEndpoint: string };
}

function command(args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, ["--conditions=daruma-source", main, "serve", "--json", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function serve(args: readonly string[]): Promise<Served> {
  const child = command(["--step-functions", "0", ...args]);
  const lines = child.stdout === null ? [] : createInterface(child.stdout);
  for await (const line of lines) {
    const ready = JSON.parse(line) as Served["ready"];
    return { child, ready, ...callsTo(Number(new URL(ready.endpoint).port)) };
  }
  return expect.unreachable("it says when it is ready");
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<unknown> {
  const closed = once(child, "close");
  child.kill(signal);
  return (await closed)[0];
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "daruma-serve-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

test("daruma serve runs machines with handlers, and goes on after a kill and after a signal", async () => {
  const place = folder();
  const handlers = join(place, "handlers.ts");
  writeFileSync(
    handlers,
    "export function double(input: { n: number }): number {\n  return input.n * 2;\n}\n",
  );
  const log = join(place, "executions.log");
  const args = [
    "--store",
    `sqlite:${join(place, "daruma.db")}`,
    "--handlers",
    handlers,
    "--log-executions",
    log,
  ];
  const first = await serve(args);
  expect(first.ready).toMatchObject({
    endpoint: expect.stringMatching(/^http:\/\/localhost:\d+$/u) as string,
    syncEndpoint: expect.stringMatching(/^http:\/\/sync-localhost:\d+$/u) as string,
  });
  const definition = machine(
    { Type: "Wait", Seconds: 2 },
    { Type: "Task", Resource: "arn:aws:lambda:us-east-1:123456789012:function:double" },
  );
  const logGroupArn = "arn:aws:logs:us-east-1:123456789012:log-group:g:*";
  const { stateMachineArn } = await first.ok("CreateStateMachine", {
    name: "m",
    definition,
    roleArn: role,
    loggingConfiguration: { level: "ALL", destinations: [{ cloudWatchLogsLogGroup: { logGroupArn } }] },
  });
  const { executionArn } = await first.ok("StartExecution", { stateMachineArn, input: '{"n":21}' });
  await end(first.child, "SIGKILL");

  const second = await serve(args);
  expect(await second.ended(executionArn as string)).toMatchObject({ status: "SUCCEEDED", output: "42" });
  const { executionArn: other } = await second.ok("StartExecution", { stateMachineArn, input: '{"n":1}' });
  expect(await end(second.child, "SIGTERM")).toBe(0);

  const third = await serve(args);
  expect(await third.ended(other as string)).toMatchObject({ status: "SUCCEEDED", output: "2" });
  const { events } = await third.ok("GetExecutionHistory", { executionArn });
  expect(events.at(-1)).toMatchObject({ type: "ExecutionSucceeded" });
  expect(await end(third.child, "SIGINT")).toBe(0);
  const lines = readFileSync(log, "utf8").trim().split("\n");
  const arns = new Set(lines.map((line) => (JSON.parse(line) as { execution_arn: string }).execution_arn));
  expect(arns).toEqual(new Set([executionArn, other]));
}, 30_000);

test("state machines start others by ARN, and call this API", async () => {
  const server = await serve(["--store", "memory:"]);
  const create = async (name: string, definition: string): Promise<string> =>
    (await server.ok("CreateStateMachine", { name, definition, roleArn: role })).stateMachineArn as string;
  const inner = await create("inner", machine(pass));
  const starting = { Type: "Task", Resource: "arn:aws:states:::states:startExecution.sync:2" };
  const run = async (
    name: string,
    state: object,
  ): Promise<{ readonly status: string; readonly output: string; readonly error: string }> => {
    const stateMachineArn = await create(name, machine(state));
    const { executionArn } = await server.ok("StartExecution", { stateMachineArn });
    return (await server.ended(executionArn as string)) as { status: string; output: string; error: string };
  };
  const outer = await run("outer", { ...starting, Parameters: { StateMachineArn: inner } });
  expect(JSON.parse(outer.output)).toMatchObject({ Status: "SUCCEEDED", Output: { done: true } });
  const lost = await run("lost", { ...starting, Parameters: { StateMachineArn: `${inner}x` } });
  expect(lost).toMatchObject({
    status: "FAILED",
    error: "StepFunctions.StateMachineDoesNotExistException",
    cause: expect.stringMatching(
      /^State Machine Does Not Exist: '.*' \(Service: AWSStepFunctions; Status Code: 400; /u,
    ) as string,
  });
  const listing = await run("listing", {
    Type: "Task",
    Resource: "arn:aws:states:::aws-sdk:sfn:listStateMachines",
    Parameters: {},
  });
  expect(JSON.parse(listing.output)).toMatchObject({
    StateMachines: [{ Name: "inner" }, { Name: "listing" }, { Name: "lost" }, { Name: "outer" }],
  });
  const tested = await server.ok("TestState", {
    definition: JSON.stringify({ ...pass, Next: "There" }),
    roleArn: role,
  });
  expect(tested).toEqual({ status: "SUCCEEDED", output: '{"done":true}', nextState: "There" });
}, 30_000);

test("HTTP tasks send what the file of --connections has for their connection", async () => {
  const api = await apiServer((request, response) => {
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ key: request.headers["x-key"] ?? null, path: request.path }));
  });
  onTestFinished(() => api.close());
  const connections = join(folder(), "connections.json");
  const own = { headers: { "X-Key": "${env:PATH}" }, queryParameters: { tenant: "7" } };
  writeFileSync(connections, JSON.stringify({ billing: own }));
  const server = await serve(["--store", "memory:", "--connections", connections]);
  const invoke = async (ConnectionArn: string): Promise<unknown> => {
    const definition = machine({
      Type: "Task",
      Resource: "arn:aws:states:::http:invoke",
      Parameters: { ApiEndpoint: `${api.url}/bill`, Method: "GET", Authentication: { ConnectionArn } },
      OutputPath: "$.ResponseBody",
    });
    const name = `m${ConnectionArn.length}`;
    const { stateMachineArn } = await server.ok("CreateStateMachine", { name, definition, roleArn: role });
    const { executionArn } = await server.ok("StartExecution", { stateMachineArn });
    return JSON.parse((await server.ended(executionArn as string))["output"] as string) as unknown;
  };
  const arn = "arn:aws:events:us-east-1:123456789012:connection/";
  expect(await invoke(`${arn}billing/1`)).toEqual({ key: process.env["PATH"], path: "/bill?tenant=7" });
  expect(await invoke(`${arn}unknown/1234`)).toEqual({ key: null, path: "/bill" });
}, 30_000);

test.each([
  [[], "The option --step-functions needs a port."],
  [["--step-functions", "http"], "The option --step-functions needs a port."],
  [["--step-functions", "65536"], "The option --step-functions needs a port."],
  [["--step-functions", "0", "--account", "12"], "The option --account needs an account's number."],
  [["--step-functions", "0", "--lambda-endpoint", "localhost"], "The option --lambda-endpoint needs a URL."],
  [
    ["--step-functions", "0", "--connections", "none.json"],
    'The file "none.json" of the option --connections',
  ],
  [["--step-functions", "0", "--allow-address", "here"], "The option --allow-address needs IP addresses."],
])("%j is refused", async (args, message) => {
  const { code, err } = await daruma(["serve", ...args, "--store", "memory:"]);
  expect([code, err]).toEqual([2, expect.stringContaining(message)]);
});

test("a port that is taken is refused, and the store is closed again", async () => {
  const { port } = await openApi();
  const { store, run } = inNewStore();
  const { code, err } = await run("serve", "--step-functions", String(port));
  expect([code, err]).toEqual([1, expect.stringContaining(`The port ${port} of 127.0.0.1 cannot be had.`)]);
  await (await Daruma.open(store)).close();
});

test("people are told the address, and what to do about sync-", async () => {
  const io = new TestIo();
  const done = daruma(["serve", "--step-functions", "0", "--store", "memory:"], io);
  await vi.waitFor(() => expect(io.stderr.text).toContain("Ctrl-C ends it."));
  const [, port = ""] = /http:\/\/localhost:(\d+)/u.exec(io.stderr.text) ?? [];
  expect(io.stderr.text).toContain(
    `http://sync-localhost:${port}: add "127.0.0.1 sync-localhost" to /etc/hosts`,
  );
  expect(await callsTo(Number(port)).ok("ListStateMachines")).toEqual({ stateMachines: [] });
  io.signal("SIGINT");
  expect((await done).code).toBe(0);
});

test("logs of executions go to the standard output with --log-executions -", async () => {
  const io = new TestIo();
  const args = ["serve", "--step-functions", "0", "--store", "memory:", "--log-executions", "-"];
  const done = daruma(args, io);
  await vi.waitFor(() => expect(io.stderr.text).toContain("Ctrl-C ends it."));
  const [, port = ""] = /http:\/\/localhost:(\d+)/u.exec(io.stderr.text) ?? [];
  const server = callsTo(Number(port));
  const children = { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } };
  const ItemProcessor = { ...children, StartAt: "P", States: { P: { ...pass, End: true } } };
  const logGroupArn = "arn:aws:logs:us-east-1:123456789012:log-group:g:*";
  const { stateMachineArn } = await server.ok("CreateStateMachine", {
    name: "m",
    definition: machine({ Type: "Map", ItemProcessor, Label: "L" }),
    roleArn: role,
    loggingConfiguration: {
      level: "ALL",
      includeExecutionData: true,
      destinations: [{ cloudWatchLogsLogGroup: { logGroupArn } }],
    },
  });
  const { executionArn } = await server.ok("StartExecution", { stateMachineArn, name: "e", input: "[1,2]" });
  await server.ended(executionArn as string);
  const succeeded = (): string[] =>
    io.stdout.text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Readonly<Record<"type" | "execution_arn", string>>)
      .filter(({ type }) => type === "ExecutionSucceeded")
      .map((line) => line.execution_arn);
  await vi.waitFor(() => expect(succeeded()).toHaveLength(3));
  const child = expect.stringContaining(":execution:m/L:") as string;
  expect(succeeded()).toEqual([executionArn, child, child]);
  const [started] = io.stdout.text.split("\n");
  expect(JSON.parse(started ?? "")).toEqual({
    id: "1",
    type: "ExecutionStarted",
    details: { input: "[1,2]", inputDetails: { truncated: false }, roleArn: role },
    previous_event_id: "0",
    event_timestamp: expect.stringMatching(/^\d{13}$/u) as string,
    execution_arn: executionArn as string,
    redrive_count: "0",
  });
  io.signal("SIGINT");
  expect((await done).code).toBe(0);
});

test("records of a Daruma are kept, and are not for workflow code", async () => {
  const look = workflow("look", () => daruma1.records.get("c", "k").then(() => "found"));
  const daruma1 = await Daruma.open("memory:", { workflows: [look] });
  expect(await daruma1.records.put("c", "k", { text: "1" })).toBeTypeOf("number");
  expect(await daruma1.records.get("c", "k")).toMatchObject({ key: "k", text: "1" });
  const run = await daruma1.start(look);
  await expect(run.result()).rejects.toMatchObject({ code: "DRM-FORBIDDEN-CALL" });
  await daruma1.close();
  await expect(daruma1.records.get("c", "k")).rejects.toMatchObject({ code: "DRM-CLOSED" });
});
