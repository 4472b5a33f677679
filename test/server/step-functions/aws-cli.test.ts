// AWS's command line, unchanged: a smoke pass through a server in a process of its own.
import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, type TestContext } from "vitest";
import { machine, pass, role } from "./world.ts";

// A command that does not exist makes it list those that it has.
const asked = spawnSync("aws", ["stepfunctions", "?"], { encoding: "utf8", env: environment() });
const known = new Set(asked.stderr?.split(/[\s|]+/u));
const missing = asked.error === undefined ? undefined : `aws cannot be run: ${asked.error.message}`;
if (missing !== undefined && process.env["CI"] === "true") throw new TypeError(missing);
if (missing !== undefined) process.stdout.write(`AWS's command line is not tested: ${missing}\n`);

const main = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "daruma-aws-cli-"));
const sent: string[] = [];
let server: ChildProcess;
let port = 0;

/** Nothing of the machine's own settings for AWS, or for proxies, is left. */
function environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^AWS_|_PROXY$/iu.test(name));
  return {
    ...Object.fromEntries(own),
    AWS_ACCESS_KEY_ID: "any",
    AWS_SECRET_ACCESS_KEY: "any",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_MAX_ATTEMPTS: "1",
    AWS_PAGER: "",
    ...more,
  };
}

interface Ran {
  readonly out: string;
  readonly err: string;
}

function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  return new Promise((resolve) => {
    execFile("aws", ["stepfunctions", ...args, "--output", "json"], { env }, (_, out, err) =>
      resolve({ out, err }),
    );
  });
}

const toServer = (operation: string, ...args: readonly string[]): Promise<Ran> =>
  run([operation, ...args, "--endpoint-url", `http://127.0.0.1:${port}`], environment());

// oxlint-disable-next-line typescript/no-explicit-any -- answers are looked into freely
function answerOf({ out, err }: Ran): any {
  expect(err).toBe("");
  return out === "" ? undefined : JSON.parse(out);
}

// oxlint-disable-next-line typescript/no-explicit-any -- answers are looked into freely
async function aws(operation: string, ...args: readonly string[]): Promise<any> {
  return answerOf(await toServer(operation, ...args));
}

/**
 * As `aws`, for the two operations that are sent to a host whose name begins with sync-. No resolver has to know that name: what looks it up is a proxy, and
 * ours takes every name for this machine.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- answers are looked into freely
async function awsSync(operation: string, ...args: readonly string[]): Promise<any> {
  const proxy = await openProxy();
  try {
    const env = environment({ http_proxy: proxy.url, no_proxy: "" });
    return answerOf(await run([operation, ...args, "--endpoint-url", `http://localhost:${port}`], env));
  } finally {
    proxy.close();
  }
}

async function openProxy(): Promise<{ readonly url: string; close(): void }> {
  const proxy = createServer((asking, answer) => {
    const { hostname, pathname } = new URL(asking.url ?? "");
    sent.push(hostname);
    const { method, headers } = asking;
    const onward = request({ host: "127.0.0.1", port, path: pathname, method, headers }, (answered) => {
      answer.writeHead(answered.statusCode ?? 0, answered.headers);
      answered.pipe(answer);
    });
    asking.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    close: () => void proxy.close(),
  };
}

/** Debian's command line may be older than the operation. */
function needs(context: TestContext, operation: string): void {
  if (known.has(operation)) return;
  const { stdout, stderr } = spawnSync("aws", ["--version"], { encoding: "utf8" });
  const why = `${/aws-cli\/[\d.]+/u.exec(stdout + stderr)?.[0] ?? "aws"} has no ${operation}`;
  process.stdout.write(`skipped: ${why}\n`);
  context.skip(why);
}

function create(name: string, ...states: readonly object[]): Promise<{ readonly stateMachineArn: string }> {
  const definition = machine(...states);
  return aws("create-state-machine", "--name", name, "--definition", definition, "--role-arn", role);
}

// oxlint-disable-next-line typescript/no-explicit-any -- answers are looked into freely
async function ended(executionArn: string): Promise<any> {
  for (;;) {
    const execution = await aws("describe-execution", "--execution-arn", executionArn);
    if (execution.status !== "RUNNING") return execution;
  }
}

