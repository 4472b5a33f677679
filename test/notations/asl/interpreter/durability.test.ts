// State machines survive what every run survives: a crash at each commit, a restart in a Wait, pause and cancel.
import { describe, expect, it } from "vitest";
import { child, sleep, workflow } from "daruma";
import type { AnyWorkflow, Workflow } from "daruma";
import { torture } from "daruma/testing";
import { World } from "../../../support/world.ts";
import { begin, eventsOf, failure, machine, named, only, output, task, typesOf } from "./machines.ts";

const handlers = {
  Double: (n: unknown) => 2 * Number(n),
  // The first call of each execution fails, however often it is repeated.
  Flaky: (_input: unknown, { idempotencyKey }: { idempotencyKey: string }) => {
    first ??= idempotencyKey;
    if (idempotencyKey === first) throw named("Boom");
    return "fine";
  },
};
let first: string | undefined;

/** Something of everything: a Map, a Parallel, a Wait, a retry, a choice. */
const everything = machine(
  {
    StartAt: "Each",
    States: {
      Each: {
        Type: "Map",
        ItemsPath: "$.numbers",
        MaxConcurrency: 2,
        ItemProcessor: { StartAt: "Double", States: { Double: task("Double") } },
        ResultPath: "$.doubled",
        Next: "Both",
      },
      Both: {
        Type: "Parallel",
        Branches: [
          { StartAt: "Rest", States: { Rest: { Type: "Wait", Seconds: 3600, End: true } } },
          {
            StartAt: "Try",
            States: { Try: task("Flaky", { Retry: [{ ErrorEquals: ["Boom"], IntervalSeconds: 60 }] }) },
          },
        ],
        ResultSelector: { "tried.$": "$[1]" },
        ResultPath: "$.both",
        Next: "Which",
      },
      Which: {
        Type: "Choice",
        Choices: [{ Variable: "$.doubled[2]", NumericEquals: 6, Next: "End" }],
        Default: "Bad",
      },
      Bad: { Type: "Fail", Error: "Bad" },
      End: { Type: "Succeed" },
    },
  },
  handlers,
) as unknown as Workflow<unknown, unknown>;

describe("a state machine", () => {
  it("comes to the same end, with the same events, after a crash at any commit", async () => {
    const report = await torture(
      everything,
      { numbers: [1, 2, 3] },
      { setup: () => void (first = undefined) },
    );
    expect(report.differences).toEqual([]);
    expect(report.points).toBeGreaterThan(6);
  });

  it("waits on across a restart, and not a moment longer", async () => {
    const waiting = only({ Type: "Wait", Seconds: 86_400, End: true });
    const { world, run } = await begin(waiting, { kept: true });
    const from = world.clock.now();
    await world.advance("10h");
    expect(await typesOf(run)).toEqual(["ExecutionStarted", "WaitStateEntered"]);
    const again = await world.restart([waiting]);
    expect(await world.until(again.get("one").result())).toEqual({ kept: true });
    expect(world.clock.now() - from).toBe(86_400_000);
  });

  it("numbers its events without a hole, and the same again when it is asked later", async () => {
    first = undefined;
    const { world, run } = await begin(everything, { numbers: [1, 2, 3] });
    await world.until(run.result());
    const warm = await eventsOf(run);
    expect(warm.map(({ id }) => id)).toEqual(warm.map((_event, index) => index + 1));
    const again = await world.restart([everything]);
    expect(await eventsOf(again.get("one"))).toEqual(warm);
  });

  it("is paused and goes on", async () => {
    const two = machine(
      {
        StartAt: "A",
        States: {
          A: task("Double", { End: undefined, Next: "B" }),
          B: { Type: "Wait", Seconds: 1, End: true },
        },
      },
      handlers,
    );
    const { world, run } = await begin(two, 4);
    await world.quiet();
    await run.pause();
    await world.advance("1h");
    expect((await run.describe()).status).toBe("running");
    await run.resume();
    expect(await world.until(run.result())).toBe(8);
  });

  it("is canceled, and its open tasks are aborted", async () => {
    let aborted = false;
    const hanging = only(task("Hang"), {
      Hang: (_input, { signal }) => {
        signal.addEventListener("abort", () => (aborted = true));
        return new Promise(() => {});
      },
    });
    const { world, run } = await begin(hanging, {});
    await world.quiet();
    await run.cancel("enough");
    await world.failure(run.result());
    expect((await run.describe()).status).toBe("canceled");
    expect(aborted).toBe(true);
  });
});

