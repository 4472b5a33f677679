// The determinism guard: what workflow code may not call. The error names the call, its place and what to use instead; catching it does not hide it.
import { spawn } from "node:child_process";
import { createHash, generateKeyPairSync, randomBytes, subtle } from "node:crypto";
import { lookup } from "node:dns";
import { existsSync, promises, readFileSync, writeFile } from "node:fs";
import { readFile } from "node:fs/promises";
import { get, request } from "node:http";
import { connect as connect2 } from "node:http2";
import { createRequire } from "node:module";
import { connect, createServer, Socket } from "node:net";
import { exit, nextTick } from "node:process";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as timer } from "node:timers";
import { scheduler, setTimeout as later } from "node:timers/promises";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { activity, condition, Daruma, query, signal, sleep, update, workflow } from "../../src/index.ts";
import type { TelemetryEvent } from "../../src/telemetry/telemetry.ts";

const file = import.meta.filename;
const nowhere = "/nonexistent/daruma";
const noop = (): void => {};
const statement = new DatabaseSync(":memory:").prepare("SELECT 1");

/** What is called, and what the error must call it. */
const forbidden: readonly (readonly [string, () => unknown])[] = [
  ["setTimeout", () => setTimeout(noop, 1)],
  ["setTimeout", () => timer(noop, 1)],
  ["setInterval", () => setInterval(noop, 1)],
  ["setImmediate", () => setImmediate(noop)],
  ["timers/promises setTimeout", () => later(1)],
  ["timers/promises setTimeout", () => promisify(setTimeout)(1)],
  ["scheduler.wait", () => scheduler.wait(1)],
  ["AbortSignal.timeout", () => AbortSignal.timeout(1)],
  ["Atomics.wait", () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)],
  // By its imported name: the test runner itself puts the real process.nextTick back from time to time.
  ["process.nextTick", () => nextTick(noop)],
  ["fetch", () => fetch("http://127.0.0.1:9")],
  ["WebSocket", () => new WebSocket("ws://127.0.0.1:9")],
  ["fs.existsSync", () => existsSync(file)],
  ["fs.readFileSync", () => readFileSync(file)],
  ["fs.writeFile", () => writeFile(nowhere, "", noop)],
  ["fs.promises.readFile", () => readFile(file)],
  ["fs.promises.stat", () => promises.stat(file)],
  ["fs.readFile", () => promisify(process.getBuiltinModule("node:fs").readFile)(file)],
  ["net.connect", () => connect(9)],
  ["net.createServer", () => createServer()],
  ["net.Socket connect", () => new Socket().connect(9)],
  ["http.request", () => request("http://127.0.0.1:9")],
  ["http.get", () => get("http://127.0.0.1:9")],
  ["http2.connect", () => connect2("http://127.0.0.1:9")],
  ["dns.lookup", () => lookup("localhost", noop)],
  ["sqlite.DatabaseSync", () => new (process.getBuiltinModule("node:sqlite").DatabaseSync)(":memory:")],
  ["DatabaseSync prepare", () => new DatabaseSync(":memory:").prepare("SELECT 1")],
  ["StatementSync get", () => statement.get()],
  ["child_process.spawn", () => spawn("true")],
  ["worker_threads.Worker", () => new Worker("", { eval: true })],
  ["process.exit", () => process.exit(3)],
  ["process.exit", () => exit(3)],
  ["process.kill", () => process.kill(process.pid, 0)],
  ["process.chdir", () => process.chdir("/")],
  ["crypto.generateKeyPairSync", () => generateKeyPairSync("ed25519")],
  ["crypto.randomBytes with a callback", () => randomBytes(4, noop)],
  ["crypto.subtle.digest", () => subtle.digest("SHA-256", new Uint8Array(1))],
];

const logs: TelemetryEvent[] = [];
const all = workflow("all", async (index: number) => {
  await sleep(1);
  try {
    await forbidden[index]?.[1]();
  } catch (error) {
    // A workflow that keeps errors to itself.
    return error instanceof Error ? error.name : "";
  }
  return "it was allowed";
});

const touched: string[] = [];
const act = activity("act", () => {
  touched.push(readFileSync(file, "utf8").slice(0, 2));
  return new Promise((resolve) => setTimeout(() => resolve("done"), 1));
});
const acting = workflow("acting", () => act());

const allowed = workflow("allowed", async () => {
  console.assert(true);
  const hash = createHash("sha256").update("x").digest("hex").slice(0, 4);
  const stop = new AbortController();
  stop.abort();
  let micro = 0;
  queueMicrotask(() => void micro++);
  await Promise.resolve();
  clearTimeout(undefined);
  const url = new URL("http://x/y");
  // A module that is loaded on the way may do as it likes while it loads.
  const { size } = createRequire(file)("../support/reads-itself.cjs") as { size: number };
  const { name } = await import("../support/times-itself.ts");
  return [hash, stop.signal.aborted, micro, url.pathname, size > 0, name];
});

let daruma: Daruma;

async function failure(
  promise: Promise<unknown>,
): Promise<Error & { code?: string; site?: string; call?: string }> {
  return promise.then(
    (value) => expect.unreachable(`resolved with ${JSON.stringify(value)}`),
    (error: unknown) => error as Error,
  );
}

