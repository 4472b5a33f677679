/** Tools for tests of TestState: a clock that stands, numbers that count, a host that answers as it is told. */
import { answersTo } from "../../../../src/notations/asl/jsonata/answer-call.ts";
import { testState } from "../../../../src/notations/asl/test-state/test-state.ts";
import type { TestStateTools } from "../../../../src/notations/asl/test-state/world.ts";
import { TestStateError } from "../../../../src/notations/asl/test-state/refusal.ts";
import type { Json, JsonObject } from "../../../../src/notations/asl/json.ts";

export function toolsFor(invoke: TestStateTools["host"]["invoke"] = refused): TestStateTools {
  let made = 0;
  return {
    host: { invoke, evaluate: (call) => Array.fromAsync(answersTo(call)) },
    now: () => Date.parse("2026-01-02T03:04:05.678Z"),
    random: () => 0.5,
    uuid: () => `00000000-0000-4000-8000-${String(++made).padStart(12, "0")}`,
    deadline: () => new AbortController().signal,
    account: "123456789012",
    region: "us-east-1",
    awsLimits: true,
  };
}

async function refused(): Promise<never> {
  throw new Error("nothing outside may be called here");
}

/** Parameters with values where the API has texts. */
export interface Given {
  readonly definition: Json;
  readonly input?: Json;
  readonly result?: Json;
  readonly error?: JsonObject;
  readonly params?: JsonObject;
}

/** The answer with values where the API has texts. */
export async function tested(given: Given, tools: TestStateTools = toolsFor()): Promise<Json> {
  return readable(await testState(paramsOf(given), tools));
}

/** `CODE: message` of the refusal. */
export async function refusal(given: Given): Promise<string> {
  try {
    return `no refusal: ${JSON.stringify(await testState(paramsOf(given), toolsFor()))}`;
  } catch (error) {
    if (!(error instanceof TestStateError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

function paramsOf({ definition, input, result, error, params = {} }: Given): JsonObject {
  const mock = {
    ...(result === undefined ? {} : { result: JSON.stringify(result) }),
    ...(error === undefined ? {} : { errorOutput: error }),
    ...(params["mock"] as JsonObject | undefined),
  };
  return {
    definition: typeof definition === "string" ? definition : JSON.stringify(definition),
    inspectionLevel: "TRACE",
    ...(input === undefined ? {} : { input: JSON.stringify(input) }),
    ...params,
    ...(Object.keys(mock).length === 0 ? {} : { mock }),
  };
}

const plain = new Set(["status", "nextState", "error", "cause"]);

function readable(answer: JsonObject): Json {
  const value = (key: string, given: Json): Json => {
    if (typeof given === "string" && !plain.has(key)) return JSON.parse(given) as Json;
    if (key !== "inspectionData") return given;
    return Object.fromEntries(
      Object.entries(given as JsonObject).map(([name, one]) => [name, value(name, one)]),
    );
  };
  return Object.fromEntries(Object.entries(answer).map(([key, one]) => [key, value(key, one)]));
}
