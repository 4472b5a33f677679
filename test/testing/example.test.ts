// The example of the test kit is a test that runs by itself, with Node's own runner.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const file = "examples/testing/expense.test.ts";

/** The runner's output. Rejects if a test fails. */
function runTests(): Promise<string> {
  const args = ["--conditions=daruma-source", "--test", "--test-reporter=tap", file];
  // A runner inside another one must not think that it is part of it.
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
  return new Promise((done, failed) => {
    execFile(process.execPath, args, { cwd: root, env }, (error, stdout) =>
      error === null ? done(stdout) : failed(new Error(stdout, { cause: error })),
    );
  });
}

describe("examples/testing", () => {
  it("passes, all of it", async () => {
    const tests = readFileSync(resolve(root, file), "utf8").match(/^await test\(/gm)?.length;
    expect(await runTests()).toContain(`# pass ${tests}\n`);
  });
});
