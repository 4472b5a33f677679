import { activity, defaultVersion, getVersion, patched, sleep, workflow } from "daruma";
import type { AnyWorkflow } from "daruma";
import { describe, expect, it } from "vitest";
import { typesOf, World } from "../support/world.ts";

const calls: string[] = [];
const step = (name: string): (() => Promise<string>) =>
  activity(name, async () => {
    calls.push(name);
    return name;
  });
const stepA = step("StepA");
const stepB = step("StepB");
const stepC = step("StepC");

/** Versions of one workflow, as they are deployed one after the other. */
const before = workflow("flow", async () => {
  const a = await stepA();
  await sleep("1h");
  return [a, await stepB()];
});
const gated = workflow("flow", async () => {
  const a = await stepA();
  const c = getVersion("add_step_c_v1", defaultVersion, 1) >= 1 ? await stepC() : "no C";
  await sleep("1h");
  return [a, c, await stepB()];
});
const ungated = workflow("flow", async () => {
  const a = await stepA();
  const c = await stepC();
  await sleep("1h");
  return [a, c, await stepB()];
});

/** Starts a run with `first`, crashes after ten minutes, and goes on with `second`. */
async function through(first: AnyWorkflow, second: AnyWorkflow): Promise<unknown> {
  calls.length = 0;
  const world = new World();
  const daruma = await world.open([first]);
  await daruma.start("flow", { id: "r" });
  await world.advance("10m");
  const after = await world.restart([second]);
  return world.until(after.get("r").result());
}

