/** One process that evaluates, seen from its parent: lines in, lines out, and its end. */
import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { readyLine } from "./protocol.ts";

/** Who is told what a process does. */
export interface Listener {
  onReady?(): void;
  onLine(line: string): void;
  /** Once. `reason`: the signal that ended it, or what kept it from starting. */
  onEnd(reason: string): void;
}

/** `child.ts` beside this file, or `child.js` when both are built. */
const file = fileURLToPath(import.meta.url).replace(/evaluator-process(\.[jt]s)$/u, "child$1");

export class EvaluatorProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly ended: Promise<void>;
  ready = false;
  listener: Listener;
  #rest = "";

  /** @param heapMb megabytes of heap; more is a crash */
  constructor(heapMb: number, listener: Listener) {
    this.listener = listener;
    // It reads its own code, and has a thread; beyond that it may do nothing to this machine.
    const rights = ["--permission", "--allow-fs-read=*", "--allow-worker"];
    const flags = [`--max-old-space-size=${heapMb}`, "--max-semi-space-size=8", "--no-warnings"];
    this.#child = spawn(process.execPath, [...flags, ...rights, file], {
      env: {},
      stdio: ["pipe", "pipe", "ignore"],
      windowsHide: true,
    });
    this.#child.stdout.setEncoding("utf8");
    this.#child.stdout.on("data", (text: string) => this.#read(text));
    // It may end while something is written to it: then its end is what counts.
    this.#child.stdin.on("error", () => {});
    this.ended = new Promise((resolve) => {
      let over = false;
      const end = (reason: string): void => {
        if (over) return;
        over = true;
        this.listener.onEnd(reason);
        resolve();
      };
      this.#child.on("error", (error) => end(error.message));
      this.#child.on("close", (code, signal) => end(signal ?? `exit code ${code}`));
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  write(lines: readonly string[]): void {
    this.#child.stdin.write(lines.map((line) => `${line}\n`).join(""));
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** Whether this process waits for it before it ends itself. */
  hold(held: boolean): void {
    const parts = [this.#child, this.#child.stdin, this.#child.stdout] as { ref?(): void; unref?(): void }[];
    for (const part of parts)
      if (held) part.ref?.();
      else part.unref?.();
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      if (this.ready) this.listener.onLine(line);
      else this.#start(line);
    }
  }

  #start(line: string): void {
    if (line !== readyLine) return;
    this.ready = true;
    this.listener.onReady?.();
  }
}
