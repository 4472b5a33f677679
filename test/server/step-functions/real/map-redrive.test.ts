// Redriven map runs: what waits, what cannot go on, how often, and on which items (Developer Guide, "Redriving Map Runs").
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStepFunctions } from "../../../../src/embedded/step-functions.ts";
import { positionQuery } from "../../../../src/notations/asl/execution.ts";
import type { ExecutionInput, Resume } from "../../../../src/notations/asl/execution.ts";
import type { Position } from "../../../../src/notations/asl/interpreter/position.ts";
import { Executions } from "../../../../src/server/step-functions/executions.ts";
import { callsTo } from "../world.ts";
import { reader, withFiles, writer, written } from "./files.ts";
import { chain, distributed, faulty, named, openReal, shortWays, task, until } from "./real.ts";

/** One child at a time, each a call that waits, and one failure too many. */
const oneByOne = chain({
  Each: distributed({ Gate: task("Gate") }, { MaxConcurrency: 1, ToleratedFailureCount: 1 }),
});

const executionNames = (list: { readonly executions: readonly { readonly name: string }[] }): string[] =>
  list.executions.map(({ name }) => name);

test("children wait for their redrive, and are then what they were if it does not come", async () => {
  const gates = new Map<unknown, PromiseWithResolvers<unknown>>();
  const Gate = async (input: unknown): Promise<unknown> => {
    const gate = Promise.withResolvers<unknown>();
    gates.set(input, gate);
    return await gate.promise;
  };
  const api = await openReal({ handlers: { Gate } });
  const fail = async (...items: readonly number[]): Promise<void> => {
    for (const item of items) {
      await until(() => gates.has(item));
      gates.get(item)?.reject(named("Broken"));
    }
  };
  const executionArn = await api.start(oneByOne, { input: [1, 2, 3] });
  await fail(1, 2);
  expect(await api.ended(executionArn)).toMatchObject({ status: "FAILED" });
  expect(await api.mapRun(executionArn)).toMatchObject({
    status: "FAILED",
    executionCounts: { failed: 2, pending: 1, total: 3 },
  });

  gates.clear();
  await api.ok("RedriveExecution", { executionArn });
  await until(() => gates.has(1));
  const { mapRunArn, ...mapRun } = await api.mapRun(executionArn);
  const waiting = { running: 1, failed: 0, pending: 1, pendingRedrive: 1, total: 3 };
  expect(mapRun).toMatchObject({ status: "RUNNING", itemCounts: waiting, executionCounts: waiting });
  const [first, second] = await api.children(executionArn);
  const inStatus = async (statusFilter: string): Promise<string[]> =>
    executionNames(await api.ok("ListExecutions", { mapRunArn, statusFilter }));
  expect(await inStatus("PENDING_REDRIVE")).toEqual([second.name]);
  expect(await inStatus("RUNNING")).toEqual([first.name]);
  expect(await inStatus("FAILED")).toEqual([]);
  expect(await api.ok("DescribeExecution", { executionArn: second.executionArn })).toMatchObject({
    status: "PENDING_REDRIVE",
    redriveCount: 0,
    redriveStatus: "REDRIVABLE_BY_MAP_RUN",
  });

  await api.ok("StopExecution", { executionArn });
  const stopped = { running: 0, aborted: 1, failed: 1, pending: 1, pendingRedrive: 0, total: 3 };
  expect(await api.mapRun(executionArn)).toMatchObject({
    status: "ABORTED",
    itemCounts: stopped,
    executionCounts: stopped,
  });
  expect(await inStatus("FAILED")).toEqual([second.name]);

  gates.clear();
  await api.ok("RedriveExecution", { executionArn });
  for (const item of [1, 2, 3]) {
    await until(() => gates.has(item));
    gates.get(item)?.resolve(item * 10);
  }
  expect(await api.ended(executionArn)).toMatchObject({ status: "SUCCEEDED", output: "[10,20,30]" });
  expect(await api.mapRun(executionArn)).toMatchObject({
    mapRunArn,
    status: "SUCCEEDED",
    redriveCount: 2,
    executionCounts: { succeeded: 3, failed: 0, aborted: 0, pending: 0, pendingRedrive: 0, total: 3 },
  });
  const children = await api.children(executionArn);
  expect(children.map(({ redriveCount }) => redriveCount as number)).toEqual([2, 1, 0]);
  const events = await api.events(executionArn);
  const redriven = events.filter(({ type }) => type === "MapRunRedriven");
  expect(redriven.map((event) => event["mapRunRedrivenEventDetails"])).toEqual([
    { mapRunArn, redriveCount: 1 },
    { mapRunArn, redriveCount: 2 },
  ]);
});

