/**
 * What parameters must look like, and AWS's words when they do not: all mistakes of a request in one message, in the order of the shape's fields
 * (`2 validation errors detected: Value 'x' at 'name' failed to satisfy constraint: …; Value null at …`).
 *
 * Invariants: what is read has the types of its shape at every depth, holds no null and nothing that the shape does not name, and is as deep as the shape and no
 * deeper. So no operation meets a value of a wrong type, and no request is deep enough to overflow the stack of whoever walks through its parameters.
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
  | { readonly kind: "object"; readonly fields: Fields }
  | { readonly kind: "list"; readonly of: Shape; readonly min?: number; readonly max?: number };

/** Fields of an object; a name with `!` must be there. Others are ignored, as AWS ignores them; null is as if it were not there. */
export type Fields = Readonly<Record<string, Shape>>;

export type Values = Readonly<Record<string, unknown>>;

/** The longest list of mistakes that is written out. */
const mostShown = 100;

/** The values that the shape names. @throws ApiError ValidationException, SerializationException */
export function readFields(fields: Fields, values: unknown): Values {
  const mistakes: string[] = [];
  const read = readObject(fields, objectOf(values), { path: "", mistakes });
  if (mistakes.length === 0) return read;
  const count = mistakes.length === 1 ? "1 validation error" : `${mistakes.length} validation errors`;
  throw validationError(`${count} detected: ${mistakes.slice(0, mostShown).join("; ")}`);
}

/** Where a value stands, and what was found so far. */
interface Place {
  readonly path: string;
  readonly mistakes: string[];
}

function readObject(fields: Fields, values: Values, { path, mistakes }: Place): Values {
  const read: Record<string, unknown> = {};
  for (const [field, shape] of Object.entries(fields)) {
    const required = field.endsWith("!");
    const name = required ? field.slice(0, -1) : field;
    const at = { path: path + name, mistakes };
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value !== undefined && value !== null) read[name] = readValue(shape, value, at);
    else if (required) note(at, "null", "not be null");
  }
  return read;
}

function note({ path, mistakes }: Place, shown: string, constraint: string): void {
  mistakes.push(`Value ${shown} at '${path}' failed to satisfy constraint: Member must ${constraint}`);
}

function readValue(shape: Shape, value: unknown, at: Place): unknown {
  switch (shape.kind) {
    case "text":
      return checkText(shape, expect("string", value, "a String") as string, at);
    case "number":
      return checkNumber(shape, expect("number", value, "an Integer") as number, at);
    case "flag":
      return expect("boolean", value, "a Boolean");
    case "object":
      return readObject(shape.fields, objectOf(value), { ...at, path: `${at.path}.` });
    case "list":
      return readList(shape, value, at);
  }
}

function objectOf(value: unknown): Values {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Values;
  throw unreadable("Unexpected field type");
}

function checkText(shape: Shape & { kind: "text" }, value: string, at: Place): string {
  const { min = 0, max = Infinity, pattern, oneOf } = shape;
  const wrong = (constraint: string): void => note(at, `'${value}'`, constraint);
  if (value.length < min) wrong(`have length greater than or equal to ${min}`);
  if (value.length > max) wrong(`have length less than or equal to ${max}`);
  if (pattern?.test(value) === false) wrong(`satisfy regular expression pattern: ${pattern.source}`);
  if (oneOf?.includes(value) === false) wrong(`satisfy enum value set: [${oneOf.join(", ")}]`);
  return value;
}

function checkNumber(shape: Shape & { kind: "number" }, value: number, at: Place): number {
  const { min = -Infinity, max = Infinity, whole = true } = shape;
  if (whole && !Number.isInteger(value)) throw unreadable("NUMBER_VALUE can not be converted to an Integer");
  if (value < min) note(at, `'${value}'`, `have value greater than or equal to ${min}`);
  if (value > max) note(at, `'${value}'`, `have value less than or equal to ${max}`);
  return value;
}

function readList(shape: Shape & { kind: "list" }, value: unknown, at: Place): readonly unknown[] {
  if (!Array.isArray(value)) throw unreadable("Unexpected field type");
  const { of, min = 0, max = Infinity } = shape;
  // A list of a wrong length is one mistake: those of its items are not told, only values that cannot be read at all.
  const fits = value.length >= min && value.length <= max;
  const mistakes = fits ? at.mistakes : [];
  const read = value.map((item: unknown, index) => {
    const here = { path: `${at.path}.${index + 1}.member`, mistakes };
    if (item !== null) return readValue(of, item, here);
    note(here, "null", "not be null");
    return null;
  });
  if (fits) return read;
  const limit = value.length < min ? `greater than or equal to ${min}` : `less than or equal to ${max}`;
  note(at, `'${JSON.stringify(read)}'`, `have length ${limit}`);
  return read;
}

function expect(type: "boolean" | "number" | "string", value: unknown, wanted: string): unknown {
  if (typeof value === type) return value;
  throw unreadable(
    typeof value === "object"
      ? `Start of ${Array.isArray(value) ? "list" : "structure or map"} found where not expected.`
      : `${tokenOf(value)} can not be converted to ${wanted}`,
  );
}

function tokenOf(value: unknown): string {
  return typeof value === "boolean"
    ? `${String(value).toUpperCase()}_VALUE`
    : `${typeof value}_VALUE`.toUpperCase();
}

/** What was sent is no JSON, or has another type than the parameter. */
export function unreadable(message: string): ApiError {
  return new ApiError("SerializationException", message);
}
