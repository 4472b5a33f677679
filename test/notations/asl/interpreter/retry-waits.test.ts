// A retry of an execution that waited in vain inside of a Parallel state or a Map: for a report, for another execution; and where it goes on.
import { workflow } from "daruma";
import type { AnyWorkflow } from "daruma";
import { beforeEach, describe, expect, it } from "vitest";
import { reportUpdate } from "../../../../src/notations/asl/execution.ts";
import { World } from "../../../support/world.ts";
import { Asked, asking, chain, each, parallel } from "./asking.ts";
import { begin, machine, task, typesOf } from "./machines.ts";

let asked = new Asked();
beforeEach(() => void (asked = new Asked()));

const made = (States: object): AnyWorkflow => machine(chain(States), asked.handlers);

describe("a task with a token that nobody reports", () => {
  for (const [what, more] of [
    ["States.Timeout", { TimeoutSeconds: 60 }],
    ["States.HeartbeatTimeout", { HeartbeatSeconds: 60 }],
  ] as const)
    it(`${what} in a Parallel: it is given out again, and its time counts anew`, async () => {
      const flow = made({ All: parallel([chain({ A: asking("ann", more) }), chain({ B: task("Load") })]) });
      const { world, run } = await begin(flow, 7);
      expect((await world.failure(run.result())).cause).toMatchObject({ name: what });
      await world.advance("1d");
      await run.retry();
      await world.advance("59s");
      expect(asked.called).toEqual(["Ask ann", "Load 7", "Ask ann"]);
      await asked.says(run, "ann", "yes");
      expect(await world.until(run.result())).toEqual(["yes", "loaded 7"]);
    });
});

describe("other executions that tasks in a Parallel wait for", () => {
  it("an execution that was stopped because its time was over goes on, and the time counts anew", async () => {
    const started: string[] = [];
    const child = machine(
      chain({
        A: task("Load", { End: undefined, Next: "W" }),
        W: { Type: "Wait", Seconds: 60, Next: "B" },
        B: task("Ask"),
      }),
      {
        Load: () => void started.push("Load"),
        Ask: async () => {
          started.push("Ask");
          if (started.length < 4) await new Promise(() => {});
          return "answer";
        },
      },
      { name: "child" },
    );
    const waiting = {
      Type: "Task",
      Resource: "arn:aws:states:::states:startExecution.sync:2",
      Parameters: { StateMachineArn: "child" },
      OutputPath: "$.Output",
      TimeoutSeconds: 3600,
      End: true,
    };
    const flow = made({ All: parallel([chain({ A: waiting }), chain({ B: task("Load") })]) });
    const world = new World();
    const worker = await world.open([flow, child]);
    const run = await worker.start(flow.name, { id: "one", input: 7 });
    for (const times of [1, 2]) {
      const began = world.clock.now();
      expect((await world.failure(run.result())).cause).toMatchObject({ name: "States.Timeout" });
      expect(world.clock.now() - began).toBe(3600_000);
      await run.retry();
      expect((await run.describe()).generation).toBe(times + 1);
    }
    expect(await world.until(run.result())).toEqual(["answer", "loaded 7"]);
    expect(started).toEqual(["Load", "Ask", "Ask", "Ask"]);
    expect(asked.called).toEqual(["Load 7"]);
  });

  it("an execution that was to report by a token, and did so with a failure, is followed by another one", async () => {
    const given: unknown[] = [];
    const other = workflow(
      "other",
      async (input: { readonly token: string }) => void given.push(input.token),
    );
    const waiting = {
      Type: "Task",
      Resource: "arn:aws:states:::states:startExecution.waitForTaskToken",
      Parameters: { StateMachineArn: "other", Input: { "token.$": "$$.Task.Token" } },
      End: true,
    };
    const flow = made({ All: parallel([chain({ A: waiting }), chain({ B: task("Load") })]) });
    const world = new World();
    const worker = await world.open([flow, other], { checkDeterminism: false });
    const run = await worker.start(flow.name, { id: "one", input: 7 });
    await world.quiet();
    await run.update(reportUpdate, { taskToken: String(given[0]), kind: "failure", error: "No" });
    await world.failure(run.result());
    await run.retry();
    await world.quiet();
    expect(new Set(given).size).toBe(2);
    await run.update(reportUpdate, { taskToken: String(given[1]), kind: "success", output: "1" });
    expect(await world.until(run.result())).toEqual([1, "loaded 7"]);
  });
});

describe("where a retry goes on", () => {
  const both = (): object =>
    parallel([
      chain({ A: asking("ann") }),
      chain({ B: task("Load", { End: undefined, Next: "C" }), C: task("Load") }),
    ]);

  /** What comes of a retry at this point: an output, or the code of a refusal, or what it failed with. */
  async function retriedAt(at: number): Promise<unknown> {
    asked = new Asked();
    const { world, run } = await begin(made({ All: both() }), 7);
    await world.quiet();
    await asked.fails(run, "ann");
    await world.failure(run.result());
    const refused = await run.retry({ at }).then(
      () => undefined,
      (error: { readonly code: string }) => error.code,
    );
    if (refused !== undefined) return refused;
    await world.quiet();
    if ((await run.describe()).status === "failed") return "failed again";
    await asked.says(run, "ann", "yes");
    return await world.until(run.result());
  }

  it("at any point that is asked for, the report of the failure does not come again, unless it is the point", async () => {
    const results: unknown[] = [];
    for (let at = 1; at < 12; at++) results.push(await retriedAt(at));
    const output = ["yes", "loaded loaded 7"];
    const none = "DRM-FORK-POINT";
    // The events: the start, two calls, what they answered, a call, its answer, the report, its own answer, the end.
    expect(results).toEqual([
      output,
      none,
      output,
      output,
      output,
      output,
      output,
      "failed again",
      none,
      none,
      none,
    ]);
  });

  it("in the children of a Distributed Map, too", async () => {
    const flow = made({
      Each: each(
        {
          ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
          ...chain({ Both: parallel([chain({ A: asking("$") }), chain({ B: task("Load") })]) }),
        },
        { MaxConcurrency: 2 },
      ),
    });
    const { world, worker, run } = await begin(flow, ["a", "b"]);
    await world.quiet();
    const childOf = (who: string) => worker.get((JSON.parse(atob(asked.token(who))) as [string])[0]);
    await asked.says(childOf("a"), "a", "A");
    await asked.fails(childOf("b"), "b");
    await world.failure(run.result());
    await run.retry();
    await world.quiet();
    expect(asked.called.filter((call) => call.startsWith("Ask"))).toEqual(["Ask a", "Ask b", "Ask b"]);
    await asked.says(childOf("b"), "b", "B");
    expect(await world.until(run.result())).toEqual([
      ["A", "loaded a"],
      ["B", "loaded b"],
    ]);
    expect(asked.called).toHaveLength(5);
    expect((await typesOf(run)).at(-1)).toBe("ExecutionSucceeded");
  });
});
