import { readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import type { Subject } from "../../driver/subject.ts";

/** One of the other engines: how it is named on the command line, and how it is opened. */
export interface Peer<S = Subject> {
  readonly name: string;
  /** Opens it with its files in `folder`, which exists, is empty and is deleted by the caller. */
  open(folder: string): Promise<S>;
}

/** The trivial activity of every workload. */
export async function increment(input: number): Promise<number> {
  return input + 1;
}

/** The result of a fan-out of `activities`: activity i gets i and returns i + 1. */
export function fanOutSum(activities: number): number {
  return (activities * (activities + 1)) / 2;
}

/** The version of an installed dependency of this package. */
export function versionOf(dependency: string): string {
  const file = new URL(`../node_modules/${dependency}/package.json`, import.meta.url);
  const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
  return typeof parsed === "object" && parsed !== null && "version" in parsed ? String(parsed.version) : "?";
}

/** A TCP port on the loopback address that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
