/* State machines on `daruma serve`, a process of its own beside the one that measures; HTTP on the loopback address between them. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { BenchError } from "../driver/subject.ts";
import type { MachineSubject } from "./compare.ts";
import { deployOver } from "./http.ts";

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const handlers = fileURLToPath(new URL("handlers.ts", import.meta.url));

/** Daruma's server, with a SQLite file in `folder` and a module for the tasks. */
export async function openServed(folder: string): Promise<MachineSubject> {
  const store = `sqlite:${join(folder, "served.db")}`;
  const args = ["serve", "--json", "--step-functions", "0", "--store", store, "--handlers", handlers];
  const child = spawn(process.execPath, ["--conditions=daruma-source", main, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    // Without it the server takes itself for one in development and replays each run that has closed.
    env: { ...process.env, NODE_ENV: "production" },
  });
  const end = (): void => void child.kill("SIGKILL");
  process.once("exit", end);
  const url = await address(child);
  return {
    name: "daruma serve",
    note:
      "Server process, a SQLite file, a module of handlers. The client is in the benchmark's process; EXPRESS machines, StartSyncExecution over HTTP/1.1 on the loopback address. " +
      "What is EXPRESS is kept here as durably as what is STANDARD.",
    transport: "socket",
    durability: "SQLite WAL, synchronous=FULL (set, read back and checked at every open)",
    deploy: (name, definition) => deployOver(url, name, definition),
    async close() {
      const closed = once(child, "close");
      child.kill("SIGTERM");
      await closed;
      process.off("exit", end);
    },
  };
}

async function address({ stdout }: ChildProcess): Promise<string> {
  const lines = stdout === null ? [] : createInterface(stdout);
  for await (const line of lines) {
    const { endpoint } = JSON.parse(line) as { endpoint: string };
    return `http://127.0.0.1:${new URL(endpoint).port}/`;
  }
  throw new BenchError("daruma serve ended before it was ready");
}
