// `daruma fork` and `daruma retry`, through a worker and without one.
import { describe, expect, it } from "vitest";
import { Daruma } from "daruma";
import { approve, rename } from "./modules/flows.ts";
import { withOpenRun, withWorker, workflows } from "./support/stores.ts";

describe("daruma fork", () => {
  it("through a worker: the new run goes on by itself, and show says where it comes from", async () => {
    const { run, worker } = await withWorker();
    await run("start", "waiting", "--id", "w", "--input", '"mika"');
    await worker.get("w").update(rename, "nao");
    const forked = await run("fork", "w", "--id", "f", "--at", "3", "--json");
    expect(forked.json()).toEqual([
      { run: "f", origin: { as: "fork", from: { id: "w", generation: 1, at: 3 } }, worker: process.pid },
    ]);
    for (const id of ["w", "f"]) await worker.get(id).signal(approve, { by: "kai" });
    expect((await run("result", "f", "--json")).json()).toMatchObject([{ result: { called: "mika" } }]);
    expect((await run("result", "w", "--json")).json()).toMatchObject([{ result: { called: "nao" } }]);
    expect((await run("show", "f")).out).toMatch(/origin +forked from w at event 3/u);
    expect((await run("history", "f")).out).toContain("forked from w at event 3");
    expect((await run("replay", "f", "--with", "test/cli/modules/flows.ts", "--strict")).out).toMatch(
      /^ok {2}f/u,
    );
  });

  it("without one: the fork is durable, waits for a worker, and names itself", async () => {
    const { run, store } = await withOpenRun();
    const forked = await run("fork", "w");
    expect(forked).toMatchObject({
      code: 0,
      err: expect.stringContaining("the run goes on when one starts"),
    });
    const id = forked.out.trim();
    expect(id).toMatch(/^w-/u);
    const worker = await Daruma.open(store, { workflows, telemetry: () => {} });
    await worker.get(id).signal(approve, { by: "kai" });
    expect(await worker.get(id).result()).toEqual({ called: "mika", by: "kai" });
    await worker.close();
  });

  it("says what is wrong, with the nearest points", async () => {
    const { run } = await withOpenRun();
    const error = await run("fork", "w", "--at", "9", "--json");
    expect(error.code).toBe(1);
    expect(error.out + error.err).toMatch(/DRM-FORK-POINT.*event 3|event 3.*DRM-FORK-POINT/su);
    expect(await run("fork", "w", "--at", "x")).toMatchObject({ code: 2 });
    expect(await run("fork", "nobody")).toMatchObject({
      code: 1,
      err: expect.stringContaining("is not known"),
    });
    expect(await run("fork", "w", "--id", "w")).toMatchObject({
      code: 1,
      err: expect.stringContaining("exists"),
    });
    expect((await run("fork", "--help")).out).toContain("daruma fork research-42 --at 12");
    expect((await run("retry", "--help")).out).toContain("daruma retry research-42");
  });
});

describe("daruma retry", () => {
  it("lets a failed run go on, and says from where", async () => {
    const { run } = await withWorker();
    await run("start", "broken", "--id", "b");
    await run("result", "b");
    expect(await run("retry", "b")).toMatchObject({
      code: 0,
      out: "b goes on as generation 2, retried from generation 1 at event 3.\n",
    });
    expect((await run("result", "b")).code).toBe(1);
    expect((await run("retry", "b", "--at", "1", "--json")).json()).toMatchObject([
      { run: "b", generation: 3, origin: { as: "retry", from: { id: "b", generation: 2, at: 1 } } },
    ]);
    await run("result", "b");
    expect((await run("show", "b")).out).toMatch(/origin +retried from generation 2 at event 1/u);
  });

  it("refuses a run that is open", async () => {
    const { run } = await withOpenRun();
    expect(await run("retry", "w")).toMatchObject({
      code: 1,
      err: expect.stringContaining("The run w is running"),
    });
  });
});
