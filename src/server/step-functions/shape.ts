/**
 * What parameters must look like, and AWS's words when they do not: all mistakes of a request in one message, in the order of the shape's fields
 * (`2 validation errors detected: Value 'x' at 'name' failed to satisfy constraint: …; Value null at …`).
 */
import { ApiError, validationError } from "./api-error.ts";

/** One value. Lengths in UTF-16 units, as Java counts. */
export type Shape =
  | {
      readonly kind: "text";
      readonly min?: number;
      readonly max?: number;
      readonly pattern?: RegExp;
      readonly oneOf?: readonly string[];
    }
  | { readonly kind: "number"; readonly min?: number; readonly max?: number; readonly whole?: boolean }
  | { readonly kind: "flag" }
  | { readonly kind: "any" }
  | { readonly kind: "object"; readonly fields: Fields }
  | { readonly kind: "list"; readonly of: Shape; readonly min?: number; readonly max?: number };

/** Fields of an object; a name with `!` must be there. Others are ignored, as AWS ignores them. */
export type Fields = Readonly<Record<string, Shape>>;

export type Values = Readonly<Record<string, unknown>>;

/** @throws ApiError ValidationException, SerializationException */
export function checkFields(fields: Fields, values: Values): void {
  const mistakes = mistakesOf(fields, values, "");
  if (mistakes.length === 0) return;
  const count = mistakes.length === 1 ? "1 validation error" : `${mistakes.length} validation errors`;
  throw validationError(`${count} detected: ${mistakes.join("; ")}`);
}

function mistakesOf(fields: Fields, values: Values, path: string): string[] {
  return Object.entries(fields).flatMap(([field, shape]) => {
    const required = field.endsWith("!");
    const name = required ? field.slice(0, -1) : field;
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined || value === null)
      return required ? [mistake("null", path + name, "Member must not be null")] : [];
    return check(shape, value, path + name);
  });
}

function mistake(shown: string, path: string, constraint: string): string {
  return `Value ${shown} at '${path}' failed to satisfy constraint: ${constraint}`;
}

function check(shape: Shape, value: unknown, path: string): string[] {
  switch (shape.kind) {
    case "text":
      return checkText(shape, expect("string", value, "a String") as string, path);
    case "number":
      return checkNumber(shape, expect("number", value, "an Integer") as number, path);
    case "flag":
      expect("boolean", value, "a Boolean");
      return [];
    case "any":
      return [];
    case "object":
      if (typeof value !== "object" || Array.isArray(value)) throw unreadable("Unexpected field type");
      return mistakesOf(shape.fields, value as Values, `${path}.`);
    case "list":
      return checkList(shape, value, path);
  }
}

function checkText(shape: Shape & { kind: "text" }, value: string, path: string): string[] {
  const { min = 0, max = Infinity, pattern, oneOf } = shape;
  const wrong = (constraint: string): string => mistake(`'${value}'`, path, `Member must ${constraint}`);
  const found: string[] = [];
  if (value.length < min) found.push(wrong(`have length greater than or equal to ${min}`));
  if (value.length > max) found.push(wrong(`have length less than or equal to ${max}`));
  if (pattern?.test(value) === false)
    found.push(wrong(`satisfy regular expression pattern: ${pattern.source}`));
  if (oneOf?.includes(value) === false) found.push(wrong(`satisfy enum value set: [${oneOf.join(", ")}]`));
  return found;
}

function checkNumber(shape: Shape & { kind: "number" }, value: number, path: string): string[] {
  const { min = -Infinity, max = Infinity, whole = true } = shape;
  const wrong = (constraint: string): string[] => [mistake(`'${value}'`, path, `Member must ${constraint}`)];
  if (whole && !Number.isInteger(value)) throw unreadable("NUMBER_VALUE can not be converted to an Integer");
  if (value < min) return wrong(`have value greater than or equal to ${min}`);
  return value > max ? wrong(`have value less than or equal to ${max}`) : [];
}

function checkList(shape: Shape & { kind: "list" }, value: unknown, path: string): string[] {
  if (!Array.isArray(value)) throw unreadable("Unexpected field type");
  const { of, min = 0, max = Infinity } = shape;
  const wrong = (constraint: string): string[] => [
    mistake(`'${JSON.stringify(value)}'`, path, `Member must ${constraint}`),
  ];
  if (value.length < min) return wrong(`have length greater than or equal to ${min}`);
  if (value.length > max) return wrong(`have length less than or equal to ${max}`);
  return value.flatMap((item: unknown, index) => check(of, item, `${path}.${index + 1}.member`));
}

function expect(type: "boolean" | "number" | "string", value: unknown, wanted: string): unknown {
  if (typeof value === type) return value;
  throw unreadable(
    typeof value === "object" && value !== null
      ? `Start of ${Array.isArray(value) ? "list" : "structure or map"} found where not expected.`
      : `${tokenOf(value)} can not be converted to ${wanted}`,
  );
}

function tokenOf(value: unknown): string {
  if (value === null) return "NULL_VALUE";
  return typeof value === "boolean"
    ? `${String(value).toUpperCase()}_VALUE`
    : `${typeof value}_VALUE`.toUpperCase();
}

/** What was sent is no JSON, or has another type than the parameter. */
export function unreadable(message: string): ApiError {
  return new ApiError("SerializationException", message);
}
