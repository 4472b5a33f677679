// The version migration of the book's chapter on Temporal, with histories that were recorded before the change.
import { replayHistory } from "daruma/testing";
import { describe, expect, it } from "vitest";
import { readFileSync } from "node:fs";
import type { HistoryEvent } from "../../../src/core/events.ts";
import { openMemoryStore } from "../../../src/stores/memory/store.ts";
import { historyOf, World } from "../../support/world.ts";
import type { Worker } from "../../support/world.ts";
import { after, careless } from "./after.ts";
import { before } from "./before.ts";

const files = ["in-a", "in-b", "completed"] as const;
const fileOf = (name: string): URL => new URL(`./histories/${name}.jsonl`, import.meta.url);

/** Puts a recorded history into a database, as it was when its process ended. */
async function stored(world: World, name: string): Promise<void> {
  const store = openMemoryStore(world.database);
  const events = readFileSync(fileOf(name), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => {
      const {
        seq: _seq,
        run: _run,
        generation: _generation,
        ...event
      } = JSON.parse(line) as HistoryEvent & {
        run: string;
        generation: number;
      };
      return event;
    });
  const session = await store.sessions.open("before", 1000);
  const key = await store.runs.reserveKeys(1);
  const create = { id: name, generation: 1, workflow: "MyWorkflow", createdAt: 0, operation: "start" };
  const state = { status: "running", paused: false, wakeAt: 0 } as const;
  const write = {
    key,
    create,
    epoch: 1,
    head: 0,
    events: JSON.stringify(events),
    count: events.length,
    state,
  };
  await store.commit({ session, operation: "1", runs: [write], messages: [] });
  await store.sessions.close(session);
}

/** Goes on with a recorded run, with other code. */
async function goOn(name: string): Promise<{ world: World; daruma: Worker }> {
  const world = new World();
  await stored(world, name);
  return { world, daruma: await world.open([after]) };
}

describe("exercise 1: StepC between A and B, StepB renamed, with runs from before", () => {
  it.each(files)("the new code fits the history %s; so does the old code", async (name) => {
    for (const workflow of [after, before])
      expect(await replayHistory({ workflow, events: { file: fileOf(name) }, strict: true })).toMatchObject({
        workflow: "MyWorkflow",
      });
  });

  it("code that forgets about open runs is found out", async () => {
    for (const name of ["in-b", "completed"])
      await expect(
        replayHistory({ workflow: careless, events: { file: fileOf(name) } }),
      ).rejects.toMatchObject({
        code: "DRM-NONDETERMINISM",
        expected: "activity_scheduled StepB #2",
        found: "activity_scheduled StepC #2",
        site: expect.stringMatching(/after\.ts:\d+:\d+$/u),
      });
  });

  it("a run that was in StepB goes on the old way", async () => {
    const { world, daruma } = await goOn("in-b");
    expect(await world.until(daruma.get("in-b").result())).toEqual(["A kettle", "B kettle"]);
  });

  it("a run that was still in StepA takes the new way", async () => {
    const { world, daruma } = await goOn("in-a");
    expect(await world.until(daruma.get("in-a").result())).toEqual([
      "A kettle",
      "C kettle",
      "B2 kettle, express",
    ]);
    const marks = (await historyOf(daruma, "in-a")).filter((event) => event.type === "version_marked");
    expect(marks.map(({ changeId, version }) => [changeId, version])).toEqual([
      ["insert_step_c_v1", 1],
      ["rename_step_b2_v1", 1],
    ]);
  });

  it("a new run takes the new way, and can be replayed by it", async () => {
    const world = new World();
    const daruma = await world.open([after]);
    const run = await daruma.start("MyWorkflow", { id: "new", input: "kettle" });
    expect(await world.until(run.result())).toEqual(["A kettle", "C kettle", "B2 kettle, express"]);
    const events = await historyOf(daruma, "new");
    expect(await replayHistory({ workflow: after, events, strict: true })).toMatchObject({
      status: "completed",
    });
    await expect(replayHistory({ workflow: before, events })).rejects.toMatchObject({
      code: "DRM-NONDETERMINISM",
    });
  });
});
