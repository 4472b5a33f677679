// What `import "daruma"` loads: whoever writes workflows in TypeScript does not wait for the interpreter of state machines.
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");

/** The modules of this project that a script loads, as paths from `src/`. */
function loadedBy(script: string): readonly string[] {
  const program = `
    import { registerHooks } from "node:module";
    const loaded = [];
    registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
    ${script}
    console.log(JSON.stringify(loaded));`;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--conditions=daruma-source", "--input-type=module", "--eval", program],
    { cwd: ROOT, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(stderr);
  const urls = JSON.parse(stdout) as string[];
  return urls.flatMap((url) => url.split("/src/").slice(1));
}

const ofStateMachines = /^(?:notations|integrations|embedded\/state-machine)/u;

describe('import "daruma"', () => {
  it("loads the engine, and nothing of state machines", () => {
    const loaded = loadedBy(`await import("daruma");`);
    expect(loaded).toContain("engine/loop.ts");
    expect(loaded.filter((path) => ofStateMachines.test(path))).toEqual([]);
  });

  it("nor do the commands, until one needs it", () => {
    const loaded = loadedBy(`await import("./src/cli/commands.ts");`);
    expect(loaded).toContain("cli/commands/serve.ts");
    expect(loaded.filter((path) => ofStateMachines.test(path))).toEqual([]);
  });

  it("loads the language when the first state machine is added, whose runs go like any others", () => {
    const loaded = loadedBy(`
      const { Daruma } = await import("daruma");
      const daruma = await Daruma.open("memory:");
      const machine = daruma.stateMachine(
        { StartAt: "Call", States: { Call: { Type: "Task", Resource: "arn:aws:lambda:us-east-1:123456789012:function:Double", End: true } } },
        { name: "double", handlers: { Double: (input) => input * 2 } },
      );
      const run = await daruma.start(machine, { id: "one", input: 21 });
      if ((await run.result()) !== 42) throw new Error("not 42");
      try {
        daruma.stateMachine({ StartAt: "Nowhere", States: {} });
        throw new Error("accepted");
      } catch (error) {
        if (error.code !== "DRM-INVALID-DEFINITION") throw error;
      }
      await daruma.close();`);
    expect(loaded).toContain("notations/asl/workflow.ts");
  });
});
