// Map runs while they run and when they have ended.
import { describe, expect, test } from "vitest";
import { chain, distributed, named, openReal, task, until } from "./real.ts";
import type { Real } from "./real.ts";

interface Gated {
  readonly api: Real;
  /** Inputs of the calls that wait. */
  readonly open: Map<unknown, PromiseWithResolvers<unknown>>;
}

/** Children wait until the test lets them go. */
async function gated(): Promise<Gated> {
  const open = new Map<unknown, PromiseWithResolvers<unknown>>();
  const Gate = async (input: unknown): Promise<unknown> => {
    const gate = Promise.withResolvers<unknown>();
    open.set(input, gate);
    return await gate.promise;
  };
  return { api: await openReal({ handlers: { Gate } }), open };
}

const items = { input: [1, 2, 3, 4] };

describe("a map run", () => {
  test("tells how far it is, and takes more at once when it is told to", async () => {
    const { api, open } = await gated();
    const executionArn = await api.start(
      chain({ Each: distributed({ Gate: task("Gate") }, { MaxConcurrency: 1, Label: "Mine" }) }),
      items,
    );
    await until(() => open.size === 1);
    const { mapRunArn } = await api.mapRun(executionArn);
    expect(mapRunArn).toMatch(/:mapRun:m\d+\/Mine:[\da-f-]{36}$/u);
    expect(await api.mapRun(executionArn)).toMatchObject({
      executionArn,
      status: "RUNNING",
      maxConcurrency: 1,
      itemCounts: { pending: 3, running: 1, succeeded: 0, total: 4 },
      executionCounts: { pending: 3, running: 1, succeeded: 0, total: 4 },
    });
    await api.ok("UpdateMapRun", { mapRunArn, maxConcurrency: 3 });
    await until(() => open.size === 3);
    expect(await api.mapRun(executionArn)).toMatchObject({
      maxConcurrency: 3,
      itemCounts: { pending: 1, running: 3 },
    });
    const running = await api.ok("ListExecutions", { mapRunArn, statusFilter: "RUNNING" });
    expect(running.executions).toHaveLength(3);
    for (const gate of open.values()) gate.resolve("done");
    await until(() => open.size === 4);
    open.get(4)?.resolve("done");
    expect(await api.ended(executionArn)).toMatchObject({ output: '["done","done","done","done"]' });
    const ended = await api.mapRun(executionArn);
    expect(ended).toMatchObject({
      status: "SUCCEEDED",
      itemCounts: { pending: 0, running: 0, succeeded: 4, failed: 0, timedOut: 0, aborted: 0, total: 4 },
      stopDate: expect.any(Number) as number,
    });
    expect(ended).not.toHaveProperty("redriveCount");
    expect(await api.refusal("UpdateMapRun", { mapRunArn, maxConcurrency: 1 })).toMatch(
      /^ValidationException: /u,
    );
    expect(
      await api.refusal("UpdateMapRun", { mapRunArn: `${mapRunArn.slice(0, -1)}x`, maxConcurrency: 1 }),
    ).toMatch(/^ResourceNotFound: /u);
  });

  test("puts up with more failures when it is told to", async () => {
    const { api, open } = await gated();
    const executionArn = await api.start(chain({ Each: distributed({ Gate: task("Gate") }) }), items);
    await until(() => open.size === 4);
    const { mapRunArn } = await api.mapRun(executionArn);
    await api.ok("UpdateMapRun", { mapRunArn, toleratedFailureCount: 2, toleratedFailurePercentage: 60.5 });
    open.get(1)?.reject(named("Broken"));
    open.get(2)?.reject(named("Broken"));
    open.get(3)?.resolve("three");
    await until(async () => (await api.mapRun(executionArn)).itemCounts.failed === 2);
    open.get(4)?.resolve("four");
    expect(await api.ended(executionArn)).toMatchObject({ status: "SUCCEEDED" });
    expect(await api.mapRun(executionArn)).toMatchObject({
      toleratedFailureCount: 2,
      toleratedFailurePercentage: 60.5,
      executionCounts: { succeeded: 2, failed: 2, total: 4 },
    });
  });

  test("counts what was aborted when it fails, and what never began", async () => {
    const { api, open } = await gated();
    const executionArn = await api.start(
      chain({ Each: distributed({ Gate: task("Gate") }, { MaxConcurrency: 2 }) }),
      items,
    );
    await until(() => open.size === 2);
    open.get(1)?.reject(named("Broken"));
    expect(await api.ended(executionArn)).toMatchObject({
      status: "FAILED",
      error: "States.ExceedToleratedFailureThreshold",
    });
    expect(await api.mapRun(executionArn)).toMatchObject({
      status: "FAILED",
      itemCounts: { failed: 1, aborted: 1, running: 0, pending: 2, total: 4 },
      executionCounts: { failed: 1, aborted: 1, running: 0, pending: 2, total: 4 },
    });
  });

  test("is aborted with its execution, and so are its children", async () => {
    const { api, open } = await gated();
    const executionArn = await api.start(
      chain({ Each: distributed({ Gate: task("Gate") }, { MaxConcurrency: 2 }) }),
      items,
    );
    await until(() => open.size === 2);
    const { stopDate } = await api.ok("StopExecution", { executionArn, error: "Enough", cause: "of this" });
    expect(await api.ended(executionArn)).toMatchObject({
      status: "ABORTED",
      error: "Enough",
      cause: "of this",
      stopDate,
    });
    const events = await api.events(executionArn);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
    expect(events.slice(-2)).toMatchObject([
      { type: "MapRunAborted" },
      {
        type: "ExecutionAborted",
        executionAbortedEventDetails: { error: "Enough", cause: "of this" },
      },
    ]);
    const { events: last } = await api.ok("GetExecutionHistory", {
      executionArn,
      reverseOrder: true,
      maxResults: 1,
    });
    expect(last).toEqual([expect.objectContaining({ id: events.length, type: "ExecutionAborted" })]);
    await until(async () => (await api.children(executionArn)).every(({ status }) => status === "ABORTED"));
    expect(await api.mapRun(executionArn)).toMatchObject({
      status: "ABORTED",
      stopDate,
      itemCounts: { aborted: 2, running: 0, pending: 2, total: 4 },
    });
    expect(open.size).toBe(2);
  });

  test("of a branch that was ended from outside is aborted", async () => {
    const { api, open } = await gated();
    const branches = [chain({ Each: distributed({ Gate: task("Gate") }) }), chain({ Other: task("Gate") })];
    const executionArn = await api.start(chain({ Both: { Type: "Parallel", Branches: branches } }), {
      input: ["item"],
    });
    await until(() => open.size === 2);
    for (const [input, gate] of open) if (input !== "item") gate.reject(named("Broken"));
    expect(await api.ended(executionArn)).toMatchObject({ status: "FAILED", error: "Broken" });
    expect(await api.mapRun(executionArn)).toMatchObject({
      status: "ABORTED",
      itemCounts: { aborted: 1, running: 0, total: 1 },
    });
    const types = await api.types(executionArn);
    expect(types.slice(types.indexOf("MapRunAborted"))).toEqual([
      "MapRunAborted",
      "MapStateAborted",
      "ParallelStateFailed",
      "ExecutionFailed",
    ]);
    const [child] = await api.children(executionArn);
    expect(await api.ended(child.executionArn)).toMatchObject({ status: "ABORTED" });
  });

  test("that was aborted with its execution is redriven with it, and so are its children", async () => {
    const { api, open } = await gated();
    const state = distributed({ Gate: task("Gate") }, { MaxConcurrency: 2 });
    const executionArn = await api.start(chain({ Each: state }), { input: [1, 2, 3] });
    await until(() => open.size === 2);
    open.get(1)?.resolve("one");
    await until(() => open.size === 3);
    await api.ok("StopExecution", { executionArn });
    open.clear();
    await api.ok("RedriveExecution", { executionArn });
    await until(() => open.size === 2);
    expect([...open.keys()]).toEqual([2, 3]);
    const { mapRunArn, redriveDate, startDate } = await api.mapRun(executionArn);
    expect(redriveDate).toBeGreaterThan(startDate);
    const running = await api.ok("ListExecutions", { mapRunArn, statusFilter: "RUNNING" });
    expect(running.executions).toMatchObject([{ redriveCount: 1 }, { redriveCount: 1 }]);
    for (const gate of open.values()) gate.resolve("later");
    expect(await api.ended(executionArn)).toMatchObject({ output: '["one","later","later"]' });
    const children = await api.children(executionArn);
    expect(children.map(({ status }) => status as string)).toEqual(["SUCCEEDED", "SUCCEEDED", "SUCCEEDED"]);
    const types = await api.types(children[2].executionArn);
    expect(types.filter((type) => type.startsWith("Execution"))).toEqual([
      "ExecutionStarted",
      "ExecutionAborted",
      "ExecutionRedriven",
      "ExecutionSucceeded",
    ]);
  });

  test("shows its children, with their histories", async () => {
    const { api, open } = await gated();
    const executionArn = await api.start(
      chain({ Each: distributed({ Gate: task("Gate") }, { Label: "L" }) }),
      { input: ["x"] },
    );
    await until(() => open.size === 1);
    open.get("x")?.resolve("y");
    await api.ended(executionArn);
    const { mapRunArn } = await api.mapRun(executionArn);
    const [child] = await api.children(executionArn);
    expect(child).toMatchObject({
      status: "SUCCEEDED",
      mapRunArn,
      stateMachineArn: expect.stringMatching(/:stateMachine:m\d+\/L$/u) as string,
    });
    expect(await api.ok("DescribeExecution", { executionArn: child.executionArn })).toMatchObject({
      mapRunArn,
      input: '"x"',
      output: '"y"',
    });
    expect(await api.types(child.executionArn)).toEqual([
      "ExecutionStarted",
      "TaskStateEntered",
      "LambdaFunctionScheduled",
      "LambdaFunctionStarted",
      "LambdaFunctionSucceeded",
      "TaskStateExited",
      "ExecutionSucceeded",
    ]);
    expect(
      await api.ok("DescribeStateMachineForExecution", { executionArn: child.executionArn }),
    ).toMatchObject({ mapRunArn });
  });
});
