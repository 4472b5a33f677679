// `daruma run`, and the modules that commands take.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withOpenRun } from "./support/stores.ts";
import { daruma, inNewStore, moduleFile, newFolder, TestIo } from "./support/world.ts";

const file = moduleFile("flows.ts");

describe("run", () => {
  it("writes the result to stdout and progress to stderr", async () => {
    const { run } = inNewStore();
    const { code, out, err } = await run(
      "run",
      file,
      "--workflow",
      "hello",
      "--input",
      '"mika"',
      "--id",
      "h",
    );
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
    expect(ran.json().at(-1)).toEqual({
      type: "result",
      run: "h",
      status: "completed",
      result: "Hello, mika!",
    });
    const path = join(newFolder(), "h.jsonl");
    writeFileSync(path, ran.out);
    expect(await daruma(["replay", path, "--with", file])).toMatchObject({ code: 0 });
  });

  it("exits with 1 and the error when the run fails, its control characters escaped", async () => {
    const { run } = inNewStore();
    const { code, out, err } = await run("run", file, "--workflow", "broken");
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(
      /\nfailed: ActivityError: no \\x1b\[31mred\\x1b\[0m\n {2}after 2 attempts\n {2}at .*flows\.ts:\d+/u,
    );
    expect(err).not.toContain("\u001b");
  });

  it("exits with 3 when the run times out", async () => {
    const { run } = inNewStore();
    const { code, err } = await run("run", file, "--workflow", "limited");
    expect(code).toBe(3);
    expect(err).toMatch(/\ntimed out: The run "limited-.*" reached its time limit\.\n$/u);
  });

  it("takes the default export, and input from a file or stdin", async () => {
    const { store, run } = inNewStore();
    const path = join(newFolder(), "input.json");
    writeFileSync(path, '\ufeff{"a":[1]}');
    expect((await run("run", moduleFile("one.ts"), "--input", `@${path}`)).out).toBe(
      '{\n  "got": {\n    "a": [\n      1\n    ]\n  }\n}\n',
    );
    const io = new TestIo();
    io.stdin = "[2]";
    expect(
      (await daruma(["run", moduleFile("one.ts"), "--input", "-", "--json", "--store", store], io))
        .json()
        .at(-1),
    ).toMatchObject({
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
    expect({ code, out: JSON.parse(out) as unknown }).toEqual({
      code: 0,
      out: { called: "mika", by: "nao" },
    });
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
    while (!io.stderr.text.includes("waiting for signal approve"))
      await new Promise((resolve) => setTimeout(resolve, 10));
    io.signal("SIGINT");
    const { code, err } = await left;
    expect(code).toBe(130);
    expect(err).toContain(`Go on with it: daruma run ${file} --workflow waiting --id w --store ${store}`);
    expect((await run("list", "--json")).json()).toMatchObject([{ id: "w", status: "running" }]);
  });

  it("says that other open runs go on meanwhile", async () => {
    const { run } = await withOpenRun();
    const { code, err } = await run("run", file, "--workflow", "hello", "--input", '"x"');
    expect(code).toBe(0);
    expect(err).toContain(
      "1 other open run goes on in this process meanwhile (daruma list --status running --store",
    );
    expect((await run("run", moduleFile("one.ts"), "--input", "1")).err).not.toContain("other open run");
  });

  it("says of a parked run why it is parked and what to do", async () => {
    const { run } = await withOpenRun();
    const { code, err } = await run("run", moduleFile("changed.ts"), "--id", "w");
    expect(code).toBe(1);
    expect(err).toMatch(
      /parked since .*expected: +activity_scheduled greet #1\n +found: +activity_scheduled salute #1\n +at: .*changed\.ts:\d+/su,
    );
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
    expect((await daruma(["run", file, "--workflow", "helo"])).err).toContain(
      "Did you mean --workflow hello?",
    );
  });

  it("that cannot be loaded say why and what to do", async () => {
    const folder = newFolder();
    const made = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const problems: [string, RegExp][] = [
      [
        made("enum.ts", "export enum Color { Red }"),
        /enum is not supported.*enum\.ts:1.*a constant object for an enum/su,
      ],
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
