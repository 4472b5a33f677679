/**
 * What a worker really asks of the disk: its writes, truncations and syncs, and its lines for the ledger, in one order. Read from the log of `strace`.
 *
 * The worker makes all of these calls from its main thread, and only that thread is traced, so the log's order is the order in which they happened.
 */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { startWorker } from "./lives.ts";
import { suffixes } from "./snapshot.ts";
import type { WorkerOrders } from "./worker-orders.ts";

/** One call. `file` is a name in the folder of the database; absent: the folder itself. */
export type Call =
  | { readonly type: "write"; readonly file: string; readonly offset: number; readonly bytes: Buffer }
  | { readonly type: "truncate"; readonly file: string; readonly size: number }
  | { readonly type: "sync"; readonly file: string | undefined }
  | { readonly type: "create" | "unlink"; readonly file: string }
  | { readonly type: "ledger"; readonly text: string };

const tracer = "strace";

/** Why calls cannot be traced here; undefined if they can. */
export function whyNoTrace(): string | undefined {
  const tried = spawnSync(tracer, ["-o", "/dev/null", "true"], { encoding: "utf8" });
  if (tried.error !== undefined) return `strace is not installed (${tried.error.message})`;
  return tried.status === 0 ? undefined : `strace may not trace here: ${tried.stderr.trim()}`;
}

const traced =
  "openat,write,writev,pwrite64,pwritev,pwritev2,fsync,fdatasync,ftruncate,truncate,unlink,unlinkat,rename,renameat,renameat2";

/** Runs a worker to its end and returns what it asked of the disk. */
export async function traceWorker(orders: WorkerOrders, cache: string, log: string): Promise<Call[]> {
  const folder = dirname(orders.database);
  const paths = [folder, orders.ledger, ...suffixes.map((suffix) => orders.database + suffix)];
  const options = ["-y", "-xx", "-s", "1000000", "-e", `trace=${traced}`, "-o", log];
  const prefix = [tracer, ...options, ...paths.flatMap((path) => ["-P", path]), "--"];
  const worker = startWorker(orders, cache, prefix);
  let stderr = "";
  worker.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  await once(worker, "close");
  if (stderr !== "") throw new Error(`The traced worker said: ${stderr}`);
  const lines = readFileSync(log, "latin1").split("\n");
  return lines.flatMap((line) => callOf(line, folder, basename(orders.ledger)) ?? []);
}

function plain(hex: string): Buffer {
  return Buffer.from(hex.replaceAll("\\x", ""), "hex");
}

const pattern =
  /^(?<name>\w+)\((?:AT_FDCWD|\d+)?(?:<(?<opened>[^>]*)>(?:\(deleted\))?)?(?:, )?(?<rest>.*)\) += (?<result>-?\d+)/s;
const quoted = /"(?<text>[^"]*)"/;

interface Line {
  readonly name: string;
  readonly opened: string;
  readonly rest: string;
  readonly result: number;
}

function parse(line: string): Line | undefined {
  if (line === "" || line.startsWith("+++") || line.startsWith("---")) return undefined;
  const { name, opened = "", rest = "", result } = pattern.exec(line)?.groups ?? {};
  if (name === undefined) throw new Error(`A line of strace that is not understood: ${line.slice(0, 300)}`);
  return { name, opened: plain(opened).toString(), rest, result: Number(result) };
}

function callOf(line: string, folder: string, ledger: string): Call | undefined {
  const parsed = parse(line);
  if (parsed === undefined || parsed.result < 0) return undefined;
  const { name, opened, rest } = parsed;
  const text = plain(quoted.exec(rest)?.groups?.["text"] ?? "");
  const named = basename(name === "openat" || name === "unlink" ? text.toString() : opened);
  const numbers = rest.split(", ").map(Number);
  switch (name) {
    case "openat":
      return rest.includes("O_CREAT") && named !== ledger ? { type: "create", file: named } : undefined;
    case "unlink":
      return { type: "unlink", file: named };
    case "fsync":
    case "fdatasync":
      if (named === ledger) return undefined;
      return { type: "sync", file: opened === folder ? undefined : named };
    case "ftruncate":
      return { type: "truncate", file: named, size: numbers.at(-1) ?? 0 };
    case "write":
      if (named === ledger) return { type: "ledger", text: text.toString() };
      break;
    case "pwrite64":
      return { type: "write", file: named, offset: numbers.at(-1) ?? 0, bytes: text };
    default:
  }
  throw new Error(`A call that the model of the disk does not know: ${line.slice(0, 300)}`);
}
