/* Runs a part of the benchmark in a process of its own and reads the JSON that it prints. */
import { spawn } from "node:child_process";
import { BenchError } from "./driver/subject.ts";

/** The flags under which a checkout runs from source, with the collector at hand. */
const flags = ["--conditions=daruma-source", "--expose-gc"];

/** What `node FILE ARGS` prints on stdout, as JSON. Its stderr is ours. Exit code 1 with JSON counts: some parts of it failed, and it says which. */
export async function jsonOf(
  file: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<unknown> {
  const child = spawn(process.execPath, [...flags, file, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const end = (): void => void child.kill("SIGTERM");
  process.once("SIGINT", end);
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => (text += piece));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  process.off("SIGINT", end);
  if ((code === 0 || code === 1) && text.trim() !== "") return JSON.parse(text);
  throw new BenchError(`${file} ended with ${code} and printed no figures`);
}
