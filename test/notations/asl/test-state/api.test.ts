// Mocked results against the answers of AWS's APIs: the notation of the tables, and each kind of mistake.
import { describe, expect, it } from "vitest";
import type { Json } from "../../../../src/notations/asl/json.ts";
import { compute } from "../../../../src/notations/asl/test-state/api/compute.ts";
import { language } from "../../../../src/notations/asl/test-state/api/language.ts";
import { messages } from "../../../../src/notations/asl/test-state/api/messages.ts";
import { secrets } from "../../../../src/notations/asl/test-state/api/secrets.ts";
import { readShapes } from "../../../../src/notations/asl/test-state/api/shapes.ts";
import type { Shape } from "../../../../src/notations/asl/test-state/api/shapes.ts";
import { storage } from "../../../../src/notations/asl/test-state/api/storage.ts";
import { refusal } from "./tools.ts";

const tables = Object.entries({ ...compute, ...language, ...messages, ...secrets, ...storage });

describe("the tables", () => {
  it.each(tables)("of %s have every shape that they name", (_service, text) => {
    const { actions, shapes } = readShapes(text);
    expect(actions.size).toBeGreaterThan(0);
    const named = (shape: Shape): string[] =>
      shape.kind === "object" ? [shape.name] : "of" in shape ? named(shape.of) : [];
    const all = [...actions.values(), ...[...shapes.values()].flat().flatMap(({ shape }) => named(shape))];
    expect(all.filter((name) => !shapes.has(name))).toEqual([]);
    expect([...shapes.keys()].filter((name) => !all.includes(name))).toEqual([]);
  });

  it("are read as they are written", () => {
    const { actions, shapes } = readShapes(
      "act = Answer\nAnswer: A!:[{Part}](1..2)\n  B:|one C\nPart: N:number(..3)\n",
    );
    expect([...actions]).toEqual([["act", "Answer"]]);
    const any = { min: -Infinity, max: Infinity };
    expect(shapes.get("Answer")).toEqual([
      {
        name: "A",
        required: true,
        shape: {
          kind: "list",
          of: { kind: "map", of: { kind: "object", name: "Part" } },
          range: { min: 1, max: 2 },
        },
      },
      { name: "B", required: false, shape: { kind: "choice", values: ["one"] } },
      { name: "C", required: false, shape: { kind: "string", range: any } },
    ]);
    expect(shapes.get("Part")).toMatchObject([{ shape: { kind: "number", range: { max: 3 } } }]);
  });
});

describe("a mocked result", () => {
  const refused = async (action: string, result: Json, fieldValidationMode = "STRICT"): Promise<string> => {
    const definition = { Type: "Task", Resource: `arn:aws:states:::${action}`, Parameters: {}, End: true };
    const found = await refusal({
      definition,
      params: { mock: { result: JSON.stringify(result), fieldValidationMode } },
    });
    return found.startsWith("no refusal")
      ? "fine"
      : found.replace("ValidationException: Mock result schema validation error: ", "");
  };
  const attribute = (value: Json): Json => ({ Item: { a: { L: [{ M: { b: value } }] } } });

  it.each<[string, string, Json, string]>([
    ["a string", "sqs:sendMessage", { MessageId: 1 }, "Field 'MessageId' must be a string"],
    ["a timestamp", "aws-sdk:s3:getObject", { LastModified: 1 }, "Field 'LastModified' must be a string"],
    ["a number", "aws-sdk:s3:getObject", { ContentLength: "1" }, "Field 'ContentLength' must be a number"],
    ["a boolean", "aws-sdk:s3:getObject", { DeleteMarker: "no" }, "Field 'DeleteMarker' must be a boolean"],
    ["a list", "events:putEvents", { Entries: {} }, "Field 'Entries' must be an array"],
    ["an object", "events:putEvents", { Entries: [1] }, "Field 'Entries' must be an object"],
    ["a map", "dynamodb:getItem", { Item: [] }, "Field 'Item' must be an object"],
    ["something deep", "dynamodb:getItem", attribute({ N: 1 }), "Field 'N' must be a string"],
    [
      "a known value",
      "aws-sdk:kms:encrypt",
      { EncryptionAlgorithm: "ROT13" },
      "Field 'EncryptionAlgorithm' is not an expected value",
    ],
    [
      "a short text",
      "aws-sdk:kms:encrypt",
      { KeyId: "k".repeat(2049) },
      "Field 'KeyId' is larger than the maximum length",
    ],
    [
      "a small number",
      "aws-sdk:lambda:getFunction",
      { Configuration: { Timeout: 0 } },
      "Field 'Timeout' is less than the minimum value",
    ],
    [
      "what must be there",
      "aws-sdk:sfn:startExecution",
      { ExecutionArn: "a" },
      "Required field 'StartDate' is missing",
    ],
    [
      "the fields of an execution that was waited for",
      "states:startExecution.sync",
      { ExecutionArn: "a" },
      "Required field 'StateMachineArn' is missing",
    ],
    ["an object at all", "sqs:sendMessage", [], "ValidationException: Mocked result must be a JSON object."],
  ])("must have %s", async (_what, action, result, message) => {
    expect(await refused(action, result)).toBe(message);
    expect(await refused(action, result, "NONE")).toBe("fine");
  });

  it.each<[string, string, Json]>([
    ["has other fields too", "sqs:sendMessage", { Other: 1 }],
    ["has no value for a field", "sqs:sendMessage", { MessageId: null }],
    ["is a function's, whatever its payload", "lambda:invoke", { StatusCode: 200, Payload: { a: [1] } }],
    ["comes from an action that is not known", "aws-sdk:unheard:of", [1]],
    ["comes from whoever has the token", "sqs:sendMessage.waitForTaskToken", { MessageId: 1 }],
    [
      "is a nested execution's, with values",
      "states:startExecution.sync:2",
      { ExecutionArn: "a", StateMachineArn: "b", Status: "SUCCEEDED", StartDate: "c", Output: { d: 1 } },
    ],
  ])("is fine that %s", async (_what, action, result) => {
    expect(await refused(action, result)).toBe("fine");
  });

  it("may lack fields when only those that are present count", async () => {
    expect(await refused("states:startExecution", {}, "PRESENT")).toBe("fine");
  });
});
