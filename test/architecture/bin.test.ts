// The command on a Node that is too old: one line, exit code 1, nothing loaded.
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const BIN = resolve(import.meta.dirname, "../../bin/daruma.js");

function runOn(version: string): { status: number | null; stdout: string; stderr: string } {
  const pretend = `Object.defineProperty(process.versions, "node", { value: "${version}" })`;
  const preload = `data:text/javascript,${encodeURIComponent(pretend)}`;
  return spawnSync(process.execPath, ["--import", preload, BIN, "--help"], { encoding: "utf8" });
}

describe("bin/daruma.js", () => {
  it.each(["20.20.2", "22.12.0", "23.11.1"])("refuses Node %s in one line", (version) => {
    const { status, stdout, stderr } = runOn(version);
    expect(status).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^daruma needs Node 24 or later, this is Node [\d.]+: [^\n]+\.\n$/);
    expect(stderr).toContain(`Node ${version}`);
  });
});
