import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { BenchError, type Measurement } from "../../driver/subject.ts";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Runs the program again for one engine alone and gives its measurements; signals are passed on to it. */
export async function measureInChild(name: string, quick: boolean): Promise<Measurement<string>[]> {
  const args = [MAIN, "--json", "--only", name, ...(quick ? ["--quick"] : [])];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const pass = (signal: NodeJS.Signals): void => {
    child.kill(signal);
    child.once("exit", (code) => process.exit(code ?? 1));
  };
  for (const signal of SIGNALS) process.once(signal, pass);
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  for (const signal of SIGNALS) process.off(signal, pass);
  if (code !== 0) throw new BenchError(`not measured (exit code ${code})`);
  return JSON.parse(output) as Measurement<string>[];
}
