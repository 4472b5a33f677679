// The command in processes of its own: what only several of them, signals and kills can show.
import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandsIn } from "./support/processes.ts";
import { moduleFile, newFolder } from "./support/world.ts";

const flows = moduleFile("flows.ts");

function inNewFolder(): { readonly folder: string; readonly daruma: ReturnType<typeof commandsIn> } {
  const folder = newFolder();
  return { folder, daruma: commandsIn(folder) };
}

describe("daruma, as a process", { timeout: 60_000 }, () => {
  it("runs a module that no package contains, and keeps stdout for the result", async () => {
    const { folder, daruma } = inNewFolder();
    const source = `import { workflow } from "daruma"; setInterval(() => {}, 1000); export default workflow("loose", async () => "done");`;
    writeFileSync(join(folder, "loose.ts"), source);
    writeFileSync(join(folder, "package.json"), "{}");
    const command = daruma("run", "loose.ts", "--id", "l");
    expect(await command.end()).toBe(0);
    expect(command.out).toBe("done\n");
    expect(command.err).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} {2}workflow loose started\n[^\n]* completed after .* → "done"\n$/u,
    );
    expect(existsSync(join(folder, "daruma.db.sock"))).toBe(false);
  });

  it("may start five times at the same instant on a new file", async () => {
    const { daruma } = inNewFolder();
    const runs = ["a", "b", "c"].map((id) =>
      daruma("run", flows, "--workflow", "hello", "--input", `"${id}"`, "--id", id),
    );
    const starts = ["d", "e"].map((id) =>
      daruma("start", flows, "--workflow", "hello", "--input", `"${id}"`, "--id", id),
    );
    for (const [index, command] of runs.entries()) {
      expect({ code: await command.end(), err: command.err }).toMatchObject({ code: 0 });
      expect(command.out).toBe(`Hello, ${"abc"[index]}!\n`);
    }
    for (const command of starts)
      expect({ code: await command.end(), err: command.err }).toMatchObject({ code: 0 });
    const list = daruma("list", "--json");
    expect(await list.end()).toBe(0);
    expect(list.out.trim().split("\n")).toHaveLength(5);
  });

  it("takes the place of a process that was killed, and its socket's", async () => {
    const { folder, daruma } = inNewFolder();
    const first = daruma("run", flows, "--workflow", "waiting", "--input", '"x"', "--id", "one");
    await first.says(/waiting for signal approve/u);
    const second = daruma("run", flows, "--workflow", "waiting", "--input", '"y"', "--id", "two");
    await second.says(
      new RegExp(`Process ${first.pid} has the database open; two moves there.[^]*waiting for signal`, "u"),
    );
    first.child.kill("SIGKILL");
    expect(await first.end()).toBe("SIGKILL");
    await second.says(new RegExp(`Process ${first.pid} has gone; the run goes on.`, "u"));
    for (const id of ["one", "two"]) {
      const signal = daruma("signal", id, "approve", "--input", '{"by":"mika"}');
      expect({ code: await signal.end(), out: signal.out }).toEqual({
        code: 0,
        out: `Signal approve was sent to ${id}.\n`,
      });
    }
    expect(await second.end()).toBe(0);
    expect(JSON.parse(second.out)).toEqual({ called: "y", by: "mika" });
    // Every event was shown once.
    expect(second.err.match(/activity greet #1 scheduled/gu)).toHaveLength(1);
    expect(existsSync(join(folder, "daruma.db.sock"))).toBe(false);
    const result = daruma("result", "one");
    expect([await result.end(), result.out]).toEqual([0, expect.stringContaining('"by": "mika"')]);
  });

  it("as a worker ends with 0 at the first signal, and lets activities finish", async () => {
    const { folder, daruma } = inNewFolder();
    const worker = daruma("worker", flows, "--json");
    await worker.says(/"type":"ready"/u);
    expect(statSync(join(folder, "daruma.db.sock")).mode & 0o777).toBe(0o600);
    const start = daruma("start", "working", "--input", "400", "--id", "w");
    expect(await start.end()).toBe(0);
    worker.child.kill("SIGTERM");
    expect(await worker.end()).toBe(0);
    expect(
      worker.out
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as { type: string }).type),
    ).toEqual(["ready", "ending", "ended"]);
    const result = daruma("result", "w");
    expect([await result.end(), result.out]).toEqual([0, "slept\n"]);
  });

  it("as a worker ends at once at the second signal", async () => {
    const { daruma } = inNewFolder();
    const worker = daruma("worker", flows);
    await worker.says(/Ctrl-C ends it/u);
    expect(await daruma("start", "working", "--input", "60000", "--id", "w").end()).toBe(0);
    worker.child.kill("SIGINT");
    await worker.says(/Ending/u);
    worker.child.kill("SIGINT");
    expect(await worker.end()).toBe(130);
    const list = daruma("list", "--json");
    await list.end();
    expect(JSON.parse(list.out)).toMatchObject({ id: "w", status: "running" });
  });

  it("leaves a run with the first Ctrl-C, and goes on with it later", async () => {
    const { daruma } = inNewFolder();
    const left = daruma("run", flows, "--workflow", "waiting", "--input", '"x"', "--id", "w");
    await left.says(/waiting for signal approve/u);
    left.child.kill("SIGINT");
    expect(await left.end()).toBe(130);
    expect(left.err).toContain(
      `Left w open in the database. Go on with it: daruma run ${flows} --workflow waiting --id w\n`,
    );
    const again = daruma("run", flows, "--workflow", "waiting", "--id", "w");
    await again.says(/waiting for signal approve/u);
    expect(await daruma("cancel", "w", "--reason", "enough").end()).toBe(0);
    expect(await again.end()).toBe(3);
    expect(again.err).toMatch(/canceled: The run "w" was canceled: enough\n$/u);
  });

  it("has nothing against a reader that goes away", async () => {
    const { daruma } = inNewFolder();
    const help = daruma("--help");
    help.child.stdout?.destroy();
    expect(await help.end()).toBe(0);
    expect(help.err).toBe("");
  });
});
