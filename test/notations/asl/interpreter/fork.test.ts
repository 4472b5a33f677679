// Fork and retry of state machines: executions are runs, so both come from the core.
import { reportUpdate, runOfToken } from "../../../../src/notations/asl/execution.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { historyOf } from "../../../support/world.ts";
import { begin, eventsOf, machine, named, task, typesOf } from "./machines.ts";

let broken = true;
const called: string[] = [];
const tokens: string[] = [];

beforeEach(() => {
  broken = true;
  called.splice(0);
  tokens.splice(0);
});

const handlers = {
  Load: () => {
    called.push("Load");
    return { n: 1 };
  },
  Save: (input: unknown) => {
    called.push("Save");
    if (broken) throw named("Broken", "no disk");
    return { saved: input };
  },
  Ask: (input: unknown) => void tokens.push((input as { token: string }).token),
};

const twoTasks = machine(
  {
    StartAt: "Load",
    States: {
      Load: task("Load", { End: undefined, Next: "Rest" }),
      Rest: { Type: "Wait", Seconds: 3600, Next: "Save" },
      Save: task("Save"),
    },
  },
  handlers,
);

/** A state that gives a token out and waits for its report. */
const askWithToken = {
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
  Parameters: { FunctionName: "Ask", Payload: { "token.$": "$$.Task.Token" } },
  End: true,
};

describe("retry of a state machine", () => {
  it("goes on at the task that failed", async () => {
    const { world, run } = await begin(twoTasks, {});
    await world.failure(run.result());
    broken = false;
    await run.retry();
    const began = world.clock.now();
    expect(await world.until(run.result())).toEqual({ saved: { n: 1 } });
    expect(world.clock.now() - began).toBe(0);
    expect(called).toEqual(["Load", "Save", "Save"]);
    const events = await eventsOf(run);
    expect(events.map(({ id }) => id)).toEqual(events.map((_event, index) => index + 1));
    expect((await typesOf(run)).at(-1)).toBe("ExecutionSucceeded");
  });

  it("also in a Parallel, of whose branches the others are done", async () => {
    const both = machine(
      {
        StartAt: "Both",
        States: {
          Both: {
            Type: "Parallel",
            End: true,
            Branches: [
              { StartAt: "Load", States: { Load: task("Load") } },
              {
                StartAt: "Rest",
                States: { Rest: { Type: "Wait", Seconds: 60, Next: "Save" }, Save: task("Save") },
              },
            ],
          },
        },
      },
      handlers,
    );
    const { world, run } = await begin(both, 7);
    await world.failure(run.result());
    broken = false;
    await run.retry();
    expect(await world.until(run.result())).toEqual([{ n: 1 }, { saved: 7 }]);
    expect(called).toEqual(["Load", "Save", "Save"]);
  });

  it("a Distributed Map keeps the children that succeeded; the others go on at their failed tasks", async () => {
    const map = machine(
      {
        StartAt: "Each",
        States: {
          Each: {
            Type: "Map",
            End: true,
            MaxConcurrency: 1,
            ItemProcessor: {
              ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
              StartAt: "Load",
              States: {
                Load: task("Load", { ResultPath: "$.loaded", End: undefined, Next: "Which" }),
                Which: {
                  Type: "Choice",
                  Choices: [{ Variable: "$.n", NumericEquals: 2, Next: "Save" }],
                  Default: "Good",
                },
                Save: task("Save"),
                Good: { Type: "Pass", Result: "good", End: true },
              },
            },
          },
        },
      },
      handlers,
    );
    const { world, worker, run } = await begin(map, [{ n: 1 }, { n: 2 }, { n: 3 }]);
    await world.failure(run.result());
    expect(called).toEqual(["Load", "Load", "Save"]);
    broken = false;
    await run.retry();
    expect(await world.until(run.result())).toEqual(["good", { saved: { n: 2, loaded: { n: 1 } } }, "good"]);
    expect(called).toEqual(["Load", "Load", "Save", "Save", "Load"]);
    expect(worker.logs.filter(({ level }) => level === "error")).toEqual([]);
  });

  it("with Retry in the state: the state is entered again, and its attempts count from the beginning", async () => {
    const retried = machine(
      {
        StartAt: "Save",
        States: { Save: task("Save", { Retry: [{ ErrorEquals: ["Broken"], MaxAttempts: 2 }] }) },
      },
      handlers,
    );
    const { world, run } = await begin(retried, 1);
    await world.failure(run.result());
    expect(called).toHaveLength(3);
    await run.retry();
    await world.failure(run.result());
    expect(called).toHaveLength(6);
    broken = false;
    await run.retry();
    expect(await world.until(run.result())).toEqual({ saved: 1 });
    expect(called).toHaveLength(7);
  });
});

describe("retry of a task that reports", () => {
  it("gives the task out again, with a new token", async () => {
    const asking = machine(
      {
        StartAt: "Load",
        States: {
          Load: task("Load", { End: undefined, Next: "Ask" }),
          Ask: askWithToken,
        },
      },
      handlers,
    );
    const { world, run } = await begin(asking, {});
    await world.quiet();
    await run.update(reportUpdate, { taskToken: tokens[0] ?? "", kind: "failure", error: "No" });
    await world.failure(run.result());
    await run.retry();
    await world.quiet();
    expect(called).toEqual(["Load"]);
    expect(new Set(tokens).size).toBe(2);
    await run.update(reportUpdate, { taskToken: tokens[1] ?? "", kind: "success", output: '"yes"' });
    expect(await world.until(run.result())).toBe("yes");
  });
});

describe("fork of a state machine", () => {
  it("comes to the same output from every point that there is", async () => {
    broken = false;
    const { world, worker, run } = await begin(twoTasks, {});
    const output = await world.until(run.result());
    const events = await historyOf(worker, "one");
    let forks = 0;
    for (let at = 1; at <= events.length; at++) {
      const fork = await run.fork({ id: `f-${at}`, at }).catch((error: { code: string }) => error.code);
      if (fork === "DRM-FORK-POINT") continue;
      if (typeof fork === "string") throw new Error(fork);
      forks++;
      expect(await world.until(fork.result())).toEqual(output);
      expect((await typesOf(fork)).at(-1)).toBe("ExecutionSucceeded");
    }
    expect(forks).toBeGreaterThan(4);
    expect(worker.logs.filter(({ level }) => level === "error")).toEqual([]);
  });

  it("a task that waits for its token hands out one of the fork's own", async () => {
    const asking = machine(
      {
        StartAt: "Ask",
        States: {
          Ask: askWithToken,
        },
      },
      handlers,
    );
    const { world, run } = await begin(asking, {});
    await world.quiet();
    // Before the call had its answer: it is open in the fork, and made again.
    const early = await run.fork({ id: "early", at: 2 });
    await world.quiet();
    expect(tokens.map(runOfToken)).toEqual(["one", "early"]);
    await early.update(reportUpdate, {
      taskToken: tokens[1] ?? "",
      kind: "success",
      output: '"yes"',
    });
    expect(await world.until(early.result())).toBe("yes");
    await run.update(reportUpdate, { taskToken: tokens[0] ?? "", kind: "success", output: '"no"' });
    expect(await world.until(run.result())).toBe("no");
  });
});