describe("state machines and workflows", () => {
  const square = workflow("square", async (n: number) => n * n);

  it("start each other", async () => {
    const asks = machine({
      StartAt: "Ask",
      States: {
        Ask: {
          Type: "Task",
          Resource: "arn:aws:states:::states:startExecution.sync:2",
          Parameters: { StateMachineArn: "square", "Input.$": "$.n" },
          OutputPath: "$.Output",
          End: true,
        },
      },
    });
    const parent = workflow("parent", async (n: number) =>
      child(asks as unknown as Workflow<unknown, unknown>, { n }),
    );
    const world = new World();
    const worker = await world.open([asks, square, parent]);
    const run = await worker.start(parent, { input: 7 });
    expect(await world.until(run.result())).toBe(49);
  });

  it.each([{}, { TimeoutSeconds: 3600 }])("end canceled when they wait for each other (%j)", async (more) => {
    const slow = workflow("slow", async () => sleep("1d"));
    const asks = only({
      Type: "Task",
      Resource: "arn:aws:states:::states:startExecution.sync",
      Parameters: { StateMachineArn: "slow" },
      End: true,
      ...more,
    });
    const world = new World();
    const worker = await world.open([asks, slow]);
    const run = await worker.start(asks.name, { input: {} });
    await world.quiet();
    await run.cancel();
    expect(await world.failure(run.result())).toMatchObject({ code: "DRM-RUN-CANCELED" });
    const open = (await Array.fromAsync(worker.list({}))).filter(({ status }) => status === "running");
    expect(open).toEqual([]);
  });

  it("tell the failure of a started one, with its error", async () => {
    const bad = workflow("bad", async () => {
      throw named("Spoilt", "it was old");
    });
    const asks = machine({
      StartAt: "Ask",
      States: {
        Ask: {
          Type: "Task",
          Resource: "arn:aws:states:::states:startExecution.sync",
          Parameters: { StateMachineArn: "bad" },
          Catch: [{ ErrorEquals: ["States.TaskFailed"], Next: "Caught" }],
          End: true,
        },
        Caught: { Type: "Pass", End: true },
      },
    });
    const world = new World();
    const worker = await world.open([asks, bad]);
    const run = await worker.start("machine", { input: {} });
    const result = (await world.until(run.result())) as { Cause: string };
    expect(JSON.parse(result.Cause)).toMatchObject({
      Status: "FAILED",
      Error: "Spoilt",
      Cause: "it was old",
    });
  });
});

describe("what a state machine may cost", () => {
  const forever = {
    StartAt: "Again",
    States: {
      Again: {
        Type: "Choice",
        Choices: [{ Variable: "$.enough", IsPresent: true, Next: "End" }],
        Default: "Again",
      },
      End: { Type: "Succeed" },
    },
  };

  it("an endless loop fails at event 25,000", async () => {
    const { world, run } = await begin(machine(forever), {}, { checkDeterminism: false });
    await world.failure(run.result());
    const events = await eventsOf(run);
    expect(events).toHaveLength(25_000);
    expect(events.at(-1)).toMatchObject({
      id: 25_000,
      type: "ExecutionFailed",
      executionFailedEventDetails: { error: "States.Runtime" },
    });
  });

  it("without AWS's limits an endless loop gives the thread back, so that others go on, and can be ended", async () => {
    const world = new World();
    const endless = machine(forever, {}, { awsLimits: false });
    const worker = await world.open([endless, workflow("other", async () => "done") as AnyWorkflow], {
      checkDeterminism: false,
    });
    const run = await worker.start("machine", { input: {} });
    const other = await worker.start("other", {});
    expect(await other.result()).toBe("done");
    await run.terminate("enough");
    expect((await run.describe()).status).toBe("terminated");
  });

  it("more than 256 KiB between states is States.DataLimitExceeded; without AWS's limits it is not", async () => {
    const big = { StartAt: "F", States: { F: task("Big") } };
    const Big = (): string => "x".repeat(300_000);
    expect(await failure(machine(big, { Big }), {})).toMatchObject({ error: "States.DataLimitExceeded" });
    expect(await output(machine(big, { Big }, { awsLimits: false }), {})).toHaveLength(300_000);
  });
});

describe("a Distributed Map of a state machine in code", () => {
  it("runs its items as child executions, and survives a crash at any commit", async () => {
    const each = machine(
      {
        StartAt: "Each",
        States: {
          Each: {
            Type: "Map",
            ItemProcessor: {
              ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
              StartAt: "Double",
              States: { Double: task("Double") },
            },
            End: true,
          },
        },
      },
      handlers,
    ) as unknown as Workflow<unknown, unknown>;
    expect(await output(each as unknown as AnyWorkflow, [1, 2, 3])).toEqual([2, 4, 6]);
    const report = await torture(each, [1, 2]);
    expect(report.differences).toEqual([]);
  });
});