test("a child with too many events is not tried again, and counts as a failure for good", async () => {
  const calls: unknown[] = [];
  const Other = (input: unknown): unknown => {
    calls.push(input);
    if (calls.length === 1) throw named("Broken");
    return input;
  };
  const api = await openReal({ handlers: { Other } });
  const states = {
    Which: { Type: "Choice", Choices: [{ Variable: "$", NumericEquals: 1, Next: "Loop" }], Default: "Other" },
    Loop: { Type: "Pass", Next: "Loop" },
    Other: task("Other", { End: true }),
  };
  const processor = {
    ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
    StartAt: "Which",
    States: states,
  };
  const more = { MaxConcurrency: 1, ToleratedFailureCount: 1 };
  const executionArn = await api.start(chain({ Each: { Type: "Map", ItemProcessor: processor, ...more } }), {
    input: [1, 2],
  });
  expect(await api.ended(executionArn)).toMatchObject({ status: "FAILED" });
  const [looped] = await api.children(executionArn);
  expect(await api.ok("DescribeExecution", { executionArn: looped.executionArn })).toMatchObject({
    status: "FAILED",
    redriveStatus: "NOT_REDRIVABLE",
    redriveStatusReason: "Execution history event limit exceeded",
  });
  await api.ok("RedriveExecution", { executionArn });
  expect(await api.ended(executionArn)).toMatchObject({ status: "SUCCEEDED", output: "[2]" });
  expect(calls).toEqual([2, 2]);
  const counts = { succeeded: 1, failed: 1, failuresNotRedrivable: 1, pendingRedrive: 0, total: 2 };
  expect(await api.mapRun(executionArn)).toMatchObject({ itemCounts: counts, executionCounts: counts });
}, 60_000);

test("a map run is redriven 1,000 times at most", async () => {
  const handler = faulty();
  const served = await openStepFunctions("memory:", {
    account: "123456789012",
    region: "us-east-1",
    port: 0,
    telemetry: () => {},
    drain: 0,
    handlers: { F: handler.handler },
  });
  try {
    const api = shortWays(callsTo(served.port));
    const executionArn = await api.start(chain({ Each: distributed({ F: task("F") }) }), { input: [1] });
    await api.ended(executionArn);
    const input = await new Executions(served.daruma).runs.input(executionArn);
    const position = (await served.daruma.get(executionArn).query(positionQuery)) as unknown as Position;
    const redriven = async (redrives: number, number: number): Promise<string> => {
      const mapRun = { ...position.mapRun, redrives };
      const resume = { position: { ...position, mapRun }, events: 6, run: executionArn } as unknown as Resume;
      const id = `${executionArn}#${number}`;
      await served.daruma.start<ExecutionInput, unknown>("asl", { id, input: { ...input, resume } });
      return (await api.ended(executionArn)).error as string;
    };
    // The child of the first run is there once; what a later run of it would be called is not the point.
    expect(await redriven(999, 1)).toBe("States.ExceedToleratedFailureThreshold");
    expect(await api.mapRun(executionArn)).toMatchObject({ redriveCount: 1000, status: "FAILED" });
    expect(handler.calls).toHaveLength(2);
    expect(await redriven(1000, 2)).toBe("States.Runtime");
    expect(await api.ok("DescribeExecution", { executionArn })).toMatchObject({
      cause: expect.stringContaining("maximum number of redrives (1000)") as string,
    });
    expect(handler.calls).toHaveLength(2);
  } finally {
    await served.close();
  }
});

