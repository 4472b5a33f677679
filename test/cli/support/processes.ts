/** The command as its users run it: a process of its own, started through bin/daruma.js. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { onTestFinished } from "vitest";

const bin = resolve(import.meta.dirname, "../../../bin/daruma.js");

/** A command that runs. */
export class Command {
  readonly child: ChildProcess;
  out = "";
  err = "";
  readonly #ended: Promise<unknown[]>;

  constructor(args: readonly string[], cwd: string) {
    const env = { ...process.env, NODE_ENV: "", NODE_OPTIONS: "" };
    this.child = spawn(process.execPath, [bin, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => void (this.out += text));
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => void (this.err += text));
    this.#ended = once(this.child, "close");
    onTestFinished(() => void this.child.kill("SIGKILL"));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Resolves when it has written what fits. */
  async says(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.out + this.err)) {
      const more = [
        once(this.child.stdout ?? this.child, "data"),
        once(this.child.stderr ?? this.child, "data"),
      ];
      await Promise.race([...more, this.#ended.then(() => this.#mustHaveSaid(pattern))]);
    }
  }

  #mustHaveSaid(pattern: RegExp): void {
    if (!pattern.test(this.out + this.err))
      throw new Error(`It ended without ${String(pattern)}:\n${this.out}${this.err}`);
  }

  /** Its exit code, or the signal that ended it. */
  async end(): Promise<number | string> {
    const [code, signal] = (await this.#ended) as [number | null, string | null];
    return code ?? signal ?? "";
  }
}

/** Starts commands in a folder. */
export function commandsIn(cwd: string): (...args: string[]) => Command {
  return (...args) => new Command(args, cwd);
}
