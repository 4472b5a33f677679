/**
 * ARNs of Step Functions: `arn:aws:states:REGION:ACCOUNT:TYPE:…` (Service Authorization Reference, "Actions, resources, and condition keys for AWS Step
 * Functions", resource types).
 */
import { invalidArn } from "./api-error.ts";

export interface Home {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
}

export type ArnType = "activity" | "execution" | "express" | "mapRun" | "stateMachine";

/** An ARN, taken apart. */
export interface Arn {
  readonly text: string;
  readonly type: ArnType;
  readonly name: string;
  /** What follows the name: a version's number or an alias's name, an execution's name. */
  readonly rest: string | undefined;
}

const shape = /^arn:aws[a-z-]*:states:[^:]*:[^:]*:([^:]*):([^:]*)(?::([^]*))?$/u;

/** @throws ApiError InvalidArn: it is none, or of another kind than `types` */
export function parseArn(text: string, types: readonly ArnType[]): Arn {
  const [, type = "", name = "", rest] = shape.exec(text) ?? [];
  if (type === "") throw invalidArn(`Invalid ARN prefix: ${text}`);
  const known = types.find((one) => one === type);
  if (known === undefined || name === "")
    throw invalidArn(`Resource type not valid in this context: ${type}`);
  return { text, type: known, name, rest };
}

function arn({ region, account }: Home, resource: string): string {
  return `arn:aws:states:${region}:${account}:${resource}`;
}

export function machineArn(home: Home, name: string): string {
  return arn(home, `stateMachine:${name}`);
}

export function activityArn(home: Home, name: string): string {
  return arn(home, `activity:${name}`);
}

/** The ARN of an execution, which is also its run's id. */
export function executionArn(machine: string, name: string): string {
  return machine.replace(":stateMachine:", ":execution:") + `:${name}`;
}

/** Executions of an express machine may have one name twice: `unique` tells them apart. */
export function expressArn(machine: string, name: string, unique: string): string {
  return machine.replace(":stateMachine:", ":express:") + `:${name}:${unique}`;
}

/** A machine's ARN without version or alias. */
export function unqualified({ text, rest }: Arn): string {
  return rest === undefined ? text : text.slice(0, text.length - rest.length - 1);
}

/** Of a map run (`mapRun:MACHINE/LABEL:ID`): its machine as ListMapRuns shows it (`stateMachine:MACHINE/LABEL`). */
export function machineOfMapRun(mapRunArn: string): string {
  return mapRunArn.replace(":mapRun:", ":stateMachine:").replace(/:[^:]*$/u, "");
}