test("Express children begin anew, Standard ones go on where they stood", async () => {
  for (const [ExecutionType, times] of [
    ["EXPRESS", 2],
    ["STANDARD", 1],
  ] as const) {
    const [before, handler] = [faulty(), faulty()];
    before.broken = () => false;
    const api = await openReal({ handlers: { Before: before.handler, F: handler.handler } });
    const config = { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType } };
    const ItemProcessor = { ...config, ...chain({ Before: task("Before"), F: task("F") }) };
    const executionArn = await api.start(chain({ Each: { Type: "Map", ItemProcessor } }), { input: [1] });
    expect(await api.ended(executionArn)).toMatchObject({ status: "FAILED" });
    handler.broken = () => false;
    await api.ok("RedriveExecution", { executionArn });
    expect(await api.ended(executionArn)).toMatchObject({ status: "SUCCEEDED", output: "[1]" });
    expect(before.calls).toHaveLength(times);
    expect(await api.children(executionArn)).toHaveLength(1);
  }
});

test("a new map run is started if the results of the first could not be worked with", async () => {
  const handler = faulty();
  handler.broken = () => false;
  const api = await openReal({ handlers: { F: handler.handler } });
  const executionArn = await api.start(
    chain({ Each: distributed({ F: task("F") }, { OutputPath: "$.nowhere" }) }),
    { input: [1] },
  );
  expect(await api.ended(executionArn)).toMatchObject({ status: "FAILED", error: "States.Runtime" });
  await api.ok("RedriveExecution", { executionArn });
  expect(await api.ended(executionArn)).toMatchObject({ status: "FAILED", error: "States.Runtime" });
  expect(handler.calls).toEqual([1, 1]);
  expect((await api.ok("ListMapRuns", { executionArn })).mapRuns).toHaveLength(2);
});

test("results that were written before are written again with those of the redrive, in order", async () => {
  let broken = true;
  const { api, root } = await withFiles({}, (input) => broken && input === 2);
  const state = distributed({ F: task("F") }, { ...writer(), MaxConcurrency: 1 });
  const executionArn = await api.start(chain({ Each: state }), { input: [1, 2, 3] });
  expect(await api.ended(executionArn)).toMatchObject({ status: "FAILED" });
  broken = false;
  await api.ok("RedriveExecution", { executionArn });
  const { status, output } = await api.ended(executionArn);
  expect(status).toBe("SUCCEEDED");
  const manifest = written(root, JSON.parse(output).ResultWriterDetails.Key);
  const results = written(root, manifest.ResultFiles.SUCCEEDED[0].Key);
  expect(results.map(({ Output }: { Output: string }) => Output)).toEqual(["1", "2", "3"]);
  const children = await api.children(executionArn);
  expect(results.map(({ Name }: { Name: string }) => Name)).toEqual(
    children.map(({ name }) => name as string),
  );
});

const lines = (count: number, of: (index: number) => number): string =>
  Array.from({ length: count }, (_, index) => `{"n":${of(index)}}\n`).join("");