beforeAll(async () => {
  if (missing !== undefined) return;
  const store = `sqlite:${join(folder, "daruma.db")}`;
  const args = ["--conditions=daruma-source", main, "serve", "--json", "--step-functions", "0"];
  server = spawn(process.execPath, [...args, "--store", store], { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface(server.stdout ?? process.stdin)) {
    port = Number(new URL((JSON.parse(line) as { endpoint: string }).endpoint).port);
    break;
  }
  if (port === 0) throw new TypeError("the server ended before it was ready");
});

afterAll(() => {
  server?.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

// Each command takes about a second: those that do not need each other run side by side.
describe.runIf(missing === undefined)("AWS's command line", { concurrent: true, timeout: 120_000 }, () => {
  test("runs a machine with an activity, and reads its history", async () => {
    const { activityArn } = await aws("create-activity", "--name", "a");
    const { stateMachineArn } = await create("m", pass, { Type: "Task", Resource: activityArn });
    const [described, listed, { executionArn }] = await Promise.all([
      aws("describe-state-machine", "--state-machine-arn", stateMachineArn),
      aws("list-state-machines"),
      aws("start-execution", "--state-machine-arn", stateMachineArn, "--input", '{"a":1}'),
    ]);
    expect(described).toMatchObject({ stateMachineArn, status: "ACTIVE", type: "STANDARD", roleArn: role });
    expect(listed.stateMachines).toContainEqual(expect.objectContaining({ stateMachineArn, name: "m" }));
    const { taskToken, input } = await aws("get-activity-task", "--activity-arn", activityArn);
    expect(input).toBe('{"done":true}');
    await aws("send-task-success", "--task-token", taskToken, "--task-output", "42");
    const execution = await ended(executionArn);
    const { events } = await aws("get-execution-history", "--execution-arn", executionArn);
    expect(execution).toMatchObject({ status: "SUCCEEDED", input: '{"a":1}', output: "42" });
    const types = (events as readonly { type: string }[]).map(({ type }) => type);
    expect([types[0], types.at(-1)]).toEqual(["ExecutionStarted", "ExecutionSucceeded"]);
    expect(types).toContain("ActivityStarted");
  });

  test("stops an execution, and tags its machine", async () => {
    const { stateMachineArn } = await create("waiting", { Type: "Wait", Seconds: 3600 });
    const tag = async (): Promise<unknown> => {
      await aws("tag-resource", "--resource-arn", stateMachineArn, "--tags", "key=k,value=v");
      return aws("list-tags-for-resource", "--resource-arn", stateMachineArn);
    };
    const stop = async (): Promise<unknown> => {
      const { executionArn } = await aws("start-execution", "--state-machine-arn", stateMachineArn);
      await aws(
        "stop-execution",
        "--execution-arn",
        executionArn,
        "--error",
        "Enough",
        "--cause",
        "too long",
      );
      return aws("describe-execution", "--execution-arn", executionArn);
    };
    const [tagged, stopped] = await Promise.all([tag(), stop()]);
    expect(tagged).toEqual({ tags: [{ key: "k", value: "v" }] });
    expect(stopped).toMatchObject({ status: "ABORTED", error: "Enough", cause: "too long" });
  });

  test("runs an EXPRESS machine and waits for it", async () => {
    const definition = ["--definition", machine(pass), "--role-arn", role, "--type", "EXPRESS"];
    const { stateMachineArn } = await aws("create-state-machine", "--name", "express", ...definition);
    const done = await awsSync("start-sync-execution", "--state-machine-arn", stateMachineArn);
    expect(done).toMatchObject({ status: "SUCCEEDED", output: '{"done":true}' });
    expect(sent).toContain("sync-localhost");
  });

  test("tests a state", async (context) => {
    needs(context, "test-state");
    const definition = JSON.stringify({ ...pass, Next: "There" });
    const tested = await awsSync("test-state", "--definition", definition, "--role-arn", role);
    expect(tested).toEqual({ status: "SUCCEEDED", output: '{"done":true}', nextState: "There" });
  });

  test("validates a definition", async (context) => {
    needs(context, "validate-state-machine-definition");
    const definition = machine({ Type: "Pass", Nxt: "There" });
    const validated = await aws("validate-state-machine-definition", "--definition", definition);
    expect(validated).toMatchObject({ result: "FAIL", diagnostics: [{ severity: "ERROR" }] });
  });

  test("publishes a version and gives it an alias", async (context) => {
    needs(context, "create-state-machine-alias");
    const { stateMachineArn } = await create("published", pass);
    const version = await aws("publish-state-machine-version", "--state-machine-arn", stateMachineArn);
    expect(version.stateMachineVersionArn).toBe(`${stateMachineArn}:1`);
    const routing = `stateMachineVersionArn=${stateMachineArn}:1,weight=100`;
    const named = ["--name", "live", "--routing-configuration", routing];
    const { stateMachineAliasArn } = await aws("create-state-machine-alias", ...named);
    const alias = ["--state-machine-arn", stateMachineAliasArn];
    const { executionArn } = await aws("start-execution", ...alias);
    expect(await ended(executionArn)).toMatchObject({
      status: "SUCCEEDED",
      stateMachineAliasArn: `${stateMachineArn}:live`,
      stateMachineVersionArn: `${stateMachineArn}:1`,
    });
  });

  test("is told what is wrong", async () => {
    const lost = "arn:aws:states:us-east-1:123456789012:stateMachine:lost";
    const { out, err } = await toServer("describe-state-machine", "--state-machine-arn", lost);
    expect(out).toBe("");
    expect(err).toContain("(StateMachineDoesNotExist) when calling the DescribeStateMachine operation");
    expect(err).toContain(`State Machine Does Not Exist: '${lost}'`);
  });
});
