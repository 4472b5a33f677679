/** Which functions the Task states of a definition call. */
import { isObject } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";

export interface Call {
  readonly state: string;
  /** The function's name, in a template its logical id. */
  readonly function: string;
}

/** Calls of Lambda functions whose names are in the definition, in the order of the states. */
export function callsIn(definition: Json): Call[] {
  if (Array.isArray(definition)) return (definition as readonly Json[]).flatMap(callsIn);
  if (!isObject(definition)) return [];
  return Object.entries(definition).flatMap(([name, value]) => {
    const called = isObject(value) && value["Type"] === "Task" ? functionOf(value) : undefined;
    return [...(called === undefined ? [] : [{ state: name, function: called }]), ...callsIn(value)];
  });
}

function functionOf({
  Resource: resource,
  Parameters: parameters,
  Arguments: given,
}: JsonObject): string | undefined {
  if (typeof resource !== "string") return undefined;
  if (!/:states:::lambda:invoke/u.test(resource)) return nameIn(resource);
  const holder = isObject(parameters) ? parameters : given;
  const name = isObject(holder) ? holder["FunctionName"] : undefined;
  return typeof name === "string" && !name.startsWith("{%") ? (nameIn(name) ?? name) : undefined;
}

function nameIn(arn: string): string | undefined {
  return /:function:([^:]+)/u.exec(arn)?.[1];
}