test("a large map run is redriven on the items of the first time, though their source has changed", async () => {
  const count = 20_000;
  const calls = new Map<number, number>();
  let broken = (n: number): boolean => n % 1000 === 999;
  const F = ({ n }: { readonly n: number }): number => {
    calls.set(n, (calls.get(n) ?? 0) + 1);
    if (broken(n)) throw named("Broken");
    return n;
  };
  const { root } = await withFiles({ "a.jsonl": lines(count, (index) => index) });
  const api = await openReal({
    files: { root },
    handlers: { F: F as (input: unknown) => unknown },
    checkDeterminism: false,
  });
  // The last failure, at the last item, is one too many.
  const state = distributed({ F: task("F") }, { ...reader("a.jsonl", "JSONL"), ToleratedFailureCount: 19 });
  const executionArn = await api.start(chain({ Each: state }));
  expect(await api.ended(executionArn)).toMatchObject({ status: "FAILED" });
  const { executionCounts: first } = await api.mapRun(executionArn);
  expect(first).toMatchObject({ failed: 20, pending: 0, total: count });
  expect(first).not.toHaveProperty("pendingRedrive");

  writeFileSync(
    join(root, "in", "a.jsonl"),
    lines(count, (index) => -index),
  );
  broken = (n) => n === 3999;
  await api.ok("RedriveExecution", { executionArn });
  const { status, output } = await api.ended(executionArn);
  expect(status).toBe("SUCCEEDED");
  const wanted = Array.from({ length: count }, (_, index) => index).filter((index) => index !== 3999);
  expect(JSON.parse(output)).toEqual(wanted);
  expect(await api.mapRun(executionArn)).toMatchObject({
    status: "SUCCEEDED",
    redriveCount: 1,
    executionCounts: { succeeded: count - 1, failed: 1, aborted: 0, pending: 0, running: 0, total: count },
  });
  const again = [...calls].filter(([, times]) => times > 1).map(([n]) => n);
  expect(again).toEqual(expect.arrayContaining([999, 1999, 19_999]));
  expect(again.length).toBeLessThanOrEqual(first.failed + first.aborted);
}, 180_000);

test("a redrive that was stopped before it had read anything is redriven on the same items", async () => {
  let mode: "fail" | "wait" | "work" = "fail";
  const gate = Promise.withResolvers<void>();
  let waiting = 0;
  const F = async ({ n }: { readonly n: number }): Promise<number> => {
    if (mode === "fail") throw named("Broken");
    waiting++;
    if (mode === "wait") await gate.promise;
    return n;
  };
  const { root } = await withFiles({ "a.jsonl": lines(3, (index) => index) });
  const api = await openReal({ files: { root }, handlers: { F: F as (input: unknown) => unknown } });
  const state = distributed({ F: task("F") }, { ...reader("a.jsonl", "JSONL"), ToleratedFailureCount: 2 });
  const executionArn = await api.start(chain({ First: { Type: "Pass" }, Each: state }));
  await api.ended(executionArn);
  writeFileSync(
    join(root, "in", "a.jsonl"),
    lines(3, (index) => index + 100),
  );
  mode = "wait";
  for (let time = 0; time < 2; time++) {
    await api.ok("RedriveExecution", { executionArn });
    if (time === 1) await until(() => waiting > 0);
    await api.ok("StopExecution", { executionArn });
  }
  mode = "work";
  gate.resolve();
  await api.ok("RedriveExecution", { executionArn });
  expect(await api.ended(executionArn)).toMatchObject({ status: "SUCCEEDED", output: "[0,1,2]" });
  expect(await api.mapRun(executionArn)).toMatchObject({ executionCounts: { succeeded: 3, total: 3 } });
});

test("what was not read before is read from the source", async () => {
  let broken = true;
  const F = ({ n }: { readonly n: number }): number => {
    if (broken && n === 5) throw named("Broken");
    return n;
  };
  const { root } = await withFiles({ "a.jsonl": lines(1500, (index) => index) });
  const api = await openReal({
    files: { root },
    handlers: { F: F as (input: unknown) => unknown },
    checkDeterminism: false,
  });
  const more = { ...reader("a.jsonl", "JSONL"), MaxConcurrency: 10 };
  const executionArn = await api.start(chain({ Each: distributed({ F: task("F") }, more) }));
  expect(await api.ended(executionArn)).toMatchObject({ status: "FAILED" });
  expect((await api.mapRun(executionArn)).itemCounts.total).toBe(1000);
  broken = false;
  await api.ok("RedriveExecution", { executionArn });
  const { output } = await api.ended(executionArn);
  expect(JSON.parse(output)).toEqual(Array.from({ length: 1500 }, (_, index) => index));
  expect(await api.mapRun(executionArn)).toMatchObject({ itemCounts: { succeeded: 1500, total: 1500 } });
}, 60_000);
