// Requests that are refused: the request itself, the definition, the mock, the context object.
import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../../src/notations/asl/json.ts";
import { refusal, tested } from "./tools.ts";

const pass = { Type: "Pass", End: true };
const task = { Type: "Task", Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", End: true };
const inner = { StartAt: "A", States: { A: pass } };
const map = { Type: "Map", ItemProcessor: inner, End: true };
const result = { mock: { result: "{}" } };

describe("a request", () => {
  it.each<[string, JsonObject, string]>([
    [
      "an unknown level",
      { inspectionLevel: "ALL" },
      "at 'inspectionLevel' failed to satisfy constraint: Member must satisfy enum value set: [INFO, DEBUG, TRACE]",
    ],
    [
      "a mode that there is not",
      { mock: { result: "{}", fieldValidationMode: "LAX" } },
      "at 'mock.fieldValidationMode'",
    ],
    ["a mock that is no object", { mock: 1 }, "Value '1' at 'mock' failed"],
    ["a number as input", { input: 1 }, "Value '1' at 'input' failed"],
    [
      "a negative count",
      { ...result, stateConfiguration: { retrierRetryCount: -1 } },
      "Value '-1' at 'stateConfiguration.retrierRetryCount' failed to satisfy constraint: Member must have value greater than or equal to 0",
    ],
    ["a count that is no number", { stateConfiguration: { retrierRetryCount: "1" } }, "must be an integer"],
    [
      "an empty mock",
      { mock: {} },
      "A test mock should have only one of the following fields: [result, errorOutput].",
    ],
    [
      "a mock of both",
      { mock: { result: "{}", errorOutput: {} } },
      "A test mock should have only one of the following fields: [result, errorOutput].",
    ],
    [
      "secrets of a mock",
      { mock: { errorOutput: {} }, revealSecrets: true },
      "TestState does not support RevealSecrets when a mock is specified.",
    ],
    [
      "retries without a mock",
      { stateConfiguration: { retrierRetryCount: 1 } },
      "TestState does not support RetrierRetryCount when a mock is not specified.",
    ],
    [
      "a context without a mock",
      { context: "{}" },
      "TestState does not support Context when a mock is not specified.",
    ],
    ["variables that are no object", { variables: "[]" }, "Variables must be a JSON object"],
  ])("with %s", async (_name, params, message) => {
    expect(await refusal({ definition: task, params })).toContain(`ValidationException: `);
    expect(await refusal({ definition: task, params })).toContain(message);
  });

  it.each([
    [
      "not json",
      "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    ],
    ["", "Invalid execution input."],
  ])("with the input %j", async (input, problem) => {
    expect(await refusal({ definition: pass, params: { input } })).toBe(
      `InvalidExecutionInput: Invalid State Machine Execution Input: '${problem}'`,
    );
  });
});

describe("a definition", () => {
  it.each<[string, Json, string]>([
    ["that is no JSON", "{", "INVALID_JSON_DESCRIPTION"],
    ["of an unknown type", { Type: "Nap" }, "/States/StateName/Type"],
    ["that goes nowhere", { Type: "Pass" }, "/States/StateName"],
    [
      "of a Map",
      map,
      "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]",
    ],
    ["of an activity", { ...task, Resource: "arn:aws:states:us-east-1:123456789012:activity:a" }, "Activity"],
    [
      "that waits for a job",
      { ...task, Resource: "arn:aws:states:::ecs:runTask.sync", Parameters: {} },
      ".sync",
    ],
  ])("%s", async (_name, definition, message) => {
    const refused = await refusal({ definition });
    expect(refused).toContain("InvalidDefinition: ");
    expect(refused).toContain(message);
  });

  it("has the state, at any depth", async () => {
    const branch = { StartAt: "Deep", States: { Deep: { Type: "Pass", Result: 7, End: true } } };
    const parallel = { Type: "Parallel", Branches: [inner, branch], End: true };
    const definition = { StartAt: "M", States: { M: parallel } };
    expect(await tested({ definition, params: { stateName: "Deep" } })).toMatchObject({ output: 7 });
    expect(await refusal({ definition, params: { stateName: "toString" } })).toBe(
      "ValidationException: State not found in definition",
    );
  });

  it("of the machine around says the query language", async () => {
    const definition = {
      QueryLanguage: "JSONata",
      StartAt: "A",
      States: { A: { ...pass, Output: "{% 1 + 1 %}" } },
    };
    expect(await tested({ definition, params: { stateName: "A" } })).toMatchObject({ output: 2 });
  });
});

describe("a mock", () => {
  it.each<[string, Json, string, string]>([
    [
      "for a Wait",
      { Type: "Wait", Seconds: 1, End: true },
      "{}",
      "State type 'Wait' is not supported when a mock is specified",
    ],
    ["that is no JSON", task, "x", "Mocked result must be valid JSON"],
    ["that is too deep", task, "[".repeat(5000) + "]".repeat(5000), "Mocked result must be valid JSON"],
    ["for a Map that is no array", map, "{}", "Mocked result must be an array."],
  ])("%s", async (_name, definition, text, message) => {
    expect(await refusal({ definition, params: { mock: { result: text } } })).toBe(
      `ValidationException: ${message}`,
    );
  });
});

describe("a context object", () => {
  it.each<[string, string]>([
    ["x", "Context object must be valid JSON"],
    ["[]", "Context object must be a JSON object"],
    ['{"Map":{}}', "'Map' field is not supported when mocking a Context object"],
    ['{"constructor":{}}', "Field 'constructor' is not allowed"],
    ['{"Task":{"Id":"x"}}', "Field 'Id' is not allowed"],
    ['{"State":1}', "Field 'State' must be an object"],
    ['{"State":{"RetryCount":"1"}}', "Field 'RetryCount' must be a number"],
  ])("%s", async (context, why) => {
    expect(await refusal({ definition: task, result: {}, params: { context } })).toBe(
      `ValidationException: Invalid Context object provided: ${why}`,
    );
  });

  it("stands in the place of the parts that it has", async () => {
    const definition = { ...task, QueryLanguage: "JSONata", Output: "{% $states.context %}" };
    const context = { Execution: { Input: 9 }, State: { RetryCount: 4 } };
    expect(
      await tested({ definition, result: {}, params: { context: JSON.stringify(context) } }),
    ).toMatchObject({
      output: {
        Execution: { Input: 9, RoleArn: "arn:aws:iam::123456789012:role/TestState" },
        State: { Name: "StateName", RetryCount: 4 },
        StateMachine: {},
      },
    });
  });
});
