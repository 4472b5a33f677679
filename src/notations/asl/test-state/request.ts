/**
 * The parameters of TestState, read (AWS Step Functions API Reference, "TestState", "MockInput", "TestStateConfiguration").
 *
 * Invariant: what does not depend on the definition is checked here, before anything of the definition is looked at; AWS does so too.
 */
import { isObject } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import { invalid } from "./refusal.ts";

export type InspectionLevel = "INFO" | "DEBUG" | "TRACE";
export type FieldValidation = "STRICT" | "PRESENT" | "NONE";

export interface MockError {
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

/** What the state's work comes to. */
export interface Mock {
  /** JSON text. */
  readonly result?: string | undefined;
  readonly errorOutput?: MockError | undefined;
  readonly fieldValidationMode: FieldValidation;
}

export interface StateConfiguration {
  readonly retrierRetryCount?: number | undefined;
  readonly mapIterationFailureCount?: number | undefined;
  readonly errorCausedByState?: string | undefined;
  readonly mapItemReaderData?: string | undefined;
}

export interface TestRequest {
  readonly definition: string;
  readonly roleArn?: string | undefined;
  /** JSON text. */
  readonly input: string;
  readonly inspectionLevel: InspectionLevel;
  readonly variables?: string | undefined;
  readonly stateName?: string | undefined;
  readonly mock?: Mock | undefined;
  readonly context?: string | undefined;
  readonly stateConfiguration: StateConfiguration;
}

/** @throws TestStateError ValidationException */
export function requestOf(params: JsonObject): TestRequest {
  const fields = new Fields(params, "");
  const mock = fields.object("mock");
  const configuration = fields.object("stateConfiguration") ?? new Fields({}, "stateConfiguration.");
  const request: TestRequest = {
    definition: fields.text("definition") ?? "",
    roleArn: fields.text("roleArn"),
    input: fields.text("input") ?? "{}",
    inspectionLevel: fields.oneOf("inspectionLevel", ["INFO", "DEBUG", "TRACE"]),
    variables: fields.text("variables"),
    stateName: fields.text("stateName"),
    mock: mock === undefined ? undefined : mockOf(mock),
    context: fields.text("context"),
    stateConfiguration: configurationOf(configuration),
  };
  checkUnmocked(request);
  if (mock !== undefined && params["revealSecrets"] === true)
    throw invalid("TestState does not support RevealSecrets when a mock is specified.");
  return request;
}

function mockOf(fields: Fields): Mock {
  const result = fields.text("result");
  const errorOutput = fields.object("errorOutput");
  if ((result === undefined) === (errorOutput === undefined))
    throw invalid("A test mock should have only one of the following fields: [result, errorOutput].");
  return {
    result,
    errorOutput: errorOutput && { error: errorOutput.text("error"), cause: errorOutput.text("cause") },
    fieldValidationMode: fields.oneOf("fieldValidationMode", ["STRICT", "PRESENT", "NONE"]),
  };
}

function configurationOf(fields: Fields): StateConfiguration {
  return {
    retrierRetryCount: fields.count("retrierRetryCount"),
    mapIterationFailureCount: fields.count("mapIterationFailureCount"),
    errorCausedByState: fields.text("errorCausedByState"),
    mapItemReaderData: fields.text("mapItemReaderData"),
  };
}

/** Parameters that say more about a mock mean nothing without one. */
function checkUnmocked({ mock, context, stateConfiguration }: TestRequest): void {
  if (mock !== undefined) return;
  const given = Object.entries({ ...stateConfiguration, context }).find(([, value]) => value !== undefined);
  if (given === undefined) return;
  const [name] = given;
  const shown = name.charAt(0).toUpperCase() + name.slice(1);
  throw invalid(`TestState does not support ${shown} when a mock is not specified.`);
}

class Fields {
  readonly #values: JsonObject;
  readonly #path: string;

  constructor(values: JsonObject, path: string) {
    this.#values = values;
    this.#path = path;
  }

  text(name: string): string | undefined {
    const value = this.#get(name);
    if (value === undefined || typeof value === "string") return value;
    throw this.#wrong(name, "Member must be a string");
  }

  /** A whole number from 0. */
  count(name: string): number | undefined {
    const value = this.#get(name);
    if (value === undefined) return undefined;
    if (typeof value !== "number" || !Number.isInteger(value))
      throw this.#wrong(name, "Member must be an integer");
    if (value >= 0) return value;
    throw this.#wrong(name, "Member must have value greater than or equal to 0");
  }

  /** The first value is the default. */
  oneOf<T extends string>(name: string, values: readonly [T, ...T[]]): T {
    const value = this.text(name);
    if (value === undefined) return values[0];
    const known = values.find((one) => one === value);
    if (known !== undefined) return known;
    throw this.#wrong(name, `Member must satisfy enum value set: [${values.join(", ")}]`);
  }

  object(name: string): Fields | undefined {
    const value = this.#get(name);
    if (value === undefined) return undefined;
    if (isObject(value)) return new Fields(value, `${this.#path}${name}.`);
    throw this.#wrong(name, "Member must be an object");
  }

  #get(name: string): Json | undefined {
    return Object.hasOwn(this.#values, name) ? (this.#values[name] ?? undefined) : undefined;
  }

  #wrong(name: string, constraint: string): Error {
    const value = this.#get(name);
    const shown = typeof value === "string" ? value : JSON.stringify(value);
    return invalid(
      `1 validation error detected: Value '${shown}' at '${this.#path}${name}' failed to satisfy constraint: ${constraint}`,
    );
  }
}
