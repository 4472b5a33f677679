// A retry gives the task out again whose failure by a token ended the execution, wherever that was, and nothing that is done is done again.
import type { AnyWorkflow } from "daruma";
import { beforeEach, describe, expect, it } from "vitest";
import { reportUpdate } from "../../../../src/notations/asl/execution.ts";
import { World } from "../../../support/world.ts";
import { Asked, asking, chain, each, parallel } from "./asking.ts";
import { begin, eventsOf, machine, task } from "./machines.ts";

let asked = new Asked();
beforeEach(() => void (asked = new Asked()));

const made = (States: object): AnyWorkflow => machine(chain(States), asked.handlers);

describe("a failure that was reported by a token", () => {
  it("in a Parallel: the task is given out again with a new token; a branch that is done stays so, one that waits waits on", async () => {
    const flow = made({
      All: parallel([
        chain({ A: asking("ann") }),
        chain({ B: task("Load") }),
        chain({ C: asking("cy", { End: undefined, Next: "D" }), D: task("Load") }),
      ]),
    });
    const { world, worker, run } = await begin(flow, 7);
    await world.quiet();
    await asked.fails(run, "ann");
    expect((await world.failure(run.result())).cause).toMatchObject({ name: "No" });
    await run.retry();
    await world.quiet();
    expect(asked.called).toEqual(["Ask ann", "Load 7", "Ask cy", "Ask ann"]);
    const old = { taskToken: asked.token("ann", 1), kind: "success", output: "0" } as const;
    expect(await world.failure(run.update(reportUpdate, old))).toMatchObject({
      cause: { message: "TaskTimedOut" },
    });
    await asked.says(run, "ann", "yes");
    await asked.says(run, "cy", "c");
    expect(await world.until(run.result())).toEqual(["yes", "loaded 7", "loaded c"]);
    expect(asked.called.slice(4)).toEqual(["Load c"]);
    expect(worker.logs.filter(({ level }) => level === "error")).toEqual([]);
    const events = await eventsOf(run);
    expect(events.map(({ id }) => id)).toEqual(events.map((_event, index) => index + 1));
    expect(events.map(({ type }) => type)).not.toContain("TaskFailed");
  });

  it("in an inline Map: items that are done stay so", async () => {
    const flow = made({
      Each: each(chain({ A: task("Load", { End: undefined, Next: "B" }), B: asking("$") }), {
        MaxConcurrency: 2,
      }),
    });
    const { world, run } = await begin(flow, [1, 2, 3]);
    await world.quiet();
    await asked.says(run, "loaded 1", "one");
    await world.quiet();
    await asked.fails(run, "loaded 3");
    await world.failure(run.result());
    await run.retry();
    await world.quiet();
    expect(asked.called.filter((call) => call.startsWith("Load"))).toHaveLength(3);
    expect(asked.called.at(-1)).toBe("Ask loaded 3");
    expect(asked.count).toBe(4);
    await asked.says(run, "loaded 3", "three");
    await asked.says(run, "loaded 2", "two");
    expect(await world.until(run.result())).toEqual(["one", "two", "three"]);
  });

  it("nested, and again after a second failure, and after a crash", async () => {
    const inner = each(chain({ A: asking("$") }));
    const flow = made({
      Each: each(chain({ Both: parallel([chain({ In: inner }), chain({ B: task("Load") })]) })),
    });
    const world = new World();
    const first = await world.open([flow]);
    await first.start(flow.name, { id: "one", input: [["a", "b"], ["c"]] });
    await world.quiet();
    await asked.says(first.get("one"), "a", "A");
    for (const error of ["No", "Never"]) {
      const worker = await world.restart([flow]);
      const run = worker.get("one");
      await asked.fails(run, "b", error);
      expect((await world.failure(run.result())).cause).toMatchObject({ name: error });
      await run.retry();
      await world.quiet();
      expect(asked.called.at(-1)).toBe("Ask b");
    }
    expect(asked.called.filter((call) => call === "Ask b")).toHaveLength(3);
    const run = (await world.restart([flow])).get("one");
    await asked.says(run, "c", "C");
    await asked.says(run, "b", "B");
    expect(await world.until(run.result())).toEqual([
      [["A", "B"], "loaded a,b"],
      [["C"], "loaded c"],
    ]);
    expect(asked.called).toHaveLength(3 + 2 + 2);
    expect((await run.describe()).generation).toBe(3);
  });

  it("after Retry: its attempts count from the beginning, also those of a Parallel around it are not used up", async () => {
    const Retry = [{ ErrorEquals: ["No"], MaxAttempts: 1 }];
    const flow = made({
      All: parallel([chain({ A: asking("ann", { Retry }) }), chain({ B: task("Load") })]),
    });
    const { world, run } = await begin(flow, 7);
    const failTwice = async (): Promise<void> => {
      for (let times = 0; times < 2; times++) {
        await world.advance("2s");
        await asked.fails(run, "ann");
      }
      await world.failure(run.result());
    };
    await failTwice();
    await run.retry();
    await failTwice();
    await run.retry();
    await world.quiet();
    expect(asked.called.filter((call) => call === "Ask ann")).toHaveLength(5);
    expect(asked.called.filter((call) => call === "Load 7")).toHaveLength(1);
    await asked.says(run, "ann", "yes");
    expect(await world.until(run.result())).toEqual(["yes", "loaded 7"]);
  });

  it("after Retry of the Parallel: what its second attempt has done stays", async () => {
    const flow = made({
      All: parallel([chain({ A: asking("ann") }), chain({ B: task("Load") })], {
        Retry: [{ ErrorEquals: ["No"], MaxAttempts: 1 }],
      }),
    });
    const { world, run } = await begin(flow, 7);
    for (let times = 0; times < 2; times++) {
      await world.advance("2s");
      await asked.fails(run, "ann");
    }
    await world.failure(run.result());
    await run.retry();
    await world.quiet();
    expect(asked.called).toEqual(["Ask ann", "Load 7", "Ask ann", "Load 7", "Ask ann"]);
    await asked.says(run, "ann", "yes");
    expect(await world.until(run.result())).toEqual(["yes", "loaded 7"]);
  });

  it("after Catch: what was caught stays caught", async () => {
    const Catch = [{ ErrorEquals: ["No"], Next: "Instead" }];
    const branch = chain({ A: asking("ann", { Catch }), Instead: asking("bob") });
    const { world, run } = await begin(made({ All: parallel([branch, chain({ B: task("Load") })]) }), 7);
    await world.quiet();
    await asked.fails(run, "ann");
    await world.quiet();
    await asked.fails(run, "bob");
    await world.failure(run.result());
    await run.retry();
    await world.quiet();
    expect(asked.called).toEqual(["Ask ann", "Load 7", "Ask bob", "Ask bob"]);
    await asked.says(run, "bob", "yes");
    expect(await world.until(run.result())).toEqual(["yes", "loaded 7"]);
  });

  it("that a catcher has led to a Fail state, at once", async () => {
    const Catch = [{ ErrorEquals: ["States.ALL"], Next: "End" }];
    const States = { A: asking("ann", { Catch }), End: { Type: "Fail", Error: "Ended" } };
    for (const flow of [made(States), made({ All: parallel([chain(States)]) })]) {
      const { world, run } = await begin(flow, 7);
      await world.quiet();
      await asked.fails(run, "ann");
      expect((await world.failure(run.result())).cause).toMatchObject({ name: "Ended" });
      await run.retry();
      await world.quiet();
      await asked.says(run, "ann", "yes");
      expect([await world.until(run.result())].flat()).toEqual(["yes"]);
    }
    expect(asked.called).toHaveLength(4);
  });

  it("before the call itself was over: the call is taken back", async () => {
    const aborted: string[] = [];
    const slow = new Asked();
    const flow = machine(
      chain({ All: parallel([chain({ A: asking("ann") }), chain({ B: task("Load") })]) }),
      {
        ...slow.handlers,
        Ask: async (input, { signal }) => {
          await slow.handlers["Ask"]?.(input, undefined as never);
          if (slow.count > 1) return;
          signal.addEventListener("abort", () => aborted.push("first"));
          await new Promise(() => {});
        },
      },
    );
    const { world, run } = await begin(flow, 7);
    await world.quiet();
    await slow.fails(run, "ann");
    await world.failure(run.result());
    expect(aborted).toEqual(["first"]);
    await run.retry();
    await world.quiet();
    expect(slow.called).toEqual(["Ask ann", "Load 7", "Ask ann"]);
    await slow.says(run, "ann", "yes");
    expect(await world.until(run.result())).toEqual(["yes", "loaded 7"]);
  });
});
