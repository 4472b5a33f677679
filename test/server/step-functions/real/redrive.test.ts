// RedriveExecution with the real interpreter: what is done is not done again.
import { describe, expect, test } from "vitest";
import { chain, distributed, faulty, openReal, task } from "./real.ts";
import type { Real } from "./real.ts";

describe("a redriven execution", () => {
  test("goes on from the failed state with its input and variables, in one history", async () => {
    const first = faulty();
    first.broken = () => false;
    const second = faulty();
    const api = await openReal({ handlers: { First: first.handler, Second: second.handler } });
    const executionArn = await api.start(
      chain({
        Set: { Type: "Pass", Assign: { kept: 42 } },
        First: task("First", { ResultPath: "$.first" }),
        Second: task("Second", {
          Parameters: { "kept.$": "$kept", "redrives.$": "$$.Execution.RedriveCount", "n.$": "$.n" },
        }),
      }),
      { input: { n: 1 } },
    );
    expect(await api.ended(executionArn)).toMatchObject({
      status: "FAILED",
      redriveCount: 0,
      redriveStatus: "REDRIVABLE",
    });
    const before = await api.events(executionArn);
    const { redriveDate } = await api.ok("RedriveExecution", { executionArn });
    expect(await api.ended(executionArn)).toMatchObject({ status: "FAILED", redriveCount: 1, redriveDate });
    second.broken = () => false;
    const again = await api.ok("RedriveExecution", { executionArn });
    expect(await api.ended(executionArn)).toMatchObject({
      executionArn,
      status: "SUCCEEDED",
      output: JSON.stringify({ kept: 42, redrives: 2, n: 1 }),
      redriveCount: 2,
      redriveDate: again.redriveDate,
      redriveStatus: "NOT_REDRIVABLE",
      redriveStatusReason: "Execution is SUCCEEDED and cannot be redriven",
    });
    expect(first.calls).toHaveLength(1);
    expect(second.calls).toMatchObject([{ redrives: 0 }, { redrives: 1 }, { redrives: 2 }]);
    const events = await api.events(executionArn);
    expect(events.slice(0, before.length)).toEqual(before);
    expect(events.map(({ id }) => id)).toEqual(events.map((_event, index) => index + 1));
    expect(events.filter(({ type }) => type === "ExecutionRedriven")).toMatchObject([
      {
        id: before.length + 1,
        previousEventId: before.length,
        executionRedrivenEventDetails: { redriveCount: 1 },
      },
      { executionRedrivenEventDetails: { redriveCount: 2 } },
    ]);
    expect(events.at(-1)?.type).toBe("ExecutionSucceeded");
  });

  test("runs only what failed of a Parallel and of an inline Map again", async () => {
    const handler = faulty();
    handler.broken = (input) => input === "b" || input === 2;
    // The failure waits, so that the other branch is done and not aborted.
    const slow = async (input: unknown): Promise<unknown> => {
      if (input === "b") await new Promise((resolve) => setTimeout(resolve, 100));
      return handler.handler(input);
    };
    const api = await openReal({ handlers: { F: slow } });
    const branch = (input: string): object =>
      chain({ [`Is${input}`]: { Type: "Pass", Result: input }, [input]: task("F") });
    const executionArn = await api.start(
      chain({
        Both: {
          Type: "Parallel",
          Branches: [branch("a"), branch("b")],
          ResultPath: "$.both",
        },
        Each: {
          Type: "Map",
          ItemsPath: "$.items",
          MaxConcurrency: 1,
          ItemProcessor: chain({ F: task("F") }),
        },
      }),
      { input: { items: [1, 2, 3] } },
    );
    expect(await api.ended(executionArn)).toMatchObject({ status: "FAILED" });
    handler.broken = (input) => input === 2;
    await api.ok("RedriveExecution", { executionArn });
    expect(await api.ended(executionArn)).toMatchObject({ status: "FAILED" });
    handler.broken = () => false;
    await api.ok("RedriveExecution", { executionArn });
    expect(await api.ended(executionArn)).toMatchObject({ status: "SUCCEEDED", output: "[1,2,3]" });
    const count = (input: unknown): number => handler.calls.filter((call) => call === input).length;
    expect([count("a"), count("b"), count(1), count(2), count(3)]).toEqual([1, 2, 1, 2, 1]);
  });

  test("runs only the failed children of a Distributed Map again, in the same map run", async () => {
    const handler = faulty();
    const done = faulty();
    done.broken = () => false;
    handler.broken = (input) => input === 2;
    const api = await openReal({ handlers: { F: handler.handler, Done: done.handler } });
    const executionArn = await api.start(
      chain({
        Each: distributed(
          { Done: task("Done"), F: task("F") },
          { ToleratedFailureCount: 0, MaxConcurrency: 1 },
        ),
      }),
      { input: [1, 2, 3] },
    );
    expect(await api.ended(executionArn)).toMatchObject({
      status: "FAILED",
      error: "States.ExceedToleratedFailureThreshold",
    });
    const { mapRunArn } = await api.mapRun(executionArn);
    handler.broken = () => false;
    await api.ok("RedriveExecution", { executionArn });
    expect(await api.ended(executionArn)).toMatchObject({ status: "SUCCEEDED", output: "[1,2,3]" });
    expect(handler.calls).toEqual([1, 2, 2, 3]);
    expect(done.calls).toEqual([1, 2, 3]);
    expect((await api.ok("ListMapRuns", { executionArn })).mapRuns).toHaveLength(1);
    expect(await api.mapRun(executionArn)).toMatchObject({
      mapRunArn,
      status: "SUCCEEDED",
      redriveCount: 1,
      executionCounts: { succeeded: 3, failed: 0, total: 3 },
      itemCounts: { succeeded: 3, failed: 0, total: 3 },
    });
    expect(await api.types(executionArn)).toContain("MapRunRedriven");
    const children = await api.children(executionArn);
    expect(children).toHaveLength(3);
    expect(children.filter(({ redriveCount }) => redriveCount === 1)).toHaveLength(1);
  });
});

