/** The API on a store, with the stand-in for the interpreter, and short ways to call it. */
import { request } from "node:http";
import { expect, onTestFinished } from "vitest";
import { Client } from "../../../src/client/client.ts";
import { resolveLimits } from "../../../src/core/limits.ts";
import { embeddedBackend } from "../../../src/embedded/embedded-backend.ts";
import { nodePorts } from "../../../src/embedded/node-ports.ts";
import { createEngine } from "../../../src/engine/create-engine.ts";
import { noWatch } from "../../../src/engine/watch.ts";
import { ApiError } from "../../../src/server/step-functions/api-error.ts";
import { ActivityBroker } from "../../../src/server/step-functions/broker.ts";
import { serveStepFunctions, type StepFunctionsOptions } from "../../../src/server/step-functions/server.ts";
import type { Store } from "../../../src/store/store.ts";
import { createMemoryStore } from "../../../src/stores/memory/store.ts";
import { standIn } from "./stand-in.ts";

/** What came back. */
export interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- answers are looked into freely
  readonly body: any;
}

export interface World extends Calls {
  readonly client: Client;
  readonly store: Store;
  readonly port: number;
  /** Lines of execution logs. */
  readonly lines: string[];
  close(): Promise<void>;
}

/** Ways to call the API. */
export interface Calls {
  call(operation: string, params?: object, signal?: AbortSignal): Promise<Answer>;
  /** The answer's body. @throws if it was refused */
  // oxlint-disable-next-line typescript/no-explicit-any -- answers are looked into freely
  ok(operation: string, params?: object): Promise<any>;
  /** `TYPE: message` of a refusal. */
  refusal(operation: string, params?: object): Promise<string>;
  /** Waits until the execution has closed. */
  // oxlint-disable-next-line typescript/no-explicit-any -- answers are looked into freely
  ended(executionArn: string): Promise<any>;
}

export const role = "arn:aws:iam::123456789012:role/tests";

/** A definition of states that follow each other. */
export function machine(...states: readonly object[]): string {
  const named = states.map((state, index): readonly [string, object] => [
    `S${index}`,
    { ...state, ...(index + 1 < states.length ? { Next: `S${index + 1}` } : end(state)) },
  ]);
  return JSON.stringify({ StartAt: "S0", States: Object.fromEntries(named) });
}

function end(state: object): object {
  return "Type" in state && state.Type === "Fail" ? {} : { End: true };
}

export const pass = { Type: "Pass", Result: { done: true } } as const;

export interface ApiOptions extends Partial<StepFunctionsOptions> {
  /** Default: an empty one in memory. */
  readonly store?: Store;
}

/** Opens an engine on the store, and the API on both. */
export async function openApi(options: ApiOptions = {}): Promise<World> {
  const broker = new ActivityBroker();
  const store = options.store ?? createMemoryStore({ now: Date.now });
  const client = await clientOn(store, broker);
  const lines: string[] = [];
  const server = await serveStepFunctions({
    client,
    records: store.records,
    home: { account: "123456789012", region: "us-east-1" },
    broker,
    awsLimits: true,
    telemetry: (event) => void lines.push(`telemetry ${JSON.stringify(event)}`),
    testState: () => Promise.reject(new ApiError("ValidationException", "not here")),
    port: 0,
    log: (line) => void lines.push(line),
    ...options,
  });
  const { port } = server;
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await server.close();
    await client.close();
  };
  onTestFinished(close);
  return { client, store, port, lines, close, ...callsTo(port) };
}

async function clientOn(store: Store, broker: ActivityBroker): Promise<Client> {
  const engine = await createEngine({
    store,
    workflows: [standIn({ offer: (call, { signal }) => broker.offer(call, { signal }) })],
    ports: nodePorts,
    limits: resolveLimits(undefined),
    telemetry: () => {},
    taskQueues: {},
    slots: 1000,
    cacheSize: 1000,
    leaseMs: 30_000,
    checkDeterminism: true,
    label: "test",
    watch: () => noWatch,
    onFatal: (error) => expect.unreachable(`the engine gave up: ${error.stack}`),
  });
  return new Client(embeddedBackend(engine, 0), nodePorts.ids.unique);
}

/** Calls the API at this port. */
export function callsTo(port: number): Calls {
  const call: Calls["call"] = async (operation, params = {}, signal) => {
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `AWSStepFunctions.${operation}`,
      },
      body: JSON.stringify(params),
      ...(signal === undefined ? {} : { signal }),
    });
    return { status: response.status, body: await response.json() };
  };
  const ok: Calls["ok"] = async (operation, params) => {
    const { status, body } = await call(operation, params);
    if (status !== 200) throw new Error(`${operation}: ${JSON.stringify(body)}`);
    return body as unknown;
  };
  return {
    call,
    ok,
    refusal: async (operation, params) => {
      const { status, body } = await call(operation, params);
      return status === 400 ? `${body["__type"]}: ${body["message"]}` : `status ${status}`;
    },
    ended: async (executionArn) => {
      for (;;) {
        const body = await ok("DescribeExecution", { executionArn });
        if (body.status !== "RUNNING") return body;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };
}

/** A request with everything chosen by hand: `fetch` sets some headers itself. */
export async function raw(
  port: number,
  options: {
    readonly method?: string;
    readonly path?: string;
    readonly headers?: object;
    readonly body?: string | Buffer;
  },
): Promise<{ readonly status: number; readonly text: string }> {
  const { method = "POST", path = "/", headers = {}, body = "" } = options;
  return await new Promise((resolve, reject) => {
    const sent = request({ port, host: "127.0.0.1", method, path, headers: { ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
