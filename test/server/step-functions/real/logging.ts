/** Machines with logs whose tasks start executions, and what tests ask of the logs. */
import type { JsonObject } from "../../../../src/notations/asl/json.ts";
import type { Records } from "../../../../src/store/records.ts";
import { type Calls, role } from "../world.ts";
import { chain, until } from "./real.ts";

export const unlogged = "step-functions/unlogged";
export const account = "arn:aws:states:us-east-1:123456789012";
const logGroupArn = "arn:aws:logs:us-east-1:123456789012:log-group:g:*";
export const destinations: readonly object[] = [{ cloudWatchLogsLogGroup: { logGroupArn } }];
/** Logging configurations. */
export const all: object = { level: "ALL", includeExecutionData: true, destinations };
export const fatal: object = { level: "FATAL", destinations };
export const pass: object = { Type: "Pass", Result: "done" };
/** The events of a machine that is one `pass`. */
export const passed: readonly string[] = [
  "ExecutionStarted",
  "PassStateEntered",
  "PassStateExited",
  "ExecutionSucceeded",
];

export interface Line {
  readonly type: string;
  readonly execution_arn: string;
  readonly details: JsonObject;
}

/** Makes a machine; its ARN. */
export async function create(
  api: Calls,
  name: string,
  states: Readonly<Record<string, object>>,
  loggingConfiguration: object = { level: "OFF" },
): Promise<string> {
  const definition = JSON.stringify(chain(states));
  const machine = { name, roleArn: role, definition, loggingConfiguration };
  return (await api.ok("CreateStateMachine", machine)).stateMachineArn as string;
}

export async function start(api: Calls, stateMachineArn: string, name = "e"): Promise<string> {
  return (await api.ok("StartExecution", { stateMachineArn, name })).executionArn as string;
}

/** A task that starts an execution. */
export function starting(stateMachineArn: string, { pattern = "", ...parameters }: JsonObject = {}): object {
  return {
    Type: "Task",
    Resource: `arn:aws:states:::states:startExecution${pattern as string}`,
    Parameters: { StateMachineArn: stateMachineArn, ...parameters },
    ResultPath: null,
  };
}

export interface Logs {
  readonly lines: Line[];
  readonly log: (line: string) => void;
  /** The types of an execution's events, as they were logged. */
  types(executionArn: string): readonly string[];
  /** ARNs of the executions that were logged, in their order. */
  arns(): readonly string[];
}

export function logs(): Logs {
  const lines: Line[] = [];
  const log = (line: string): void => void lines.push(JSON.parse(line) as Line);
  return {
    lines,
    log,
    types: (arn) => lines.filter((line) => line.execution_arn === arn).map(({ type }) => type),
    arns: () => [...new Set(lines.map((line) => line.execution_arn))].toSorted(),
  };
}

/** Until nothing is left to be logged. */
export async function settled({ records }: { readonly records: Records }): Promise<void> {
  await until(async () => (await records.list(unlogged, { limit: 1 })).length === 0);
}
