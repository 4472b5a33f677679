// Histories in pages, their limit, and ends that come from outside.
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { chain, distributed, folder, openReal, task, until, type Real } from "./real.ts";

const passes = chain(
  Object.fromEntries(Array.from({ length: 5 }, (_, index) => [`P${index}`, { Type: "Pass" }])),
);

describe("GetExecutionHistory", () => {
  test("in pages, either way", async () => {
    const api = await openReal();
    const { executionArn } = await api.run(passes);
    const { events: all, nextToken: none } = await api.ok("GetExecutionHistory", { executionArn });
    expect(none).toBeUndefined();
    expect(all).toHaveLength(12);
    for (const reverseOrder of [false, true]) {
      const found: unknown[] = [];
      const sizes: number[] = [];
      let nextToken: string | undefined;
      do {
        const page = await api.ok("GetExecutionHistory", {
          executionArn,
          maxResults: 5,
          reverseOrder,
          nextToken,
        });
        found.push(...page.events);
        sizes.push(page.events.length);
        ({ nextToken } = page);
      } while (nextToken !== undefined);
      expect(sizes).toEqual([5, 5, 2]);
      expect(found).toEqual(reverseOrder ? all.toReversed() : all);
    }
  });

  test("refuses a token of another question", async () => {
    const api = await openReal();
    const { executionArn, stateMachineArn } = await api.run(passes);
    const other = await api.ok("StartExecution", { stateMachineArn, name: "other" });
    await api.ended(other.executionArn);
    const { nextToken } = await api.ok("GetExecutionHistory", { executionArn, maxResults: 5 });
    for (const params of [
      { executionArn, maxResults: 5, nextToken, reverseOrder: true },
      { executionArn: other.executionArn, maxResults: 5, nextToken },
      { executionArn, nextToken: "nonsense" },
    ])
      expect(await api.refusal("GetExecutionHistory", params)).toMatch(/^InvalidToken: /u);
    expect(await api.refusal("ListExecutions", { stateMachineArn, nextToken })).toMatch(/^InvalidToken: /u);
    expect(await api.refusal("GetExecutionHistory", { executionArn, maxResults: 1001 })).toMatch(
      /^ValidationException: /u,
    );
  });

  test("ends with event 25,000", async () => {
    const api = await openReal({ checkDeterminism: false });
    const again = {
      Type: "Choice",
      Choices: [{ Variable: "$.enough", IsPresent: true, Next: "End" }],
      Default: "Again",
    };
    const loop = { StartAt: "Again", States: { Again: again, End: { Type: "Succeed" } } };
    const { executionArn, status, error } = await api.run(loop);
    expect({ status, error }).toEqual({ status: "FAILED", error: "States.Runtime" });
    const { events } = await api.ok("GetExecutionHistory", {
      executionArn,
      reverseOrder: true,
      maxResults: 2,
    });
    expect(events).toMatchObject([
      { id: 25_000, type: "ExecutionFailed", executionFailedEventDetails: { error: "States.Runtime" } },
      { id: 24_999 },
    ]);
    expect(await api.refusal("RedriveExecution", { executionArn })).toMatch(/^ExecutionNotRedrivable: /u);
  });
});

describe("an end from outside", () => {
  test("the machine's time limit", async () => {
    const api = await openReal();
    const { executionArn, ...described } = await api.run({
      ...chain({ Rest: { Type: "Wait", Seconds: 60 } }),
      TimeoutSeconds: 1,
    });
    expect(described).toMatchObject({ status: "TIMED_OUT" });
    expect(described).not.toHaveProperty("output");
    expect((await api.events(executionArn)).at(-1)).toMatchObject({
      id: 3,
      previousEventId: 2,
      type: "ExecutionTimedOut",
    });
  });

  test("StopExecution ends children too, and their own with them", async () => {
    let aborted = 0;
    const Hang = async (_input: unknown, { signal }: { signal: AbortSignal }): Promise<unknown> => {
      signal.addEventListener("abort", () => aborted++);
      return await new Promise(() => {});
    };
    const api = await openReal({ handlers: { Hang } });
    const hang = chain({ Hang: task("Hang") });
    const { stateMachineArn } = await api.ok("CreateStateMachine", {
      name: "inner",
      roleArn: "arn:aws:iam::123456789012:role/tests",
      definition: JSON.stringify(hang),
    });
    const start = {
      Type: "Task",
      Resource: "arn:aws:states:::states:startExecution.sync",
      Parameters: { StateMachineArn: stateMachineArn },
    };
    const executionArn = await api.start(
      chain({
        Both: {
          Type: "Parallel",
          Branches: [chain({ Start: start }), chain({ Each: distributed({ Hang2: task("Hang") }) })],
        },
      }),
      { input: [1] },
    );
    await until(
      async () =>
        (await api.types(executionArn)).includes("MapRunStarted") &&
        (await api.types(executionArn)).includes("TaskSubmitted"),
    );
    await until(async () => (await api.children(executionArn)).length === 1);
    await api.ok("StopExecution", { executionArn, cause: "enough" });
    const { executions } = await api.ok("ListExecutions", { stateMachineArn });
    expect(await api.ended(executions[0].executionArn)).toMatchObject({ status: "ABORTED" });
    const [child] = await api.children(executionArn);
    expect(await api.ended(child.executionArn)).toMatchObject({ status: "ABORTED" });
    await until(() => aborted === 2);
  });
});

