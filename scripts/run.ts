// Runs a command and keeps what it printed, both streams in the order in which they came.
import { spawn } from "node:child_process";

export interface Ran {
  readonly ok: boolean;
  readonly output: string;
  readonly seconds: number;
}

/** Runs one shell command line to its end. A signal or a command that does not start counts as a failure. */
export function run(commandLine: string, cwd: string = process.cwd()): Promise<Ran> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(commandLine, { cwd, shell: true, stdio: ["ignore", "pipe", "pipe"] });
    const done = (ok: boolean): void =>
      resolve({ ok, output, seconds: (performance.now() - startedAt) / 1000 });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    child.on("error", (error) => {
      output += String(error);
      done(false);
    });
    child.on("close", (code) => done(code === 0));
  });
}