beforeAll(async () => {
  daruma = await Daruma.open("memory:", {
    workflows: [all, acting, allowed, ...asking(), client],
    telemetry: (event) => void logs.push(event),
  });
});
afterAll(() => daruma.close());

describe("workflow code", () => {
  it.each(forbidden.map(([call], index) => [call, index] as const))(
    "may not call %s",
    async (call, index) => {
      const run = await daruma.start(all, { input: index });
      const error = await failure(run.result());
      expect(error.code).toBe("DRM-FORBIDDEN-CALL");
      expect(error.message).toContain(`A workflow may not call ${call} at ${file}:`);
      const { why, status, parked } = await run.describe();
      expect({ status, parked }).toEqual({ status: "running", parked: true });
      expect(why?.site).toMatch(new RegExp(`${file.replaceAll(".", "\\.")}:\\d+:\\d+`));
      expect(why?.message).toMatch(/fix: \S+/);
      expect(logs).toContainEqual(expect.objectContaining({ event: "run_parked", runId: run.id }));
    },
  );

  it("is told what to use instead", async () => {
    const message = async (call: string): Promise<string> => {
      const index = forbidden.findIndex(([name]) => name === call);
      return (await failure((await daruma.start(all, { input: index })).result())).message;
    };
    expect(await message("setTimeout")).toContain("sleep()");
    expect(await message("fetch")).toContain("activity()");
    expect(await message("process.exit")).toContain("Throw an error to end the run");
  });

  it("may do everything in activities", async () => {
    expect(await (await daruma.start(acting)).result()).toBe("done");
    expect(touched).toEqual(["//"]);
  });

  it("may use what is the same on every replay, log, and load modules", async () => {
    const result = await (await daruma.start(allowed)).result();
    expect(result).toEqual(["2d71", true, 1, "/y", true, "times itself"]);
  });

  it("leaves all of it to everybody else", async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    await later(1);
    await promisify(setTimeout)(1);
    expect(readFileSync(file).length).toBeGreaterThan(0);
    expect((await readFile(file)).length).toBeGreaterThan(0);
    expect(new DatabaseSync(":memory:")).toBeInstanceOf(DatabaseSync);
    expect(new Socket()).toBeInstanceOf(Socket);
    class Mine extends DatabaseSync {}
    expect(new Mine(":memory:")).toBeInstanceOf(DatabaseSync);
    expect(promisify(setTimeout)).toBe(later);
  });
});

const look = query<string>("look");
const change = update<number, number>("change");
const go = signal("go");
const waiting = signal("waiting");

function asking() {
  const reader = workflow("reader", async () => {
    look.handle(() => {
      try {
        setTimeout(noop, 1);
      } catch {
        // Kept to itself.
      }
      return "looked";
    });
    change.handle((value) => value, { validate: () => void existsSync(file) });
    await go.receive();
    return "fine";
  });
  const conditional = workflow("conditional", async () => {
    await waiting.receive();
    await condition(() => existsSync(file));
  });
  return [reader, conditional] as const;
}

describe("code that may only read", () => {
  it("may not call it either; a query or a validator that does is refused, and the run is unharmed", async () => {
    const run = await daruma.start<void, string>("reader");
    expect((await failure(run.query(look))).code).toBe("DRM-FORBIDDEN-CALL");
    expect((await failure(run.update(change, 1))).code).toBe("DRM-UPDATE-REJECTED");
    await run.signal(go);
    expect(await run.result()).toBe("fine");
  });

  it("in a condition voids the turn", async () => {
    const run = await daruma.start<void, void>("conditional");
    await run.signal(waiting);
    const error = await failure(run.result());
    expect(error.message).toContain("fs.existsSync");
  });
});

const calls: readonly (readonly [string, () => unknown, string])[] = [
  ["start", () => daruma.start(acting), "child("],
  ["signal", () => daruma.get("x").signal(go), "child.start()"],
  ["result", () => daruma.get("x").result(), "child("],
  ["query", () => daruma.get("x").query(look), "activity()"],
  ["update", () => daruma.get("x").update(change, 1), "activity()"],
  ["cancel", () => daruma.get("x").cancel(), "child.start()"],
  ["describe", () => daruma.get("x").describe(), "activity()"],
  ["history", async () => Array.fromAsync(daruma.get("x").history()), "activity()"],
  ["list", async () => Array.fromAsync(daruma.list()), "activity()"],
  ["close", () => daruma.close(), "where it was opened"],
  ["Daruma.open", () => Daruma.open("memory:"), "child()"],
];
const client = workflow("client", async (index: number) => {
  await Promise.resolve(calls[index]?.[1]()).catch(noop);
});

describe("a client's methods", () => {
  it.each(calls.map(([name, , advice], index) => [name, advice, index] as const))(
    "%s is not for workflow code",
    async (name, advice, index) => {
      const error = await failure((await daruma.start(client, { input: index })).result());
      expect(error.code).toBe("DRM-FORBIDDEN-CALL");
      expect(error.message).toContain(name);
      expect(error.message).toContain(advice);
      expect(error.message).toContain(file);
    },
  );
});
