/** The API as it is served: the real interpreter, the real world, on a store of the test's choice. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, vi } from "vitest";
import { openStepFunctions, type ServeOptions } from "../../../../src/embedded/step-functions.ts";
import type { HistoryEvent } from "../../../../src/notations/asl/execution.ts";
import type { Records } from "../../../../src/store/records.ts";
import { callsTo, type Calls, role } from "../world.ts";

export type Handlers = NonNullable<ServeOptions["handlers"]>;

export interface Real extends Calls {
  close(): Promise<void>;
  /** Makes the machine and starts it; the execution's ARN. */
  start(definition: object, options?: StartOptions): Promise<string>;
  /** Starts it, and waits for its end: what DescribeExecution says. */
  // oxlint-disable-next-line typescript/no-explicit-any -- answers are looked into freely
  run(definition: object, options?: StartOptions): Promise<any>;
  events(executionArn: string): Promise<readonly HistoryEvent[]>;
  types(executionArn: string): Promise<readonly string[]>;
  /** The latest map run of the execution, as DescribeMapRun shows it. */
  // oxlint-disable-next-line typescript/no-explicit-any -- answers are looked into freely
  mapRun(executionArn: string): Promise<any>;
  /** The children of the latest map run, oldest first. */
  // oxlint-disable-next-line typescript/no-explicit-any -- answers are looked into freely
  children(executionArn: string): Promise<any[]>;
}

export interface StartOptions {
  readonly input?: unknown;
  readonly machine?: object;
}

/** Closed when the test is over. */
export async function openReal(
  options: Partial<ServeOptions> & { readonly url?: string } = {},
): Promise<Real & { readonly records: Records }> {
  const { url = "memory:", ...rest } = options;
  const served = await openStepFunctions(url, {
    account: "123456789012",
    region: "us-east-1",
    port: 0,
    telemetry: () => {},
    endpoint: false,
    drain: 0,
    ...rest,
  });
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await served.close();
  };
  onTestFinished(close);
  return { close, records: served.daruma.records, ...shortWays(callsTo(served.port)) };
}

let made = 0;

/** Short ways to ask for what the tests look at. */
export function shortWays(calls: Calls): Omit<Real, "close"> {
  const { ok, ended } = calls;
  const start: Real["start"] = async (definition, { input = {}, machine = {} } = {}) => {
    const { stateMachineArn } = await ok("CreateStateMachine", {
      name: `m${++made}`,
      roleArn: role,
      definition: JSON.stringify(definition),
      ...machine,
    });
    const { executionArn } = await ok("StartExecution", {
      stateMachineArn,
      name: "e",
      input: JSON.stringify(input),
    });
    return executionArn as string;
  };
  const events: Real["events"] = async (executionArn) => {
    const all: HistoryEvent[] = [];
    let nextToken: string | undefined;
    do {
      const page = await ok("GetExecutionHistory", { executionArn, maxResults: 1000, nextToken });
      all.push(...(page.events as HistoryEvent[]));
      ({ nextToken } = page);
    } while (nextToken !== undefined);
    return all;
  };
  const mapRunArn = async (executionArn: string): Promise<string> =>
    (await ok("ListMapRuns", { executionArn })).mapRuns.at(-1).mapRunArn as string;
  return {
    ...calls,
    start,
    run: async (definition, options) => await ended(await start(definition, options)),
    events,
    types: async (executionArn) => (await events(executionArn)).map(({ type }) => type),
    mapRun: async (executionArn) => await ok("DescribeMapRun", { mapRunArn: await mapRunArn(executionArn) }),
    children: async (executionArn) => {
      const { executions } = await ok("ListExecutions", { mapRunArn: await mapRunArn(executionArn) });
      return executions.toReversed();
    },
  };
}

/** A folder that is gone after the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "daruma-real-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** States that follow each other by their names. */
export function chain(states: Readonly<Record<string, object>>): object {
  const names = Object.keys(states);
  const linked = Object.entries(states).map(([name, state], index): [string, object] => {
    const next = names[index + 1];
    const closes = "Type" in state && (state.Type === "Fail" || state.Type === "Succeed");
    return [name, closes ? state : { ...state, ...(next === undefined ? { End: true } : { Next: next }) }];
  });
  return { StartAt: names[0], States: Object.fromEntries(linked) };
}

/** A task that calls a handler. */
export function task(name: string, more: object = {}): object {
  return { Type: "Task", Resource: `arn:aws:lambda:us-east-1:123456789012:function:${name}`, ...more };
}

/** A state that starts child executions. */
export function distributed(states: Readonly<Record<string, object>>, more: object = {}): object {
  const config = { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } };
  return { Type: "Map", ItemProcessor: { ...config, ...chain(states) }, ...more };
}

/** Waits until it holds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  await vi.waitFor(async () => expect(await holds()).toBe(true), { timeout: 10_000, interval: 5 });
}

/** An error with a name, as handlers throw them. */
export function named(name: string, message = ""): Error {
  return Object.assign(new Error(message), { name });
}

/** A handler that fails while it is told to, and says what it was called with. */
export function faulty(): {
  calls: unknown[];
  broken: (input: unknown) => boolean;
  handler: (input: unknown) => unknown;
} {
  const self = {
    calls: [] as unknown[],
    broken: (_input: unknown): boolean => true,
    handler: (input: unknown): unknown => {
      self.calls.push(input);
      if (self.broken(input)) throw named("Broken");
      return input;
    },
  };
  return self;
}
