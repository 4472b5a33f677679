// Task tokens: reports, heartbeats, and what becomes of a token when its task is over.
import { describe, expect, test } from "vitest";
import { chain, distributed, named, openReal, task, until } from "./real.ts";
import type { Handlers, Real } from "./real.ts";

/** A task that waits for a token, which its handler gets. */
function waiting(more: object = {}): object {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
    Parameters: { FunctionName: "Ask", Payload: { "token.$": "$$.Task.Token" } },
    ...more,
  };
}

/** Tokens as the handler `Ask` gets them. */
function asker(): { readonly tokens: string[]; readonly handlers: Handlers } {
  const tokens: string[] = [];
  return { tokens, handlers: { Ask: (input) => void tokens.push((input as { token: string }).token) } };
}

async function openAsking(more: Handlers = {}): Promise<{ api: Real; tokens: string[] }> {
  const { tokens, handlers } = asker();
  return { api: await openReal({ handlers: { ...handlers, ...more } }), tokens };
}

const tasksOver = "TaskTimedOut: Task Timed Out: 'Provided task does not exist anymore'";

describe("a report", () => {
  test("is refused for what is no token, for a task that is over, and for an output that is none", async () => {
    const { api, tokens } = await openAsking();
    const executionArn = await api.start(chain({ Ask: waiting() }));
    await until(() => tokens.length === 1);
    const [taskToken] = tokens;
    const output = "1";
    expect(await api.refusal("SendTaskSuccess", { taskToken: "no token", output })).toMatch(
      /^InvalidToken: /u,
    );
    expect(await api.refusal("SendTaskSuccess", { taskToken: btoa('["no run","x"]'), output })).toMatch(
      /^TaskDoesNotExist: /u,
    );
    expect(await api.refusal("SendTaskSuccess", { taskToken, output: "{" })).toMatch(/^InvalidOutput: /u);
    expect(await api.refusal("SendTaskSuccess", { taskToken, output: `"${"x".repeat(262_143)}"` })).toMatch(
      /^ValidationException: /u,
    );
    await api.ok("SendTaskHeartbeat", { taskToken });
    await api.ok("SendTaskSuccess", { taskToken, output: '{"done":true}' });
    expect(await api.ended(executionArn)).toMatchObject({ status: "SUCCEEDED", output: '{"done":true}' });
    for (const operation of ["SendTaskSuccess", "SendTaskFailure", "SendTaskHeartbeat"])
      expect(await api.refusal(operation, { taskToken, output })).toBe(tasksOver);
  });

  test("for a task that is over, in an execution that goes on, is refused too", async () => {
    const { api, tokens } = await openAsking();
    const executionArn = await api.start(chain({ Ask: waiting(), Rest: { Type: "Wait", Seconds: 600 } }));
    await until(() => tokens.length === 1);
    await api.ok("SendTaskSuccess", { taskToken: tokens[0], output: "1" });
    expect(await api.refusal("SendTaskFailure", { taskToken: tokens[0] })).toBe(tasksOver);
    await api.ok("StopExecution", { executionArn });
  });

  test("is accepted once, of however many come at the same time", async () => {
    const { api, tokens } = await openAsking();
    const executionArn = await api.start(chain({ Ask: waiting(), Rest: { Type: "Wait", Seconds: 600 } }));
    await until(() => tokens.length === 1);
    const [taskToken] = tokens;
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map((n) => api.call("SendTaskSuccess", { taskToken, output: String(n) })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status !== 200).map(({ body }) => body["__type"])).toEqual(
      Array(4).fill("TaskTimedOut"),
    );
    const winner = answers.findIndex(({ status }) => status === 200) + 1;
    const exited = (await api.events(executionArn)).find(({ type }) => type === "TaskStateExited");
    expect(exited).toMatchObject({ stateExitedEventDetails: { output: String(winner) } });
    await api.ok("StopExecution", { executionArn });
  });

  test("may come before the call has answered", async () => {
    const answer = Promise.withResolvers<unknown>();
    const tokens: string[] = [];
    const api = await openReal({
      handlers: {
        Ask: async (input) => {
          tokens.push((input as { token: string }).token);
          return await answer.promise;
        },
      },
    });
    const executionArn = await api.start(chain({ Ask: waiting() }));
    await until(() => tokens.length === 1);
    await api.ok("SendTaskSuccess", { taskToken: tokens[0], output: '"early"' });
    expect(await api.ended(executionArn)).toMatchObject({ status: "SUCCEEDED", output: '"early"' });
    answer.resolve("late");
  });

  test("of a failure is caught by its name", async () => {
    const { api, tokens } = await openAsking();
    const executionArn = await api.start(
      chain({
        Ask: waiting({ Catch: [{ ErrorEquals: ["Mine"], Next: "Caught" }] }),
        Caught: { Type: "Pass" },
      }),
    );
    await until(() => tokens.length === 1);
    await api.ok("SendTaskFailure", { taskToken: tokens[0], error: "Mine", cause: "why" });
    expect(await api.ended(executionArn)).toMatchObject({ output: '{"Error":"Mine","Cause":"why"}' });
  });
});

