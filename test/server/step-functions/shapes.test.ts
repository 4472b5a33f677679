import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ApiError } from "../../../src/server/step-functions/api-error.ts";
import { readFields, type Fields, type Shape } from "../../../src/server/step-functions/shape.ts";
import { shapes } from "../../../src/server/step-functions/shapes.ts";
import { mutated } from "../../support/mutations.ts";
import { runs } from "../../support/properties.ts";
import { calls } from "./calls.ts";

/** What is read, or `TYPE: message`. */
function outcome(operation: string, values: unknown): unknown {
  try {
    return readFields(shapes[operation] ?? {}, values);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return `${error.type}: ${error.message}`;
  }
}

const required = { name: "n", definition: "{}", roleArn: "r" };

describe("members inside of parameters", () => {
  test.each([
    [{ tags: [null] }, "Value null at 'tags.1.member' failed to satisfy constraint: Member must not be null"],
    [
      { tags: [{ key: "" }, null] },
      "Value '' at 'tags.1.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1; Value null at 'tags.2.member' failed",
    ],
    [{ encryptionConfiguration: {} }, "Value null at 'encryptionConfiguration.type' failed"],
    [
      { loggingConfiguration: { destinations: [null] } },
      "Value null at 'loggingConfiguration.destinations.1.member' failed",
    ],
  ])("%j is a validation error", (more, message) => {
    expect(outcome("CreateStateMachine", { ...required, ...more })).toMatch(
      /^ValidationException: [12] val/u,
    );
    expect(outcome("CreateStateMachine", { ...required, ...more })).toContain(message);
  });

  test.each([
    [{ tags: [1] }, "Unexpected field type"],
    [{ tags: [[]] }, "Unexpected field type"],
    [{ tags: [{ key: 1 }] }, "NUMBER_VALUE can not be converted to a String"],
    [{ tags: [{ key: {} }] }, "Start of structure or map found where not expected."],
    [{ tags: [{ key: [] }] }, "Start of list found where not expected."],
    [{ tracingConfiguration: [] }, "Unexpected field type"],
    [{ tracingConfiguration: { enabled: "true" } }, "STRING_VALUE can not be converted to a Boolean"],
    [{ loggingConfiguration: { destinations: {} } }, "Unexpected field type"],
    [{ loggingConfiguration: { destinations: ["arn"] } }, "Unexpected field type"],
    [{ loggingConfiguration: { level: true } }, "TRUE_VALUE can not be converted to a String"],
    [
      { encryptionConfiguration: { type: "AWS_OWNED_KEY", kmsDataKeyReusePeriodSeconds: 60.5 } },
      "NUMBER_VALUE can not be converted to an Integer",
    ],
  ])("%j cannot be read", (more, message) => {
    expect(outcome("CreateStateMachine", { ...required, ...more })).toBe(
      `SerializationException: ${message}`,
    );
  });

  test.each([null, [], "text", 1])("%j is no parameters", (values) => {
    expect(outcome("ListActivities", values)).toBe("SerializationException: Unexpected field type");
  });

  test("null is as if it were not there, and what no shape names is left out", () => {
    const given = {
      ...required,
      publish: null,
      more: 1,
      tags: [{ key: "k", value: null, x: 1 }],
      loggingConfiguration: { level: null, destinations: null },
    };
    const read = { ...required, tags: [{ key: "k" }], loggingConfiguration: {} };
    expect(outcome("CreateStateMachine", given)).toEqual(read);
  });

  test("a list that is too long is shown as deep as its shape and no deeper", () => {
    let deep: unknown = 1;
    for (let level = 0; level < 20_000; level++) deep = [deep];
    const route = { stateMachineVersionArn: "a", weight: 1, deep };
    const given = { name: "a", routingConfiguration: [route, route, route] };
    const shown = '{"stateMachineVersionArn":"a","weight":1}';
    expect(outcome("CreateStateMachineAlias", given)).toBe(
      `ValidationException: 1 validation error detected: Value '[${shown},${shown},${shown}]' at 'routingConfiguration' failed to satisfy constraint: Member must have length less than or equal to 2`,
    );
  });

  test("not more than a hundred mistakes are told", () => {
    const text = outcome("CreateStateMachine", { ...required, tags: Array(5000).fill(null) }) as string;
    expect(text).toMatch(/^ValidationException: 5000 validation errors detected: /u);
    expect(text.match(/must not be null/gu)).toHaveLength(100);
  });
});

/** True if the value is of its shape, at every depth. */
function fits(shape: Shape, value: unknown): boolean {
  switch (shape.kind) {
    case "text":
      return typeof value === "string";
    case "number":
      return typeof value === "number";
    case "flag":
      return typeof value === "boolean";
    case "list":
      return Array.isArray(value) && value.every((item) => fits(shape.of, item));
    case "object":
      return fitsFields(shape.fields, value);
  }
}

function fitsFields(fields: Fields, value: unknown): boolean {
  const named = new Map(Object.entries(fields).map(([name, shape]) => [name.replace("!", ""), shape]));
  return Object.entries(value as object).every(([name, member]) => {
    const shape = named.get(name);
    return shape !== undefined && fits(shape, member);
  });
}

test("whatever is given, what is read has the types of its shape and nothing else", () => {
  const given = fc
    .constantFrom(...calls)
    .chain(([name, params]) => fc.tuple(fc.constant(name), mutated(params)));
  fc.assert(
    fc.property(given, ([name, params]) => {
      const read = outcome(name, params);
      expect(typeof read === "string" || fitsFields(shapes[name] ?? {}, read)).toBe(true);
    }),
    { numRuns: runs(2000) },
  );
});
