/** Processes of a demo: started with an order, listened to line by line, killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { DemoError } from "./demo-error.ts";

/** A process that was started. */
export interface DemoProcess {
  pid: number;
  /** The process has ended: its exit code, or the name of the signal that ended it. */
  ended: Promise<string>;
  /** Ends it the hard way: no handler runs, nothing is flushed. */
  kill(): void;
}

/** Starts a program with its order, as JSON in its first argument, and calls `onMessage` with what each line says that it writes, in order. */
export function startProcess(
  program: string,
  order: unknown,
  onMessage: (message: unknown) => void,
): DemoProcess {
  const child = spawn(process.execPath, [...process.execArgv, program, JSON.stringify(order)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { pid } = child;
  if (pid === undefined) throw new DemoError(`Node could not be started: ${process.execPath}`);
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => onMessage(parseMessage(line)));
  const read = once(lines, "close");
  return { pid, ended: ending(child, read), kill: () => child.kill("SIGKILL") };
}

async function ending(child: ChildProcess, read: Promise<unknown>): Promise<string> {
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  await read;
  return signal ?? String(code);
}

/** A message from its line of JSON. What a killed process left unfinished becomes one of the kind `error`. */
export function parseMessage(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return { kind: "error", text: line };
  }
}