describe("getVersion", () => {
  it("is -1 for runs that were past the point before the change existed", async () => {
    expect(await through(before, gated)).toEqual(["StepA", "no C", "StepB"]);
    expect(calls).toEqual(["StepA", "StepB"]);
  });

  it("is the newest for new runs, and the same on every replay", async () => {
    expect(await through(gated, gated)).toEqual(["StepA", "StepC", "StepB"]);
    expect(calls).toEqual(["StepA", "StepC", "StepB"]);
  });

  it("is the newest for old runs that come to the point only now", async () => {
    const early = workflow("flow", async () => {
      await sleep("1h");
      return [await stepA(), await stepB()];
    });
    const later = workflow("flow", async () => {
      await sleep("1h");
      const a = await stepA();
      return [a, getVersion("late_v1", defaultVersion, 3), await stepB()];
    });
    expect(await through(early, later)).toEqual(["StepA", 3, "StepB"]);
  });

  it("stays what it was when the code knows newer versions", async () => {
    const one = workflow("flow", async () => {
      const version = getVersion("grow_v1", defaultVersion, 1);
      await sleep("1h");
      return [version, getVersion("grow_v1", defaultVersion, 1)];
    });
    const two = workflow("flow", async () => {
      const version = getVersion("grow_v1", defaultVersion, 2);
      await sleep("1h");
      return [version, getVersion("grow_v1", defaultVersion, 2)];
    });
    expect(await through(one, two)).toEqual([1, 1]);
    expect(await through(two, two)).toEqual([2, 2]);
  });

  it("a gate in a loop keeps to one way for the whole run", async () => {
    const plain = workflow("flow", async () => {
      for (let round = 0; round < 4; round++) {
        await stepB();
        await sleep("7m");
      }
      return [];
    });
    const looping = workflow("flow", async () => {
      const versions: number[] = [];
      for (let round = 0; round < 4; round++) {
        versions.push(getVersion("loop_v1", defaultVersion, 1));
        await (versions.at(-1) === 1 ? stepC() : stepB());
        await sleep("7m");
      }
      return versions;
    });
    expect(await through(plain, looping)).toEqual([-1, -1, -1, -1]);
    expect(await through(looping, looping)).toEqual([1, 1, 1, 1]);
  });

  it("an old gate can be deleted once no run from before it is open", async () => {
    expect(await through(gated, ungated)).toEqual(["StepA", "StepC", "StepB"]);
    expect(calls).toEqual(["StepA", "StepC", "StepB"]);
  });

  it("a gate deleted too early parks the run, which goes on with the gate", async () => {
    calls.length = 0;
    const world = new World();
    const old = await world.open([before]);
    await old.start("flow", { id: "r" });
    await world.advance("10m");
    const early = await world.restart([ungated]);
    expect(await world.failure(early.get("r").result())).toMatchObject({
      code: "DRM-NONDETERMINISM",
      expected: "timer_started sleep #2",
      found: "activity_scheduled StepC #2",
    });
    const fixed = await world.restart([gated]);
    expect(await world.until(fixed.get("r").result())).toEqual(["StepA", "no C", "StepB"]);
    expect(calls).toEqual(["StepA", "StepB"]);
  });

  it("a version that the code has dropped parks the run too", async () => {
    const world = new World();
    const old = await world.open([before]);
    await old.start("flow", { id: "r" });
    await world.advance("10m");
    const dropped = workflow("flow", async () => {
      const a = await stepA();
      getVersion("add_step_c_v1", 1, 2);
      const c = await stepC();
      await sleep("1h");
      return [a, c];
    });
    const narrow = await world.restart([dropped]);
    expect(await world.failure(narrow.get("r").result())).toMatchObject({
      code: "DRM-UNKNOWN-VERSION",
      expected: "a version from 1 to 2",
      found: "-1",
    });
    expect(await narrow.get("r").describe()).toMatchObject({
      parked: true,
      why: { site: expect.stringMatching(/versions\.test\.ts:\d+:\d+/u) },
    });
    const fixed = await world.restart([gated]);
    expect(await world.until(fixed.get("r").result())).toEqual(["StepA", "no C", "StepB"]);
  });

  it("several gates at one point, in any order of deletion", async () => {
    const three = workflow("flow", async () => {
      const versions = ["a_v1", "b_v1", "c_v1"].map((id) => getVersion(id, defaultVersion, 1));
      await sleep("1h");
      return versions;
    });
    const two = workflow("flow", async () => {
      const versions = ["a_v1", "c_v1"].map((id) => getVersion(id, defaultVersion, 1));
      await sleep("1h");
      return versions;
    });
    expect(await through(three, two)).toEqual([1, 1]);
    expect(await through(two, three)).toEqual([1, -1, 1]);
  });

  it("is written once", async () => {
    const world = new World();
    const daruma = await world.open([gated]);
    await world.until((await daruma.start(gated, { id: "r" })).result());
    expect((await typesOf(daruma, "r")).filter((type) => type === "version_marked")).toHaveLength(1);
  });

  it.each([
    ["", 1, 2, "DRM-INVALID-NAME"],
    ["x", 2, 1, "DRM-INVALID-OPTION"],
    ["x", 0.5, 1, "DRM-INVALID-OPTION"],
    ["x", Number.NaN, 1, "DRM-INVALID-OPTION"],
    ["x", -2, 1, "DRM-INVALID-OPTION"],
  ])("getVersion(%j, %d, %d) is %s", async (id, min, max, code) => {
    const world = new World();
    const flow = workflow("flow", async () => getVersion(id, min, max));
    const daruma = await world.open([flow]);
    const error = await world.failure((await daruma.start(flow)).result());
    expect(error["cause"]).toMatchObject({ code });
  });
});

describe("patched", () => {
  it("is false for runs from before, true for new ones", async () => {
    const patch = workflow("flow", async () => {
      const a = await stepA();
      const c = patched("add_step_c_v1") ? await stepC() : "no C";
      await sleep("1h");
      return [a, c, await stepB()];
    });
    expect(await through(before, patch)).toEqual(["StepA", "no C", "StepB"]);
    expect(await through(patch, patch)).toEqual(["StepA", "StepC", "StepB"]);
    expect(await through(patch, ungated)).toEqual(["StepA", "StepC", "StepB"]);
  });
});
