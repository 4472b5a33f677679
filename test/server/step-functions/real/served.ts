/** The command `daruma serve` in a process of its own, on a store in a folder, with the handlers that lie there. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";
import { callsTo } from "../world.ts";
import { type Real, shortWays } from "./real.ts";

const main = fileURLToPath(new URL("../../../../src/cli/main.ts", import.meta.url));

/** `kill`: -9. */
export type Served = Omit<Real, "close"> & { kill(): Promise<void> };

/** Serves the store `daruma.db` of the folder. */
export async function serve(place: string, more: readonly string[] = []): Promise<Served> {
  const store = `sqlite:${join(place, "daruma.db")}`;
  const command = ["serve", "--json", "--step-functions", "0", "--store", store, ...more];
  const child: ChildProcess = spawn(process.execPath, ["--conditions=daruma-source", main, ...command], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const kill = async (): Promise<void> => {
    const closed = once(child, "close");
    child.kill("SIGKILL");
    await closed;
  };
  for await (const line of child.stdout === null ? [] : createInterface(child.stdout)) {
    const { endpoint } = JSON.parse(line) as { endpoint: string };
    return { ...shortWays(callsTo(Number(new URL(endpoint).port))), kill };
  }
  return expect.unreachable("it says when it is ready");
}
