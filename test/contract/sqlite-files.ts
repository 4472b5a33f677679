/** Database files for tests: folders that go away, children that use them, copies of what a crash leaves, flipped bits. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const child = fileURLToPath(new URL("./child.ts", import.meta.url));

/** A folder that is deleted when the test is over, and the path of a database in it. */
export function databasePath(): string {
  const folder = mkdtempSync(join(tmpdir(), "daruma-sqlite-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "daruma.db");
}

/** Starts a child on a database; with a limit, no file that it writes can grow beyond so many KiB. */
export function startChild(mode: "hold" | "crash" | "fill", path: string, limitKiB?: number): ChildProcess {
  const parts = [process.execPath, child, mode, path];
  // A write beyond the limit fails, as on a full disk, if the signal that comes with it is ignored.
  const limit = `trap "" XFSZ; ulimit -f ${(limitKiB ?? 0) * 2}; exec "$@"`;
  const [command = "", ...rest] = limitKiB === undefined ? parts : ["sh", "-c", limit, "sh", ...parts];
  const started = spawn(command, rest, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void started.kill("SIGKILL"));
  return started;
}

async function* lines(started: ChildProcess): AsyncGenerator<unknown, void> {
  if (started.stdout === null) return;
  for await (const line of createInterface(started.stdout)) yield JSON.parse(line);
}

/** The first thing that a child says. */
export async function firstLine(started: ChildProcess): Promise<unknown> {
  return (await lines(started).next()).value;
}

/** All that a child says, when it is gone: only then are its locks. */
export async function allLines(started: ChildProcess): Promise<unknown[]> {
  const gone = once(started, "close");
  const said = await Array.fromAsync(lines(started));
  await gone;
  return said;
}

/** Ends a child at once, without a chance to clean up, and waits until it is gone. */
export async function kill(started: ChildProcess): Promise<void> {
  const gone = once(started, "close");
  started.kill("SIGKILL");
  await gone;
}

/** Runs a child that commits and dies; returns the ids of the runs that were acknowledged. */
export async function crashedDatabase(path: string): Promise<string[]> {
  return (await allLines(startChild("crash", path))) as string[];
}

/** Copies a database that nobody has open, with the files beside it. */
export function copyDatabase(path: string): string {
  const copy = databasePath();
  for (const suffix of ["", "-wal", "-mark"]) {
    if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
  }
  return copy;
}

/** Flips one bit of a file: of the byte at `offset`, or of the first byte of a text in it. */
export function flipBit(path: string, place: number | string): void {
  const bytes = readFileSync(path);
  const offset = typeof place === "number" ? place : bytes.indexOf(place);
  if (offset < 0 || offset >= bytes.length) throw new RangeError(`nothing at ${place} in ${path}`);
  bytes[offset] = (bytes[offset] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}