describe("RedriveExecution", () => {
  /** An execution that has failed in `F`. */
  async function failed(
    definition: object = chain({ F: task("F") }),
    input: unknown = {},
  ): Promise<{ api: Real; executionArn: string; repair: () => void }> {
    const handler = faulty();
    const api = await openReal({ handlers: { F: handler.handler } });
    const executionArn = await api.start(definition, { input });
    await api.ended(executionArn);
    return { api, executionArn, repair: () => void (handler.broken = () => false) };
  }

  test("of one clientToken happens once", async () => {
    const { api, executionArn, repair } = await failed(
      chain({ F: task("F"), Rest: { Type: "Wait", Seconds: 600 } }),
    );
    repair();
    const clientToken = "mine";
    const first = await api.ok("RedriveExecution", { executionArn, clientToken });
    expect(await api.ok("RedriveExecution", { executionArn, clientToken })).toEqual(first);
    expect(await api.refusal("RedriveExecution", { executionArn, clientToken: "other" })).toBe(
      "ExecutionNotRedrivable: Execution is RUNNING and cannot be redriven",
    );
    expect(await api.ok("DescribeExecution", { executionArn })).toMatchObject({ redriveCount: 1 });
    await api.ok("StopExecution", { executionArn });
  });

  test("is refused for what succeeded, for Express, for a child of a map run, and for what does not exist", async () => {
    const { api, executionArn, repair } = await failed();
    repair();
    await api.ok("RedriveExecution", { executionArn });
    await api.ended(executionArn);
    const refusal = async (arn: string): Promise<string> =>
      await api.refusal("RedriveExecution", { executionArn: arn });
    expect(await refusal(executionArn)).toBe(
      "ExecutionNotRedrivable: Execution is SUCCEEDED and cannot be redriven",
    );
    expect(await refusal(`${executionArn}x`)).toMatch(/^ExecutionDoesNotExist: /u);
    expect(await refusal(executionArn.replace(":execution:", ":express:"))).toMatch(/^InvalidArn: /u);
    const parent = await failed(chain({ Each: distributed({ F: task("F") }) }), [1]);
    const [child] = await parent.api.children(parent.executionArn);
    expect(await parent.api.ok("DescribeExecution", { executionArn: child.executionArn })).toMatchObject({
      redriveStatus: "REDRIVABLE_BY_MAP_RUN",
    });
    expect(await parent.api.refusal("RedriveExecution", { executionArn: child.executionArn })).toMatch(
      /^ExecutionNotRedrivable: /u,
    );
  });

  test("takes up what timed out, with a new time limit, and what was stopped", async () => {
    const api = await openReal();
    const executionArn = await api.start({
      ...chain({ Rest: { Type: "Wait", Seconds: 600 }, End: { Type: "Pass" } }),
      TimeoutSeconds: 1,
    });
    expect(await api.ended(executionArn)).toMatchObject({ status: "TIMED_OUT", redriveStatus: "REDRIVABLE" });
    await api.ok("RedriveExecution", { executionArn });
    await api.ok("StopExecution", { executionArn, error: "E" });
    expect(await api.ended(executionArn)).toMatchObject({ status: "ABORTED", error: "E", redriveCount: 1 });
    const { redriveDate } = await api.ok("RedriveExecution", { executionArn });
    const { stopDate } = await api.ended(executionArn);
    expect(stopDate - redriveDate).toBeGreaterThanOrEqual(0.99);
    expect(await api.types(executionArn)).toEqual([
      "ExecutionStarted",
      "WaitStateEntered",
      "ExecutionTimedOut",
      "ExecutionRedriven",
      "WaitStateEntered",
      "ExecutionAborted",
      "ExecutionRedriven",
      "WaitStateEntered",
      "ExecutionTimedOut",
    ]);
    const { events } = await api.ok("GetExecutionHistory", {
      executionArn,
      reverseOrder: true,
      maxResults: 4,
    });
    expect(events.map(({ id }: { id: number }) => id)).toEqual([9, 8, 7, 6]);
  });

  test("does all of a Map again whose results were too large together", async () => {
    const calls: unknown[] = [];
    let size = 200_000;
    const Big = (input: unknown): string => {
      calls.push(input);
      return "x".repeat(size);
    };
    const api = await openReal({ handlers: { Big } });
    const executionArn = await api.start(
      chain({ Each: { Type: "Map", ItemProcessor: chain({ Big: task("Big") }) } }),
      { input: [1, 2] },
    );
    expect(await api.ended(executionArn)).toMatchObject({
      status: "FAILED",
      error: "States.DataLimitExceeded",
    });
    size = 1;
    await api.ok("RedriveExecution", { executionArn });
    expect(await api.ended(executionArn)).toMatchObject({ status: "SUCCEEDED", output: '["x","x"]' });
    expect(calls).toHaveLength(4);
  });

  test("of a Distributed Map inside of a Parallel inside of an aborted child goes on at the bottom", async () => {
    const handler = faulty();
    const done = faulty();
    done.broken = () => false;
    handler.broken = (input) => input === "b";
    const api = await openReal({ handlers: { F: handler.handler, Done: done.handler } });
    const inner = distributed({ Done: task("Done"), F: task("F") });
    const both = { Type: "Parallel", Branches: [chain({ Inner: inner })], OutputPath: "$[0]" };
    const executionArn = await api.start(chain({ Outer: distributed({ Both: both }) }), {
      input: [["a", "b"]],
    });
    expect(await api.ended(executionArn)).toMatchObject({ status: "FAILED" });
    handler.broken = () => false;
    await api.ok("RedriveExecution", { executionArn });
    expect(await api.ended(executionArn)).toMatchObject({ status: "SUCCEEDED", output: '[["a","b"]]' });
    expect(new Set(done.calls)).toEqual(new Set(["a", "b"]));
    expect(done.calls).toHaveLength(2);
    expect(handler.calls.filter((call) => call === "b")).toHaveLength(2);
  });
});
