/**
 * Compares a mocked result with what the API of the service can answer (AWS Step Functions API Reference, "MockInput", fieldValidationMode).
 *
 * Invariants:
 * - Fields that the API does not have are not looked at; names count with their capitals.
 * - The first mistake is the refusal: missing fields before wrong ones, both in the order of the API.
 */
import type { Resource } from "../../interpreter/resource.ts";
import type { Json, JsonObject } from "../../json.ts";
import { isObject } from "../../json.ts";
import { invalid } from "../refusal.ts";
import { answerOf } from "./services.ts";
import type { ActionShape } from "./services.ts";
import type { Range, Shape } from "./shapes.ts";

export interface ResultOptions {
  /** True: fields that must be there have to be. */
  readonly strict: boolean;
}

/** @throws TestStateError ValidationException */
export function checkResult(resource: Resource, result: Json, { strict }: ResultOptions): void {
  const action = answerOf(resource);
  if (action === undefined) return;
  if (!isObject(result)) throw invalid("Mocked result must be a JSON object.");
  new Check(action, strict).object(action.answer, result);
}

class Check {
  readonly #action: ActionShape;
  readonly #strict: boolean;

  constructor(action: ActionShape, strict: boolean) {
    this.#action = action;
    this.#strict = strict;
  }

  object(name: string, value: JsonObject): void {
    const fields = this.#action.shapes.get(name) ?? [];
    const has = (field: string): boolean => Object.hasOwn(value, field) && value[field] !== null;
    for (const { name: field, required } of fields)
      if (this.#strict && required && !has(field)) throw wrong(`Required field '${field}' is missing`);
    for (const { name: field, shape } of fields)
      if (has(field)) this.#value(shape, value[field] as Json, field);
  }

  #value(shape: Shape, value: Json, field: string): void {
    switch (shape.kind) {
      case "any":
        return;
      case "boolean":
        return expect(typeof value === "boolean", field, "must be a boolean");
      case "number":
        expect(typeof value === "number", field, "must be a number");
        return inRange(value as number, shape.range, field);
      case "string":
        expect(typeof value === "string", field, "must be a string");
        return lengthInRange((value as string).length, shape.range, field);
      case "choice":
        expect(typeof value === "string", field, "must be a string");
        return expect(shape.values.includes(value as string), field, "is not an expected value");
      case "object":
        expect(isObject(value), field, "must be an object");
        return this.object(shape.name, value as JsonObject);
      case "map":
        expect(isObject(value), field, "must be an object");
        return this.#all(shape.of, Object.values(value as JsonObject), field);
      case "list":
        expect(Array.isArray(value), field, "must be an array");
        lengthInRange((value as readonly Json[]).length, shape.range, field);
        return this.#all(shape.of, value as readonly Json[], field);
    }
  }

  #all(shape: Shape, values: readonly Json[], field: string): void {
    for (const value of values) if (value !== null) this.#value(shape, value, field);
  }
}

function inRange(value: number, { min, max }: Range, field: string): void {
  expect(value >= min, field, "is less than the minimum value");
  expect(value <= max, field, "is greater than the maximum value");
}

function lengthInRange(length: number, { min, max }: Range, field: string): void {
  expect(length >= min, field, "is smaller than the minimum length");
  expect(length <= max, field, "is larger than the maximum length");
}

function expect(holds: boolean, field: string, words: string): void {
  if (!holds) throw wrong(`Field '${field}' ${words}`);
}

function wrong(why: string): Error {
  return invalid(`Mock result schema validation error: ${why}`);
}
