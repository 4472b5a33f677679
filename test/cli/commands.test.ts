// The commands, each on a store of its own: with no worker, with a worker (a Daruma in this process), and with wrong words.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Daruma } from "daruma";
import * as flows from "./modules/flows.ts";
import { daruma, inNewStore, moduleFile, newFolder, TestIo } from "./support/world.ts";

const file = moduleFile("flows.ts");
const workflows = Object.values(flows).filter((one) => one.kind === "workflow");

/** A store whose runs a worker moves. */
async function withWorker(): Promise<ReturnType<typeof inNewStore> & { readonly worker: Daruma }> {
  const world = inNewStore();
  const worker = await Daruma.open(world.store, { workflows, drain: 0, telemetry: () => {} });
  onTestFinished(() => worker.close());
  return { ...world, worker };
}

/** A store with an open run `w` of the workflow `waiting`, and no worker. */
async function withOpenRun(): Promise<ReturnType<typeof inNewStore>> {
  const world = inNewStore();
  const worker = await Daruma.open(world.store, { workflows, drain: 0, telemetry: () => {} });
  const run = await worker.start(flows.waiting, { id: "w", input: "mika" });
  while ((await run.describe()).historyLength < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  await worker.close();
  return world;
}

describe("run", () => {
  it("writes the result to stdout and progress to stderr", async () => {
    const { run } = inNewStore();
    const { code, out, err } = await run("run", file, "--workflow", "hello", "--input", '"mika"', "--id", "h");
    expect({ code, out }).toEqual({ code: 0, out: "Hello, mika!\n" });
    expect(err).toMatch(/workflow hello started \("mika"\)\n.*activity greet #1 scheduled.*completed/su);
  });

  it("writes lines of events with --json, which replay takes", async () => {
    const { run } = inNewStore();
    const ran = await run("run", file, "--workflow", "hello", "--input", '"mika"', "--id", "h", "--json");
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(ran.json().map(({ type }) => type)).toEqual([
      "run_started",
      "activity_scheduled",
      "activity_completed",
      "run_completed",
      "result",
    ]);
    expect(ran.json()[0]).toMatchObject({ run: "h", generation: 1, seq: 1 });
    expect(ran.json().at(-1)).toEqual({ type: "result", run: "h", status: "completed", result: "Hello, mika!" });
    const path = join(newFolder(), "h.jsonl");
    writeFileSync(path, ran.out);
    expect(await daruma(["replay", path, "--with", file])).toMatchObject({ code: 0 });
  });

  it("exits with 1 and the error when the run fails, its control characters escaped", async () => {
    const { run } = inNewStore();
    const { code, out, err } = await run("run", file, "--workflow", "broken");
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/\nfailed: ActivityError: no \\x1b\[31mred\\x1b\[0m\n {2}after 2 attempts\n {2}at .*flows\.ts:\d+/u);
    expect(err).not.toContain("\u001b");
  });

  it("exits with 3 when the run times out", async () => {
    const { run } = inNewStore();
    const { code, err } = await run("run", file, "--workflow", "limited");
    expect(code).toBe(3);
    expect(err).toMatch(/\ntimed out: RunTimedOutError/u);
  });

  it("takes the default export, and input from a file or stdin", async () => {
    const { store, run } = inNewStore();
    const path = join(newFolder(), "input.json");
    writeFileSync(path, '\ufeff{"a":[1]}');
    expect((await run("run", moduleFile("one.ts"), "--input", `@${path}`)).out).toBe('{\n  "got": {\n    "a": [\n      1\n    ]\n  }\n}\n');
    const io = new TestIo();
    io.stdin = "[2]";
    expect((await daruma(["run", moduleFile("one.ts"), "--input", "-", "--json", "--store", store], io)).json().at(-1)).toMatchObject({
      result: { got: [2] },
    });
  });

  it("refuses an input that the schema refuses", async () => {
    const { run } = inNewStore();
    const module = moduleFile("checked.ts");
    expect(await run("run", module, "--input", '{"count":"x"}')).toMatchObject({
      code: 1,
      err: expect.stringContaining("$.count"),
    });
    expect(await run("run", module, "--input", "{}")).toMatchObject({ code: 0, out: "1\n" });
  });

  it("goes on with an open run of the same id, and refuses a closed one", async () => {
    const { run } = await withOpenRun();
    const following = run("run", file, "--workflow", "waiting", "--id", "w", "--input", '"other"');
    // The command has the database open now, so this goes through it.
    const signaled = await run("signal", "w", "approve", "--input", '{"by":"nao"}');
    expect(signaled.code).toBe(0);
    const { code, out, err } = await following;
    expect({ code, out: JSON.parse(out) as unknown }).toEqual({ code: 0, out: { called: "mika", by: "nao" } });
    expect(err).toContain("w is open already and goes on, with the input that it has.");
    const again = await run("run", file, "--workflow", "waiting", "--id", "w");
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining("exists already and is completed") });
    expect(again.err).toContain("daruma result w --store");
    const other = await run("run", file, "--workflow", "hello", "--id", "w");
    expect(other.err).toContain('of workflow "waiting"');
  });

  it("leaves the run open at the first signal, and says how to go on", async () => {
    const { store, run } = inNewStore();
    const io = new TestIo();
    const left = daruma(["run", file, "--workflow", "waiting", "--id", "w", "--store", store], io);
    while (!io.stderr.text.includes("waiting for signal approve")) await new Promise((resolve) => setTimeout(resolve, 10));
    io.signal("SIGINT");
    const { code, err } = await left;
    expect(code).toBe(130);
    expect(err).toContain(`Go on with it: daruma run ${file} --workflow waiting --id w --store ${store}`);
    expect((await run("list", "--json")).json()).toMatchObject([{ id: "w", status: "running" }]);
  });

  it("says of a parked run why it is parked and what to do", async () => {
    const { run } = await withOpenRun();
    const { code, err } = await run("run", moduleFile("changed.ts"), "--id", "w");
    expect(code).toBe(1);
    expect(err).toMatch(/parked since .*expected: +activity_scheduled greet #1\n +found: +activity_scheduled salute #1\n +at: .*changed\.ts:\d+/su);
    const shown = await run("show", "w");
    expect(shown.out).toMatch(/running \(parked\).*getVersion or patched/su);
    expect((await run("list", "--parked", "--json")).json()).toMatchObject([{ id: "w", parked: true }]);
  });
});

describe("modules", () => {
  it("that export several workflows need --workflow", async () => {
    const { err, code } = await daruma(["run", file, "--store", "memory:"]);
    expect(code).toBe(1);
    expect(err).toMatch(/exports several workflows.*"broken", "dated", "hello"/su);
    expect((await daruma(["run", file, "--workflow", "helo"])).err).toContain("Did you mean --workflow hello?");
  });

  it("that cannot be loaded say why and what to do", async () => {
    const folder = newFolder();
    const made = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const problems: [string, RegExp][] = [
      [made("enum.ts", "export enum Color { Red }"), /enum is not supported.*enum\.ts:1.*a constant object for an enum/su],
      [made("syntax.ts", "export const a = = 1;"), /Expression expected.*tsc --noEmit/su],
      [made("throws.ts", 'throw new Error("no key");'), /Error: no key \(.*throws\.ts:1:\d+\)/u],
      [made("package.ts", 'import "no-such-package";'), /npm install no-such-package/u],
      [made("ending.ts", 'import "./enum";'), /with their ending/u],
      [made("none.ts", "export const helper = 1;"), /exports no workflow.*found: helper/su],
      [join(folder, "gone.ts"), /There is no file.*expected: a file at/su],
      [folder, /Name a file, not a folder/u],
    ];
    for (const [path, message] of problems) {
      const { code, err } = await daruma(["worker", path, "--store", "memory:"]);
      expect(code).toBe(1);
      expect(err).toMatch(message);
      expect(err).toContain("(DRM-MODULE)");
    }
  });

  it("may not have two workflows of one name", async () => {
    const { err } = await daruma(["worker", file, moduleFile("changed.ts"), "--store", "memory:"]);
    expect(err).toMatch(/Two workflows of .* have the name "waiting".*DRM-DUPLICATE-WORKFLOW/su);
  });
});

describe("without a worker", () => {
  it("there is no database to look at", async () => {
    const { run } = inNewStore();
    for (const args of [["list"], ["show", "x"], ["signal", "x", "y"], ["update", "x", "y"], ["start", "hello"]]) {
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
    expect((await run("show", "w")).out).toMatch(/worker +none is running.*waits for +a worker that has workflow waiting/su);
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
    expect(await run("result", "w")).toMatchObject({ code: 1, err: expect.stringContaining("no worker is running") });
    expect(await run("result", "nope")).toMatchObject({ code: 1, err: expect.stringContaining("DRM-RUN-NOT-FOUND") });
  });
});

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
    const message = new RegExp(`Process ${process.pid} has the database open, and knows no workflow "one"`, "u");
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
    while ((await worker.get("w").describe().catch(() => undefined)) === undefined)
      await new Promise((resolve) => setTimeout(resolve, 5));
    await worker.get("w").signal(flows.approve, { by: "nao" });
    expect(await followed).toMatchObject({ code: 0, err: expect.stringContaining(`Process ${process.pid} has the database open`) });
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
    expect((await run("update", "w", "rename", "--input", '""')).err).toMatch(/refused: a name must not be empty.*DRM-UPDATE-REJECTED/su);
    expect((await run("pause", "w")).out).toBe("w is paused.\n");
    expect((await run("resume", "w")).out).toBe("w is running.\n");
    expect((await run("show", "w")).out).toMatch(new RegExp(`worker +process ${process.pid}\nwaits for +signal approve since`, "u"));
    expect((await run("signal", "w", "approve", "--input", '{"by":"z"}')).out).toBe("Signal approve was sent to w.\n");
    expect(JSON.parse((await run("result", "w")).out)).toEqual({ called: "nao", by: "z" });
  });

  it("result waits no longer than it is told", async () => {
    const { run } = await withWorker();
    await run("start", "sleeper", "--id", "s");
    expect(await run("result", "s", "--timeout", "20ms")).toMatchObject({ code: 1, err: expect.stringContaining("DRM-TIMEOUT") });
    expect((await run("cancel", "s")).out).toBe("s is canceled.\n");
    expect((await run("result", "s")).code).toBe(3);
  });

  it("another worker is refused", async () => {
    const { run } = await withWorker();
    const { code, err } = await run("worker", file);
    expect(code).toBe(1);
    expect(err).toMatch(new RegExp(`Process ${process.pid} has the database .* open.*kill ${process.pid}`, "su"));
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
    expect((await run("list", "--status", "completed", "--json")).json().map(({ id }) => id)).toEqual(["日本", "b", "a"]);
    expect((await run("list", "--workflow", "nope")).err).toBe("No runs.\n");
  });

  it("print a history in words, and whole as lines of JSON", async () => {
    const { run, worker } = await withWorker();
    await run("start", "parent", "--id", "p");
    await worker.get("p").result();
    const { out } = await run("history", "p");
    expect(out).toMatch(/child p\.1\.1 started, workflow hello \("child"\)\n.*child p\.1\.1 completed after .* → "Hello, child!"/su);
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

describe("replay", () => {
  it("checks files and runs against the code of today", async () => {
    const { store, run } = await withOpenRun();
    const path = join(newFolder(), "w.jsonl");
    writeFileSync(path, (await run("history", "w", "--json")).out);
    expect(readFileSync(path, "utf8")).toContain('"type":"activity_completed"');
    expect(await run("replay", path, "w", "--with", file)).toMatchObject({
      code: 0,
      out: `ok  ${path}: 3 events of waiting\nok  w: 3 events of waiting\n2 of 2 histories fit.\n`,
    });
    const { code, out } = await daruma(["replay", "w", "--with", moduleFile("changed.ts"), "--store", store]);
    expect(code).toBe(1);
    expect(out).toMatch(/differs .*at .*changed\.ts:\d+:\d+.*expected: activity_scheduled greet #1\n +found: activity_scheduled salute #1/su);
    expect((await run("replay", path, "--with", moduleFile("changed.ts"), "--json")).json()).toMatchObject([
      { ok: false, error: { code: "DRM-NONDETERMINISM", expected: "activity_scheduled greet #1" } },
    ]);
  });

  it("takes a run whose first turn is to come, and needs the workflow", async () => {
    const { run } = inNewStore();
    await run("start", file, "--workflow", "hello", "--id", "h");
    expect((await run("replay", "h", "--with", file)).code).toBe(0);
    expect((await run("replay", "h", "--with", moduleFile("one.ts"))).code).toBe(1);
  });

  it.each([
    ["", /line 1.*expected: a run_started event/su],
    ["{", /line 1.*expected: an event as JSON/su],
    ['{"type":"run_started","seq":2}', /expected: event 1\n.*found: "event 2"/su],
    ["\u0000\u001b[31m", /found: "\\x00\\x1b/u],
  ])("says what is wrong with a file that holds %j", async (text, message) => {
    const path = join(newFolder(), "x.jsonl");
    writeFileSync(path, text);
    const { code, err } = await daruma(["replay", path, "--with", file]);
    expect(code).toBe(1);
    expect(err).toMatch(message);
    expect(err).toContain("DRM-CORRUPT-HISTORY");
  });

  it("knows a file that is missing from a run that is missing", async () => {
    expect((await daruma(["replay", "gone.jsonl", "--with", file])).code).toBe(2);
  });
});
