import { child, runInfo, signal, sleep, workflow } from "daruma";
import { describe, expect, it } from "vitest";
import { World } from "../../support/world.ts";
import { add } from "./forkable.ts";

const name = signal<string>("name");

describe("fork of a run with children", () => {
  it("starts open children again, under ids of their own; closed ones keep theirs", async () => {
    const world = new World();
    const short = workflow("short", async () => sleep("1m").then(() => runInfo().id));
    const long = workflow("long", async () => sleep("1h").then(() => runInfo().id));
    const flow = workflow("flow", async () => {
      const handles = [child.start(short, undefined), child.start(long, undefined)];
      const results = await Promise.all(handles.map((handle) => handle.result()));
      return { results, ids: handles.map(({ id }) => id) };
    });
    const daruma = await world.open([flow, short, long]);
    const run = await daruma.start(flow, { id: "r" });
    await world.advance("2m");
    const fork = await run.fork({ id: "f" });
    const ids = ["r.1.1", "f.1.2"];
    expect(await world.until(fork.result())).toEqual({ results: ids, ids });
    expect(await daruma.get("f.1.2").describe()).toMatchObject({ status: "completed", parentId: "f" });
    expect(await world.until(run.result())).toEqual({ results: ["r.1.1", "r.1.2"], ids: ["r.1.1", "r.1.2"] });
    // A fork of the fork, before the children had closed.
    const again = await fork.fork({ id: "g", at: 3 });
    expect(await world.until(again.result())).toMatchObject({ results: ["g.1.1", "g.1.2"] });
    expect(daruma.logs.filter(({ level }) => level === "error")).toEqual([]);
  });

  it("a child that has an id from its code stands in the way while it is open", async () => {
    const world = new World();
    const long = workflow("long", async () => sleep("1h"));
    const flow = workflow("flow", async () => {
      await add(1, 1);
      await child(long, undefined, { id: "mine" });
    });
    const daruma = await world.open([flow, long]);
    const run = await daruma.start(flow, { id: "r" });
    await world.quiet();
    await expect(run.fork({ id: "f", at: 4 })).rejects.toMatchObject({
      code: "DRM-FORK-POINT",
      message: expect.stringContaining("its child mine is open there") as string,
      expected: "event 3",
    });
    // The last point that there is.
    const fork = await run.fork({ id: "f" });
    expect((await fork.describe()).origin?.from.at).toBe(3);
    const error = await world.failure(fork.result());
    expect(error.message).toContain("mine");
  });

  it("a detached child is not started again; who awaits it learns how it ended", async () => {
    const world = new World();
    const long = workflow("long", async () => sleep("1h").then(() => "long"));
    const flow = workflow("flow", async () => {
      const handle = child.start(long, undefined, { parentClose: "abandon" });
      await name.receive();
      return handle.result();
    });
    const daruma = await world.open([flow, long]);
    const run = await daruma.start(flow, { id: "r" });
    await world.quiet();
    const early = await run.fork({ id: "early" });
    await early.signal(name, "x");
    expect((await world.failure(early.result())).message).toContain("cannot wait for it");
    await run.terminate();
    await world.advance("2h");
    const late = await run.fork({ id: "late" });
    await late.signal(name, "x");
    expect(await world.until(late.result())).toBe("long");
    const longs = await Array.fromAsync(daruma.list({ workflow: "long" }));
    expect(longs).toHaveLength(1);
  });
});
