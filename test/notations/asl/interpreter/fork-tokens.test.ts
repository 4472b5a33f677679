// A fork gives out again what has been given out: nobody has a token of its own.
import type { RunHandle } from "daruma";
import { describe, expect, it } from "vitest";
import { runOfToken } from "../../../../src/notations/asl/execution.ts";
import { historyOf, World } from "../../../support/world.ts";
import { Asked, asking } from "./asking.ts";
import { machine, task, typesOf } from "./machines.ts";

const Retry = [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 5 }];

/** A token by itself, tokens side by side of which one fails first and one is late first, and tokens of items. */
const machineOf = (asked: Asked) =>
  machine(
    {
      StartAt: "Alone",
      States: {
        Alone: asking("alone", { End: undefined, Next: "All" }),
        All: {
          Type: "Parallel",
          End: true,
          Branches: [
            { StartAt: "A", States: { A: asking("ann", { Retry }) } },
            { StartAt: "B", States: { B: task("Load", { End: undefined, Next: "C" }), C: asking("cy") } },
            { StartAt: "D", States: { D: asking("late", { Retry, TimeoutSeconds: 60 }) } },
            {
              StartAt: "E",
              States: {
                E: {
                  Type: "Map",
                  ItemsPath: "$.items",
                  MaxConcurrency: 1,
                  End: true,
                  ItemProcessor: { StartAt: "I", States: { I: asking("$") } },
                },
              },
            },
          ],
          Parameters: { items: ["x", "y"] },
        },
      },
    },
    asked.handlers,
  );

const output = ["ANN", "CY", "LATE", ["X", "Y"]];

/** Answers everybody who holds a token of this run, until it is over. */
async function answerAll(world: World, asked: Asked, run: RunHandle): Promise<unknown> {
  for (let seen = 0, idle = 0; idle < 3; idle++) {
    await world.advance("4s");
    for (const { who, token } of asked.since(seen)) {
      seen++;
      if (runOfToken(token) !== run.id) continue;
      idle = 0;
      await asked.says(run, who, String(who).toUpperCase()).catch(() => {});
    }
    if ((await run.describe()).status !== "running") return await run.result();
  }
  return expect.unreachable(`nobody can report to ${run.id}`);
}

async function played(world: World, asked: Asked, run: RunHandle): Promise<void> {
  await world.quiet();
  await asked.says(run, "alone", 1);
  await world.quiet();
  await asked.fails(run, "ann");
  await asked.says(run, "x", "X");
  await world.advance("90s");
  for (const who of ["y", "late", "cy", "ann"]) await asked.says(run, who, who.toUpperCase());
  expect(await world.until(run.result())).toEqual(output);
}

describe("fork of an execution with tokens", () => {
  it("comes to the same output from every point that there is, when those are asked whom it asks", async () => {
    const asked = new Asked();
    const world = new World();
    const flow = machineOf(asked);
    let worker = await world.open([flow]);
    const run = await worker.start(flow.name, { id: "one", input: {} });
    await played(world, asked, run);
    const events = await historyOf(worker, "one");
    const points: number[] = [];
    const refused = new Set<string>();
    for (let at = 1; at <= events.length; at++) {
      const id = `f-${at}`;
      const made = await worker.fork("one", { id, at }).catch((error: { code: string }) => error.code);
      if (typeof made === "string") {
        refused.add(made);
        continue;
      }
      points.push(at);
      // Every third one has to come back from its history in between.
      if (at % 3 === 0) {
        await world.quiet();
        worker = await world.restart([flow]);
      }
      expect(await answerAll(world, asked, worker.get(id)), `forked at ${at}`).toEqual(output);
    }
    expect([...refused]).toEqual(["DRM-FORK-POINT"]);
    expect(points.length).toBeGreaterThan(20);
    expect(worker.logs.filter(({ level }) => level === "error")).toEqual([]);
  });

  it("leaves the tokens of the run that it was forked from alone", async () => {
    const asked = new Asked();
    const world = new World();
    const flow = machineOf(asked);
    const worker = await world.open([flow]);
    const run = await worker.start(flow.name, { id: "one", input: {} });
    await world.quiet();
    const fork = await run.fork({ id: "fork" });
    expect(await answerAll(world, asked, fork)).toEqual(output);
    expect((await run.describe()).status).toBe("running");
    expect(asked.called.filter((call) => call === "Ask alone")).toHaveLength(2);
    expect(runOfToken(asked.token("alone", 1))).toBe("one");
  });

  it("does not give out twice what was about to be given out", async () => {
    const asked = new Asked();
    const world = new World();
    const flow = machineOf(asked);
    const worker = await world.open([flow]);
    const run = await worker.start(flow.name, { id: "one", input: {} });
    await world.quiet();
    const fork = await run.fork({ id: "fork", at: 2 });
    await world.quiet();
    expect(asked.called).toEqual(["Ask alone", "Ask alone"]);
    expect((await typesOf(fork)).filter((type) => type === "TaskScheduled")).toHaveLength(1);
    expect(await answerAll(world, asked, fork)).toEqual(output);
  });

  it("a fork that fails can be retried, also before anything of its own has come", async () => {
    const asked = new Asked();
    const world = new World();
    const flow = machineOf(asked);
    const worker = await world.open([flow]);
    const run = await worker.start(flow.name, { id: "one", input: {} });
    await world.quiet();
    await asked.says(run, "alone", 1);
    await world.quiet();
    const fork = await run.fork({ id: "fork" });
    await world.quiet();
    await asked.fails(fork, "cy");
    await world.failure(fork.result());
    const before = asked.count;
    await fork.retry();
    await world.quiet();
    expect(asked.since(before).map(({ who }) => who)).toEqual(["cy"]);
    const answers = ["cy", "ann", "late", "x"].map((who) => asked.says(fork, who, who.toUpperCase()));
    await world.until(Promise.all(answers));
    await world.quiet();
    await asked.says(fork, "y", "Y");
    expect(await world.until(fork.result())).toEqual(output);
  });
});
