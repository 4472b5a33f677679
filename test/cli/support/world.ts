/** The command line in this process: its words go in, what it writes and its exit code come out. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { commands } from "../../../src/cli/commands.ts";
import { dispatch } from "../../../src/cli/dispatch.ts";
import type { EndSignal, Io, Sink } from "../../../src/cli/io.ts";

/** The path of a module of `test/cli/modules/`. */
export function moduleFile(name: string): string {
  return resolve(import.meta.dirname, "../modules", name);
}

/** A folder that goes with the test. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "daruma-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A sink that keeps what it gets. */
export class TestSink implements Sink {
  text = "";
  readonly colors = false;
  readonly isTTY: boolean;
  columns = 80;
  rows = 24;

  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }

  write(text: string): void {
    this.text += text;
  }
}

/** An io that tests control. */
export class TestIo implements Io {
  readonly stdout: TestSink;
  readonly stderr: TestSink;
  readonly pid: number = process.pid;
  readonly exits: number[] = [];
  stdin = "";
  #take: ((signal: EndSignal) => void) | undefined;

  constructor(isTTY = false) {
    this.stdout = new TestSink(isTTY);
    this.stderr = new TestSink(isTTY);
  }

  now(): number {
    return Date.now();
  }

  async readStdin(): Promise<string> {
    return this.stdin;
  }

  onEndSignal(take: (signal: EndSignal) => void): () => void {
    this.#take = take;
    return () => void (this.#take = undefined);
  }

  /** As if the user had pressed Ctrl-C, or the system had asked. */
  signal(signal: EndSignal): void {
    this.#take?.(signal);
  }

  pause(ms: number): Promise<void> {
    return sleep(ms, undefined, { ref: false });
  }

  every(ms: number, work: () => void): () => void {
    const timer = setInterval(work, ms).unref();
    return () => clearInterval(timer);
  }

  interceptTerminal(): () => void {
    return () => {};
  }

  exit(code: number): void {
    this.exits.push(code);
  }
}

/** What a command did. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** The lines of `out`, as JSON. */
  readonly json: () => Record<string, unknown>[];
}

/** Runs one command line. */
export async function daruma(args: readonly string[], io: TestIo = new TestIo()): Promise<Ran> {
  const code = await dispatch(args, { commands, version: "1.2.3", io });
  const out = io.stdout.text;
  const lines = (): Record<string, unknown>[] =>
    out
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { code, out, err: io.stderr.text, json: lines };
}

/** A store, and the command line with it. */
export interface InStore {
  readonly store: string;
  readonly run: (...args: string[]) => Promise<Ran>;
}

/** The command line with a store of its own. */
export function inNewStore(): InStore {
  const store = `sqlite:${join(newFolder(), "daruma.db")}`;
  return { store, run: (...args) => daruma([...args, "--store", store]) };
}
