/** The example itself: what it prints, and that it can be killed and run again. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { Entry } from "../../examples/orders/ledger-world.ts";

const main = join(import.meta.dirname, "../../examples/orders/main.ts");

function start(...args: string[]): ChildProcess {
  const all = ["--conditions=daruma-source", main, ...args];
  return spawn(process.execPath, all, { stdio: ["ignore", "pipe", "inherit"] });
}

async function run(...args: string[]): Promise<{ lines: string[]; code: unknown }> {
  const started = start(...args);
  const closed = once(started, "close");
  const lines = started.stdout === null ? [] : (await text(started.stdout)).trimEnd().split("\n");
  const [code] = (await closed) as unknown[];
  return { lines, code };
}

test("the example ships what is paid and gives back what is not", async () => {
  const { lines, code } = await run();
  expect(lines).toEqual([
    expect.stringMatching(/^order-1 {2}shipped {3}ship-\d+, invoice-\d+; the carrier was told: ring twice$/),
    expect.stringMatching(/^order-2 {2}shipped {3}ship-\d+, invoice-\d+; the carrier was told: ring twice$/),
    "order-3  not paid  3 items were given back",
    expect.stringMatching(/^in the outside world: 6 reserve, 3 charge/),
  ]);
  expect(code).toBe(0);
}, 60_000);

test("the example goes on after kill -9, and does nothing twice in the outside world", async () => {
  const folder = mkdtempSync(join(tmpdir(), "daruma-orders-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const ledger = join(folder, "ledger.jsonl");
  const killed = start(folder);
  const gone = once(killed, "close");
  while (killed.exitCode === null && (!existsSync(ledger) || readFileSync(ledger).length === 0))
    await pause(1);
  killed.kill("SIGKILL");
  await gone;
  const { lines, code } = await run(folder);
  expect(code).toBe(0);
  expect(lines.map((line) => line.slice(0, 17).trim())).toEqual([
    "order-1  shipped",
    "order-2  shipped",
    "order-3  not paid",
    "in the outside wo",
  ]);
  const entries = readFileSync(ledger, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Entry);
  expect(new Set(entries.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(entries.length);
  expect(entries).toHaveLength(16);
}, 60_000);
