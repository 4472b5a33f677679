/*
 * Server processes that a benchmark starts.
 *
 * - Each leads a process group of its own and is ended by that group's id.
 * - None outlives this process: those that still run when it exits, for whatever reason, are killed then.
 * - What they print goes to a file beside their data, so that it is there when a start fails.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { BenchError } from "../../driver/subject.ts";

/** How a server is started. */
export interface ServerOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Where it runs and where its output goes. */
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** User and group that it runs as; those of this process when not given. */
  readonly identity?: { readonly uid: number; readonly gid: number };
  /** The signal that asks it to end in good order. */
  readonly endSignal: NodeJS.Signals;
  /** How long it may take to start; 30 s when not given. */
  readonly readyMs?: number;
}

/** A server that was started. */
export interface Server {
  /** Calls `probe` until it does not throw; throws with the server's last output when it ends or its time has passed before. */
  ready(probe: () => Promise<unknown>): Promise<void>;
  stop(): Promise<void>;
}

const READY_MS = 30_000;
const PROBE_EVERY_MS = 50;
const STOP_MS = 10_000;
const OUTPUT_TAIL = 2_000;

interface Running {
  readonly child: ChildProcess;
  readonly endSignal: NodeJS.Signals;
  readonly ended: Promise<void>;
}

const running = new Set<Running>();
process.on("exit", () => {
  for (const { child } of running) kill(child, "SIGKILL");
});

/** Starts a server process; it is not ready yet. */
export function startServer(options: ServerOptions): Server {
  const output = join(options.folder, `${options.name}.out`);
  const descriptor = openSync(output, "a");
  const child = spawn(options.command, options.args, {
    cwd: options.folder,
    env: { ...process.env, ...options.environment },
    stdio: ["ignore", descriptor, descriptor],
    detached: true,
    ...options.identity,
  });
  closeSync(descriptor);
  const self: Running = { child, endSignal: options.endSignal, ended: end(child) };
  running.add(self);
  void self.ended.then(() => running.delete(self));
  return {
    ready: (probe) =>
      ready({
        name: options.name,
        output,
        isAlive: () => running.has(self),
        ms: options.readyMs ?? READY_MS,
        probe,
      }),
    stop: () => stop(self),
  };
}

/** Stops every server that was started and still runs. */
export async function stopServers(): Promise<void> {
  await Promise.all([...running].map(stop));
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
}

interface Readiness {
  readonly name: string;
  readonly output: string;
  readonly isAlive: () => boolean;
  readonly ms: number;
  readonly probe: () => Promise<unknown>;
}

async function ready({ name, output, isAlive, ms, probe }: Readiness): Promise<void> {
  const deadline = performance.now() + ms;
  let last = "";
  while (isAlive() && performance.now() < deadline) {
    try {
      await probe();
      return;
    } catch (error) {
      last = String(error);
      await sleep(PROBE_EVERY_MS);
    }
  }
  const tail = readFileSync(output, "utf8").slice(-OUTPUT_TAIL);
  throw new BenchError(
    `${name} did not start (${isAlive() ? last : "it ended"}). Its output ends with:\n${tail}`,
  );
}

async function stop(server: Running): Promise<void> {
  if (!running.has(server)) return;
  kill(server.child, server.endSignal);
  const forced = setTimeout(() => kill(server.child, "SIGKILL"), STOP_MS);
  await server.ended;
  clearTimeout(forced);
}

/** Signals the whole group of `child`; one that has ended meanwhile is no error. */
function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
