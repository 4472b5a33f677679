// `npm test`: every check of the project, then the tests. All checks run even when one fails, so that one run shows
// all there is to repair; the exit code is 0 only if everything passed. A check is a script of package.json of that
// name, so each can be run alone. The last line is `N passed, N failed`, vitest's counts.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, type Ran } from "./run.ts";

/** Groups run one after the other, the checks of a group side by side (two cores, short checks). */
const GROUPS = [["format:check", "lint"], ["types", "knip"], ["package:check"]];

interface Counts {
  passed: number;
  failed: number;
  skipped: string[];
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numFailedTestSuites: number;
  testResults: { assertionResults: { fullName: string; status: string }[] }[];
}

const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
const failed: string[] = [];

function report(name: string, ran: Ran): void {
  console.log(`${ran.ok ? "ok    " : "FAILED"} ${name.padEnd(14)} ${ran.seconds.toFixed(1).padStart(6)} s`);
  if (ran.ok) return;
  failed.push(name);
  console.log(`\n${ran.output.trimEnd()}\n`);
}

async function check(name: string, more = ""): Promise<Ran> {
  const ran = await run(`${scripts[name]}${more}`);
  report(name, ran);
  return ran;
}

/** A file that could not be loaded has no tests to count; a crash leaves no report: both count as one failure. */
function readCounts(path: string, ran: Ran): Counts {
  try {
    const seen = JSON.parse(readFileSync(path, "utf8")) as VitestReport;
    const tests = seen.testResults.flatMap((file) => file.assertionResults);
    const skipped = tests.filter((test) => test.status === "skipped" || test.status === "pending");
    const least = ran.ok ? 0 : Math.max(1, seen.numFailedTestSuites);
    return {
      passed: seen.numPassedTests,
      failed: seen.numFailedTests === 0 ? least : seen.numFailedTests,
      skipped: skipped.map((test) => test.fullName),
    };
  } catch {
    return { passed: 0, failed: 1, skipped: [] };
  }
}

async function runTests(): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), "daruma-test-"));
  const path = join(folder, "report.json");
  try {
    const ran = await check("test:unit", ` --reporter=default --reporter=json --outputFile.json=${path}`);
    return readCounts(path, ran);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

for (const group of GROUPS) await Promise.all(group.map((name) => check(name)));
const counts = await runTests();
for (const name of counts.skipped) console.log(`skipped: ${name}`);
console.log(failed.length === 0 ? "\nAll checks passed." : `\nFailed: ${failed.join(", ")}.`);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
