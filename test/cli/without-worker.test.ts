// Commands on a store that no process has open.
import { describe, expect, it } from "vitest";
import { Daruma } from "daruma";
import { withOpenRun, workflows } from "./support/stores.ts";
import { inNewStore, moduleFile } from "./support/world.ts";

const file = moduleFile("flows.ts");

describe("without a worker", () => {
  it("there is no database to look at", async () => {
    const { run } = inNewStore();
    for (const args of [
      ["list"],
      ["show", "x"],
      ["signal", "x", "y"],
      ["update", "x", "y"],
      ["start", "hello"],
    ]) {
      const { code, err } = await run(...args);
      expect(code).toBe(1);
      expect(err).toMatch(/There is no database .*daruma run FILE/su);
    }
  });

  it("start writes the run, and a worker begins it", async () => {
    const { store, run } = inNewStore();
    const started = await run("start", file, "--workflow", "hello", "--input", '"mika"', "--id", "h");
    expect(started).toMatchObject({ code: 0, out: "h\n" });
    expect(started.err).toContain("the run begins when one starts: daruma worker");
    expect(await run("start", file, "--workflow", "hello", "--id", "h")).toMatchObject({
      code: 1,
      err: expect.stringContaining("exists already"),
    });
    expect((await run("start", "hello")).err).toContain("No worker is running that could know the workflow");
    expect((await run("history", "h", "--json")).json()).toHaveLength(1);
    const worker = await Daruma.open(store, { workflows, telemetry: () => {} });
    expect(await worker.get("h").result()).toBe("Hello, mika!");
    await worker.close();
  });

  it("start checks the input", async () => {
    const { run } = inNewStore();
    const module = moduleFile("checked.ts");
    expect((await run("start", module, "--input", '{"count":true}')).err).toContain("$.count");
    await run("start", module, "--input", "{}", "--id", "o");
    expect((await run("history", "o")).out).toContain('workflow order started ({"count":1})');
  });

  it("a signal is kept, and a worker delivers it", async () => {
    const { run } = await withOpenRun();
    const kept = await run("signal", "w", "approve", "--input", '{"by":"nao"}');
    expect(kept.out).toContain("is kept for w. No worker is running now");
    expect((await run("show", "w")).out).toMatch(/inbox +1 not yet delivered/u);
    expect(await run("run", file, "--workflow", "waiting", "--id", "w")).toMatchObject({ code: 0 });
  });

  it("pause, resume and terminate take effect; cancel waits", async () => {
    const { run } = await withOpenRun();
    expect((await run("pause", "w", "--reason", "lunch")).out).toBe("w is paused.\n");
    expect((await run("show", "w", "--json")).json()).toMatchObject([{ paused: true, process: null }]);
    expect((await run("resume", "w")).out).toBe("w is running.\n");
    expect((await run("cancel", "w", "--json")).json()).toEqual([
      { run: "w", request: "cancel", status: "running", paused: false, worker: null },
    ]);
    expect((await run("terminate", "w", "--reason", "over")).out).toBe("w is terminated.\n");
    expect((await run("result", "w")).code).toBe(3);
    expect((await run("signal", "w", "approve")).err).toContain("DRM-RUN-CLOSED");
  });

  it("show says what the history shows, and with the code all of it", async () => {
    const { run } = await withOpenRun();
    expect((await run("show", "w")).out).toMatch(
      /worker +none is running.*waits for +a worker that has workflow waiting/su,
    );
    expect((await run("show", "w", "--with", file)).out).toMatch(/signal approve since \d\d:\d\d:\d\d/u);
  });

  it("query replays the code that it is given; update runs it", async () => {
    const { run } = await withOpenRun();
    expect(await run("query", "w", "status", "--args", '["!"]')).toMatchObject({
      code: 1,
      err: expect.stringContaining("--with MODULE"),
    });
    expect((await run("query", "w", "status", "--args", '["!"]', "--with", file)).out).toBe("mika!\n");
    expect((await run("query", "w", "statos", "--with", file)).err).toContain("one of status");
    expect((await run("update", "w", "rename", "--input", '"nao"')).err).toContain("daruma worker MODULE");
    expect((await run("update", "w", "rename", "--input", '"nao"', "--with", file)).out).toBe("mika\n");
    expect((await run("query", "w", "status", "--args", '["!"]', "--with", file)).out).toBe("nao!\n");
  });

  it("result does not wait for a run that nobody moves", async () => {
    const { run } = await withOpenRun();
    expect(await run("result", "w")).toMatchObject({
      code: 1,
      err: expect.stringContaining("no worker is running"),
    });
    expect(await run("result", "nope")).toMatchObject({
      code: 1,
      err: expect.stringContaining("DRM-RUN-NOT-FOUND"),
    });
  });
});
