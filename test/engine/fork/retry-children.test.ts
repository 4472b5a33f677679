import { child, ChildError, runInfo, shielded, sleep, workflow } from "daruma";
import { beforeEach, describe, expect, it } from "vitest";
import { World } from "../../support/world.ts";
import { add, called, calls, fragile, reset, state } from "./forkable.ts";

beforeEach(reset);

describe("retry of a run with children", () => {
  it("a failed child goes on from where it failed, and its own children do; closed ones are left alone", async () => {
    const world = new World();
    const unit = workflow("unit", async (what: string) => {
      const sum = await add(1, 1);
      return `${sum} ${await fragile(what)} ${runInfo().id}`;
    });
    const middle = workflow("middle", async (what: string) => child(unit, what));
    const fine = workflow("fine", async () => add(1, 1));
    const flow = workflow("flow", async (id: string | undefined) =>
      Promise.all([child(fine, undefined), sleep("1m").then(() => child(middle, "u", { id }))]),
    );
    const daruma = await world.open([flow, middle, unit, fine]);
    const run = await daruma.start(flow, { id: "r" });
    const named = await daruma.start(flow, { id: "n", input: "mine" });
    for (const one of [run, named])
      expect((await world.failure(one.result())).cause).toBeInstanceOf(ChildError);
    state.broken = false;
    calls.splice(0);
    await run.retry();
    await named.retry();
    expect(await world.until(run.result())).toEqual([2, "2 u r.1.3.1.1"]);
    expect(await world.until(named.result())).toEqual([2, "2 u mine.1.1"]);
    expect(called()).toEqual(["u", "u"]);
    expect(await daruma.get("mine").describe()).toMatchObject({
      generation: 2,
      parentId: "n",
      origin: { as: "retry", from: { id: "mine", generation: 1 } },
    });
    expect(daruma.logs.filter(({ level }) => level === "error")).toEqual([]);
  });

  it("children that ended with their parent go on where they were; those that cleaned up start again", async () => {
    const world = new World();
    const slow = workflow("slow", async (cleans: boolean = false) => {
      try {
        await add(1, 1);
        await sleep("2h");
        return "slept";
      } finally {
        if (cleans) await shielded(async () => add(0, 0));
      }
    });
    const flow = workflow("flow", async () => {
      const handles = [
        child.start(slow, undefined),
        child.start(slow, undefined, { parentClose: "cancel" }),
        child.start(slow, true, { parentClose: "cancel" }),
      ];
      await sleep("1h");
      await fragile("x");
      return Promise.all(handles.map((handle) => handle.result()));
    });
    const daruma = await world.open([flow, slow]);
    const run = await daruma.start(flow, { id: "r" });
    await world.failure(run.result());
    await world.advance("1d");
    state.broken = false;
    calls.splice(0);
    await run.retry();
    const began = world.clock.now();
    await world.advance("1h");
    for (const id of ["r.1.1", "r.1.2"]) expect((await daruma.get(id).describe()).status).toBe("completed");
    expect(await world.until(run.result())).toEqual(["slept", "slept", "slept"]);
    expect(world.clock.now() - began).toBe(2 * 3600_000);
    expect(calls.map(({ run: id, name }) => `${id} ${name}`).toSorted()).toEqual([
      "r x",
      "r.2.3 add",
      "r.2.3 add",
    ]);
  });

  it.each(["abandon", "terminate"] as const)(
    "a child (%s) whose id a stranger has is tried again: the stranger's result is not taken for its own",
    async (parentClose) => {
      const world = new World();
      const stranger = workflow("stranger", async () => add(20, 1));
      const mine = workflow("mine", async () => add(1, 1));
      const flow = workflow("flow", async () => child(mine, undefined, { id: "taken", parentClose }));
      const daruma = await world.open([flow, stranger, mine]);
      expect(await world.until((await daruma.start(stranger, { id: "taken" })).result())).toBe(21);
      const run = await daruma.start(flow, { id: "r" });
      const duplicate = { cause: { code: "DRM-CHILD-FAILED", cause: { code: "DRM-DUPLICATE-RUN" } } };
      expect(await world.failure(run.result())).toMatchObject(duplicate);
      await run.retry();
      expect(await world.failure(run.result())).toMatchObject(duplicate);
      expect(await daruma.get("taken").describe()).toMatchObject({ workflow: "stranger", generation: 1 });
      expect(called()).toEqual(["add"]);
    },
  );

  it("with a point of one's own, open children start from their beginning", async () => {
    const world = new World();
    const unit = workflow("unit", async () => `${await add(1, 1)} ${await fragile("u")}`);
    const flow = workflow("flow", async () => child(unit, undefined));
    const daruma = await world.open([flow, unit]);
    const run = await daruma.start(flow, { id: "r" });
    await world.failure(run.result());
    state.broken = false;
    calls.splice(0);
    await run.retry({ at: 2 });
    expect(await world.until(run.result())).toBe("2 u");
    expect(calls.map(({ run: id, name }) => `${id} ${name}`)).toEqual(["r.2.1 add", "r.2.1 u"]);
  });

  it("says which child cannot go on, and what can be done", async () => {
    const world = new World();
    const unit = workflow("unit", async () => {
      await fragile("u").catch(async (error: unknown) => {
        await add(-1, -1);
        throw error;
      });
      return "done";
    });
    const flow = workflow("flow", async () => child(unit, undefined));
    const daruma = await world.open([flow, unit]);
    const run = await daruma.start(flow, { id: "r" });
    await world.failure(run.result());
    const error = await world.failure(run.retry());
    expect(error).toMatchObject({ code: "DRM-NOT-RETRYABLE", subject: "r.1.1" });
    expect(error.message).toContain("--at 2");
    state.broken = false;
    await run.retry({ at: 2 });
    expect(await world.until(run.result())).toBe("done");
  });

  it("waits for a child with an id of its own that is still open", async () => {
    const world = new World();
    const stubborn = workflow("stubborn", async () => sleep("1d"));
    const flow = workflow("flow", async () => {
      await Promise.all([child(stubborn, undefined, { id: "mine" }), fragile("x")]);
    });
    const daruma = await world.open([flow, stubborn]);
    const run = await daruma.start(flow, { id: "r" });
    await world.failure(run.result());
    await daruma.start(stubborn, { id: "other" });
    // The id has gone to somebody else.
    expect((await daruma.get("mine").describe()).status).toBe("terminated");
    await daruma.get("mine").retry();
    expect(await world.failure(run.retry())).toMatchObject({ code: "DRM-NOT-RETRYABLE", subject: "mine" });
    await daruma.get("mine").terminate();
    await world.quiet();
    await run.retry();
    expect((await daruma.get("mine").describe()).generation).toBe(3);
  });
});
