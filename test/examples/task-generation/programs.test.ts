// The example as people start it: the demo, the command, the server.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ExecutionView } from "../../../examples/task-generation/api/show.ts";
import { requestFor, temporaryFolder } from "./app.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const example = path.join(root, "examples/task-generation");
const timeout = 60_000;

function start(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith("TASKS_")),
  );
  const child = spawn(process.execPath, ["--conditions=daruma-source", ...args], {
    cwd,
    env: { ...clean, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function ended(
  child: ChildProcess,
): Promise<{ readonly code: number | null; readonly stdout: string }> {
  const closed = once(child, "close") as Promise<[number | null]>;
  const [stdout, , [code]] = await Promise.all([
    child.stdout === null ? "" : text(child.stdout),
    child.stderr === null ? "" : text(child.stderr),
    closed,
  ]);
  return { code, stdout };
}

describe("the demo", () => {
  it("ends well, and every claim holds", { timeout }, async () => {
    const { code, stdout } = await ended(start(temporaryFolder(), [path.join(example, "main.ts")]));
    expect(stdout).not.toContain("NOT TRUE");
    expect(stdout.match(/^ {2}✓ (?!marathon)/gmu)).toHaveLength(7);
    expect(stdout).toContain("kill -9 ");
    expect(code).toBe(0);
  });
});

describe("daruma run", () => {
  it("runs the definition with the handlers beside it, and needs nothing else", { timeout }, async () => {
    const args = [
      "run",
      path.join(example, "workflow.asl.json"),
      "--input",
      `@${path.join(example, "input.json")}`,
    ];
    const { code, stdout } = await ended(
      start(temporaryFolder(), [path.join(root, "src/cli/main.ts"), ...args]),
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      goalId: "goal-marathon",
      status: "SUCCEEDED",
      successCount: 8,
    });
  });
});

describe("the server", () => {
  async function serve(cwd: string): Promise<{ readonly url: string; readonly child: ChildProcess }> {
    const env = { TASKS_SIMULATED_WEATHER: JSON.stringify({ delayMs: 400, stepMs: 100 }) };
    const child = start(cwd, [path.join(example, "serve.ts"), "--port", "0"], env);
    const [line] = (await once(child.stdout ?? child, "data")) as [Buffer];
    return { url: line.toString().trim().replace("Listening on ", ""), child };
  }

  it("goes on with what it had begun, though it was killed with kill -9", { timeout }, async () => {
    const folder = temporaryFolder();
    const first = await serve(folder);
    const begun = await fetch(`${first.url}/executions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(await requestFor("goal-marathon")),
    });
    const { executionId } = (await begun.json()) as ExecutionView;
    const view = async (url: string): Promise<ExecutionView> =>
      (await (await fetch(`${url}/executions/${executionId}`)).json()) as ExecutionView;
    await expect.poll(async () => (await view(first.url)).processed, { timeout: 20_000 }).toBeGreaterThan(1);
    first.child.kill("SIGKILL");
    await once(first.child, "close");
    const second = await serve(folder);
    expect((await view(second.url)).processed).toBeGreaterThan(1);
    await expect.poll(async () => (await view(second.url)).status, { timeout: 20_000 }).toBe("succeeded");
    expect(await view(second.url)).toMatchObject({
      percentage: 100,
      output: { status: "SUCCEEDED", successCount: 8 },
    });
    second.child.kill("SIGTERM");
    expect((await once(second.child, "close"))[0]).toBe(0);
  });
});