describe("heartbeats", () => {
  test("keep a task alive; silence is States.HeartbeatTimeout, which States.Timeout catches", async () => {
    const { api, tokens } = await openAsking();
    const executionArn = await api.start(
      chain({
        Ask: waiting({ HeartbeatSeconds: 1, Catch: [{ ErrorEquals: ["States.Timeout"], Next: "Caught" }] }),
        Caught: { Type: "Pass" },
      }),
    );
    await until(() => tokens.length === 1);
    const begin = Date.now();
    for (let beat = 0; beat < 3; beat++) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      await api.ok("SendTaskHeartbeat", { taskToken: tokens[0] });
    }
    const { output } = await api.ended(executionArn);
    expect(JSON.parse(output)).toEqual({ Error: "States.HeartbeatTimeout" });
    expect(Date.now() - begin).toBeGreaterThanOrEqual(2400);
    expect(await api.refusal("SendTaskHeartbeat", { taskToken: tokens[0] })).toBe(tasksOver);
    expect(await api.types(executionArn)).toContain("TaskTimedOut");
  });
});

describe("a task that was ended from outside", () => {
  const fails = { StartAt: "Fail", States: { Fail: task("Fail", { End: true }) } };

  test("in a branch beside one that failed: its token is over", async () => {
    const go = Promise.withResolvers<void>();
    const { api, tokens } = await openAsking({
      Fail: async () => {
        await go.promise;
        throw named("Broken");
      },
    });
    const branches = [
      chain({ Ask: waiting({ TimeoutSeconds: 600, HeartbeatSeconds: 500 }) }),
      chain({ Ask2: waiting() }),
      fails,
    ];
    const executionArn = await api.start(
      chain({
        Both: { Type: "Parallel", Branches: branches, Catch: [{ ErrorEquals: ["Broken"], Next: "Rest" }] },
        Rest: { Type: "Wait", Seconds: 600 },
      }),
    );
    await until(() => tokens.length === 2);
    go.resolve();
    await until(async () => (await api.types(executionArn)).includes("WaitStateEntered"));
    for (const taskToken of tokens)
      expect(await api.refusal("SendTaskSuccess", { taskToken, output: "1" })).toBe(tasksOver);
    await api.ok("StopExecution", { executionArn });
  });

  test("in a child of a map run that failed: the child is aborted", async () => {
    const { api, tokens } = await openAsking({
      Fail: async (input) => {
        if (input === 1) return input;
        await until(() => tokens.length === 1);
        throw named("Broken");
      },
    });
    const executionArn = await api.start(
      chain({ Each: distributed({ Fail: task("Fail"), Ask: waiting({ HeartbeatSeconds: 600 }) }) }),
      {
        input: [1, 2],
      },
    );
    expect(await api.ended(executionArn)).toMatchObject({ status: "FAILED" });
    await until(async () => (await api.children(executionArn)).every(({ status }) => status !== "RUNNING"));
    const statuses = (await api.children(executionArn)).map(({ status }) => status as string);
    expect(statuses.toSorted()).toEqual(["ABORTED", "FAILED"]);
  });
});
