// The words of a command line: what they mean, and what is said when they mean nothing.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parseArguments } from "../../src/cli/arguments.ts";
import { commands } from "../../src/cli/commands.ts";
import type { Command } from "../../src/cli/command.ts";
import { nearest } from "../../src/cli/nearest.ts";
import { daruma } from "./support/world.ts";

const sample: Command = {
  name: "sample",
  summary: "A sample",
  places: [
    { name: "FILE", help: "a file" },
    { name: "MORE", help: "more", optional: true },
  ],
  options: { input: { value: "JSON", help: "the input" }, quick: { help: "be quick" } },
  examples: ["daruma sample x"],
  run: async () => 0,
};

function parsed(...args: string[]): { options: Record<string, string>; places: readonly string[] } {
  const { options, places } = parseArguments(sample, args);
  return { options: Object.fromEntries(options), places };
}

describe("arguments", () => {
  it("are places and options in any order", () => {
    expect(parsed("--input", "1", "a.ts", "--quick", "b")).toEqual({
      options: { input: "1", quick: "" },
      places: ["a.ts", "b"],
    });
    expect(parsed("--input={}", "a.ts")).toEqual({ options: { input: "{}" }, places: ["a.ts"] });
  });

  it("may begin with a dash where they are values, and after --", () => {
    expect(parsed("a.ts", "--input", "-5").options).toEqual({ input: "-5" });
    expect(parsed("a.ts", "--input", "-").options).toEqual({ input: "-" });
    expect(parsed("--", "-odd.ts").places).toEqual(["-odd.ts"]);
  });

  it.each([
    [["a.ts", "--inptu", "1"], /no option "--inptu".*Did you mean --input\?/su],
    [["a.ts", "--xyzzy"], /no option "--xyzzy".*daruma sample --help/su],
    [["a.ts", "-x"], /no option "-x"/u],
    [["a.ts", "--input"], /--input needs a value.*expected: --input JSON/su],
    [["a.ts", "--input", "--quick"], /needs a value.*--input=--quick/su],
    [["a.ts", "--quick=yes"], /--quick takes no value/u],
    [[], /FILE is missing: a file.*expected: daruma sample FILE \[MORE\]/su],
    [["a", "b", '{"c":1}'], /a word too many: .*--input/su],
    [["a", "b", "c"], /a word too many: "c"/u],
    [["a.ts", "--\u001b[31m"], /no option "--\\x1b\[31m"/u],
  ])("%j are refused with what to write instead", (args, message) => {
    expect(() => parseArguments(sample, args)).toThrow(expect.objectContaining({ code: "DRM-USAGE" }));
    expect(() => parseArguments(sample, args)).toThrow(message);
  });
});

describe("nearest", () => {
  it("finds what was meant, and nothing for something else", () => {
    const names = ["run", "replay", "resume", "result", "list"];
    expect(nearest("rnu", names)).toBe("run");
    expect(nearest("resum", names)).toBe("resume");
    expect(nearest("Replay", names)).toBe("replay");
    expect(nearest("res", names)).toBe("resume");
    expect(nearest("xyzzy", names)).toBeUndefined();
    expect(nearest("", names)).toBeUndefined();
    expect(nearest("a".repeat(10_000), names)).toBeUndefined();
  });
});

describe("daruma", () => {
  it.each([[[]], [["--help"]], [["-h"]], [["help"]]])(
    "%j lists every command in one line each",
    async (args) => {
      const { code, out } = await daruma(args);
      expect(code).toBe(0);
      for (const { name, summary } of commands) expect(out).toContain(`  ${name.padEnd(9)}  ${summary}\n`);
    },
  );

  it("says its version", async () => {
    expect(await daruma(["--version"])).toMatchObject({ code: 0, out: "1.2.3\n" });
  });

  it.each(commands.map(({ name }) => name))(
    "%s has help with an example, --json and --store",
    async (name) => {
      const { code, out } = await daruma([name, "--help"]);
      expect(code).toBe(0);
      expect(out).toMatch(/\nExamples?:\n {2}daruma /u);
      for (const option of ["--json", "--store URL", "--help"]) expect(out).toContain(option);
      expect((await daruma(["help", name])).out).toBe(out);
    },
  );

  it.each(commands)("$name is in the reference, with its options", ({ name, options }) => {
    const reference = readFileSync(resolve(import.meta.dirname, "../../docs/reference/cli.md"), "utf8");
    const [, section = ""] = reference.split(`\n## daruma ${name}\n`);
    const [own = ""] = section.split("\n## ");
    for (const [option, { value }] of Object.entries(options))
      expect(own).toContain(value === undefined ? `--${option}` : `--${option} ${value}`);
    expect(section).not.toBe("");
  });

  it("names the command that was meant, and exits with 2", async () => {
    const { code, out, err } = await daruma(["rnu", "x.ts"]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain('Did you mean "daruma run"?');
    expect((await daruma(["flow.ts"])).err).toContain("daruma run flow.ts");
    expect((await daruma(["--json", "list"])).code).toBe(2);
  });

  it("writes an error as an object with --json", async () => {
    const { code, json, err } = await daruma(["list", "--limit", "0", "--json"]);
    expect({ code, err }).toEqual({ code: 2, err: "" });
    expect(json()).toMatchObject([{ type: "error", error: { code: "DRM-USAGE", found: '"0"' } }]);
  });

  it.each([
    [["result", "x", "--timeout", "soon"], /--timeout needs a duration/u],
    [["list", "--status", "done"], /--status.*one of running, completed/su],
    [["query", "x", "y", "--args", "{}"], /--args needs a JSON array/u],
    [["replay", "x.jsonl"], /expected: --with MODULE/u],
  ])("%j is a usage error", async (args, message) => {
    const { code, err } = await daruma([...args, "--store", "memory:"]);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});