test("an execution that another one waits for is stopped when the time of the wait is over", async () => {
  const api = await openReal();
  const inner = await api.start(chain({ Rest: { Type: "Wait", Seconds: 600 } }));
  const { stateMachineArn } = await api.ok("DescribeExecution", { executionArn: inner });
  const executionArn = await api.start(
    chain({
      Start: {
        Type: "Task",
        Resource: "arn:aws:states:::states:startExecution.sync",
        Parameters: { StateMachineArn: stateMachineArn, Name: "started" },
        TimeoutSeconds: 1,
        Catch: [{ ErrorEquals: ["States.Timeout"], Next: "Rest" }],
      },
      Rest: { Type: "Wait", Seconds: 600 },
    }),
  );
  const started = inner.replace(/:e$/u, ":started");
  await until(async () => (await api.types(executionArn)).includes("TaskTimedOut"));
  expect(await api.ended(started)).toMatchObject({ status: "ABORTED" });
  expect(await api.ok("DescribeExecution", { executionArn })).toMatchObject({ status: "RUNNING" });
  for (const arn of [inner, executionArn]) await api.ok("StopExecution", { executionArn: arn });
});

test("a Wait goes on in the next process, and is over when it should be", async () => {
  const url = `sqlite:${join(folder(), "daruma.db")}`;
  const first = await openReal({ url });
  const executionArn = await first.start(chain({ Rest: { Type: "Wait", Seconds: 2 } }), {
    input: { kept: true },
  });
  await until(async () => (await first.types(executionArn)).includes("WaitStateEntered"));
  const before = await first.events(executionArn);
  await first.close();
  const second = await openReal({ url });
  const { startDate, stopDate, output } = await second.ended(executionArn);
  expect(output).toBe('{"kept":true}');
  expect(stopDate - startDate).toBeGreaterThanOrEqual(2);
  expect(stopDate - startDate).toBeLessThan(3.5);
  expect((await second.events(executionArn)).slice(0, 2)).toEqual(before);
});

describe("events with much data", () => {
  const input = "x".repeat(200_000);
  const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`S${index}`, { Type: "Pass" }]));

  /** Pages of at most a thousand, one after the other. */
  async function pagesOf(real: Real, executionArn: string, reverseOrder: boolean): Promise<number[][]> {
    const pages: number[][] = [];
    let nextToken: string | undefined;
    do {
      const params = { executionArn, maxResults: 1000, reverseOrder, nextToken };
      const page = await real.ok("GetExecutionHistory", params);
      pages.push(page.events.map(({ id }: { readonly id: number }) => id));
      ({ nextToken } = page);
    } while (nextToken !== undefined);
    return pages;
  }

  test.each([
    ["that succeeded", chain({ ...many, End: { Type: "Succeed" } }), 44],
    ["that was stopped", chain({ ...many, End: { Type: "Wait", Seconds: 1000 } }), 43],
  ])("of an execution %s come in smaller pages, all of them, both ways", async (_name, definition, count) => {
    const real = await openReal();
    const executionArn = await real.start(definition, { input });
    if (count === 43) {
      await until(async () => (await real.types(executionArn)).includes("WaitStateEntered"));
      await real.ok("StopExecution", { executionArn });
    }
    expect((await real.ended(executionArn)).status).toBe(count === 43 ? "ABORTED" : "SUCCEEDED");
    const ids = Array.from({ length: count }, (_, index) => index + 1);
    for (const reverse of [false, true]) {
      const pages = await pagesOf(real, executionArn, reverse);
      expect(pages.flat()).toEqual(reverse ? ids.toReversed() : ids);
      expect(pages.length).toBeGreaterThan(2);
    }
  });

  test("a redrive's history goes on in the next page", async () => {
    const real = await openReal();
    const executionArn = await real.start(chain({ ...many, End: { Type: "Fail" } }), { input });
    await real.ended(executionArn);
    await real.ok("RedriveExecution", { executionArn });
    await until(
      async () => (await real.types(executionArn)).filter((type) => type === "ExecutionFailed").length === 2,
    );
    const types = await real.types(executionArn);
    for (const reverse of [false, true]) {
      const ids = (await pagesOf(real, executionArn, reverse)).flat();
      expect(reverse ? ids.toReversed() : ids).toEqual(types.map((_, index) => index + 1));
    }
  });
});
