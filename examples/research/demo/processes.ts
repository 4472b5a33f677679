/** Starts research processes and listens to them. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { DemoError } from "../errors.ts";
import type { ResearchInput } from "../workflow.ts";
import type { Message } from "./progress.ts";

/** What a research process is told, as JSON in its first argument. */
export interface Order {
  /** The store's URL, such as "sqlite:/tmp/daruma.db". */
  store: string;
  runId: string;
  /** Given: a new run is started. Not given: the store has the run, and opening the store lets it go on. */
  input?: ResearchInput;
}

/** A research process. */
export interface ResearchProcess {
  pid: number;
  /** The process has ended: its exit code, or the name of the signal that ended it. */
  ended: Promise<string>;
  /** Ends it the hard way: no handler runs, nothing is flushed. */
  kill(): void;
}

/** Starts a process and calls `onMessage` for each of its messages, in order. */
export function startProcess(
  program: string,
  order: Order,
  onMessage: (message: Message) => void,
): ResearchProcess {
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

/** A message from its line. What a killed process left unfinished is no message. */
export function parseMessage(line: string): Message {
  try {
    return JSON.parse(line) as Message;
  } catch {
    return { kind: "error", text: line };
  }
}
