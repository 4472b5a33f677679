// Commands that go through the process that has the store open: a Daruma in this one.
import { describe, expect, it } from "vitest";
import { approve } from "./modules/flows.ts";
import { withWorker } from "./support/stores.ts";
import { moduleFile } from "./support/world.ts";

const file = moduleFile("flows.ts");

describe("with a worker", () => {
  it("start goes through it, by file or by name", async () => {
    const { run } = await withWorker();
    expect((await run("start", "hello", "--input", '"a"', "--id", "a")).out).toBe("a\n");
    const byFile = await run("start", file, "--workflow", "hello", "--input", '"b"', "--json");
    const [{ run: id }] = byFile.json() as [{ run: string }];
    expect((await run("result", id)).out).toBe("Hello, b!\n");
    expect((await run("result", "a", "--json")).json()).toEqual([
      { type: "result", run: "a", status: "completed", result: "Hello, a!" },
    ]);
  });

  it("a workflow that it does not know is refused with its process", async () => {
    const { run } = await withWorker();
    const message = new RegExp(
      `Process ${process.pid} has the database open, and knows no workflow "one"`,
      "u",
    );
    for (const command of ["run", "start"]) {
      const { code, err } = await run(command, moduleFile("one.ts"));
      expect(code).toBe(1);
      expect(err).toMatch(message);
      expect(err).toContain(`daruma worker ${moduleFile("one.ts")}`);
    }
    expect((await run("start", "helo")).err).toContain('Did you mean "hello"?');
  });

  it("run follows the run there", async () => {
    const { run, worker } = await withWorker();
    const followed = run("run", file, "--workflow", "waiting", "--id", "w", "--input", '"mika"');
    while (
      (await worker
        .get("w")
        .describe()
        .catch(() => undefined)) === undefined
    )
      await new Promise((resolve) => setTimeout(resolve, 5));
    await worker.get("w").signal(approve, { by: "nao" });
    expect(await followed).toMatchObject({
      code: 0,
      err: expect.stringContaining(`Process ${process.pid} has the database open`),
    });
  });

  it("messages go through it", async () => {
    const { run } = await withWorker();
    await run("start", "waiting", "--id", "w", "--input", '"mika"');
    expect((await run("query", "w", "status", "--args", '["?"]', "--json")).json()).toEqual([
      { run: "w", query: "status", result: "mika?" },
    ]);
    expect((await run("update", "w", "rename", "--input", '"nao"', "--json")).json()).toEqual([
      { run: "w", update: "rename", result: "mika" },
    ]);
    expect((await run("update", "w", "rename", "--input", '""')).err).toMatch(
      /refused: a name must not be empty.*DRM-UPDATE-REJECTED/su,
    );
    expect((await run("pause", "w")).out).toBe("w is paused.\n");
    expect((await run("resume", "w")).out).toBe("w is running.\n");
    expect((await run("show", "w")).out).toMatch(
      new RegExp(`worker +process ${process.pid}\nwaits for +signal approve since`, "u"),
    );
    expect((await run("signal", "w", "approve", "--input", '{"by":"z"}')).out).toBe(
      "Signal approve was sent to w.\n",
    );
    expect(JSON.parse((await run("result", "w")).out)).toEqual({ called: "nao", by: "z" });
  });

  it("result waits no longer than it is told", async () => {
    const { run } = await withWorker();
    await run("start", "sleeper", "--id", "s");
    expect(await run("result", "s", "--timeout", "20ms")).toMatchObject({
      code: 1,
      err: expect.stringContaining("DRM-TIMEOUT"),
    });
    expect((await run("cancel", "s")).out).toBe("s is canceled.\n");
    expect((await run("result", "s")).code).toBe(3);
  });

  it("another worker is refused", async () => {
    const { run } = await withWorker();
    const { code, err } = await run("worker", file);
    expect(code).toBe(1);
    expect(err).toMatch(
      new RegExp(`Process ${process.pid} has the database .* open.*kill ${process.pid}`, "su"),
    );
  });
});

describe("list and history", () => {
  it("show runs in a table, newest first, and as lines of JSON", async () => {
    const { run } = await withWorker();
    for (const id of ["a", "b", "日本"]) await run("start", "hello", "--id", id, "--input", '"x"');
    await run("start", "sleeper", "--id", "s");
    for (const id of ["a", "b", "日本"]) await run("result", id);
    const { out, err } = await run("list", "--limit", "3");
    expect(out.split("\n").map((line) => line.split(/ {2,}/u).slice(0, 3))).toEqual([
      ["ID", "WORKFLOW", "STATUS"],
      ["s", "sleeper", "running"],
      ["日本", "hello", "completed"],
      ["b", "hello", "completed"],
      [""],
    ]);
    expect(err).toBe("There are more: --limit 30\n");
    expect((await run("list", "--status", "completed", "--json")).json().map(({ id }) => id)).toEqual([
      "日本",
      "b",
      "a",
    ]);
    expect((await run("list", "--workflow", "nope")).err).toBe("No runs.\n");
  });

  it("print a history in words, and whole as lines of JSON", async () => {
    const { run, worker } = await withWorker();
    await run("start", "parent", "--id", "p");
    await worker.get("p").result();
    const { out } = await run("history", "p");
    expect(out).toMatch(
      /child p\.1\.1 started, workflow hello \("child"\)\n.*child p\.1\.1 completed after .* → "Hello, child!"/su,
    );
    const lines = (await run("history", "p", "--json")).json();
    expect(lines.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(lines[0]).toMatchObject({ run: "p", generation: 1, type: "run_started" });
  });

  it("shows values that JSON has no form for", async () => {
    const { run } = await withWorker();
    await run("start", "dated", "--id", "d");
    expect((await run("result", "d")).out).toBe("Map(1) { 'at' => 1970-01-01T00:00:00.000Z }\n");
    expect((await run("result", "d", "--json")).json()).toMatchObject([{ result: { $daruma: "Map" } }]);
  });
});
