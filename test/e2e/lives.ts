/** Starts workers and kills them. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { WorkerOrders } from "./worker-orders.ts";

const worker = fileURLToPath(import.meta.resolve("./worker.ts"));

/** How a life is ended from outside, if it has not ended itself by then. */
export interface Kill {
  readonly after: "spawn" | "ready";
  readonly delayMs: number;
}

/** How a life ended. */
export interface End {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  /** It had opened the database and taken up what was open. */
  readonly ready: boolean;
  readonly stderr: string;
}

/** Starts a worker. The compiled sources are kept in a folder, because starting costs more than all the rest. */
export function startWorker(
  orders: WorkerOrders | undefined,
  cache: string,
  prefix: string[] = [],
): ChildProcess {
  const text = orders === undefined ? [] : [JSON.stringify(orders)];
  const all = [...prefix, process.execPath, "--conditions=daruma-source", worker, ...text];
  const [command = "", ...rest] = all;
  const env = { ...process.env, NODE_COMPILE_CACHE: cache };
  return spawn(command, rest, { stdio: ["ignore", "pipe", "pipe"], env });
}

/** Waits for the end of a worker, and brings it about. */
export async function awaitEnd(started: ChildProcess, kill: Kill | undefined): Promise<End> {
  const end = { ready: false, stderr: "" };
  let timer: NodeJS.Timeout | undefined;
  const arm = ({ delayMs }: Kill): void => void (timer = setTimeout(() => started.kill("SIGKILL"), delayMs));
  started.stderr?.setEncoding("utf8").on("data", (text: string) => (end.stderr += text));
  started.stdout?.once("data", () => {
    end.ready = true;
    if (kill?.after === "ready") arm(kill);
  });
  if (kill?.after === "spawn") arm(kill);
  const [code, signal] = (await once(started, "close")) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  return { ...end, code, signal };
}

/** Fills the folder of compiled sources. */
export async function compile(cache: string): Promise<void> {
  await awaitEnd(startWorker(undefined, cache), undefined);
}
