/**
 * Makes plain JSON of what JSONata's evaluator returns: arrays without its flags, objects with the usual prototype.
 *
 * Numbers that JSON cannot say become the strings that AWS shows for them (`1/0` is "Infinity", as measured with the TestState API). Functions are
 * nothing: undefined at the top, "" inside, as `$string()` has it. What is plain already is returned as it is, not copied.
 */
import type { Json } from "../json.ts";

/** @returns undefined for undefined and for functions */
export function plainValue(value: unknown): Json | undefined {
  if (typeof value === "object" && value !== null) return isFunction(value) ? undefined : plainPart(value);
  return value === undefined || typeof value === "function" ? undefined : plainPart(value);
}

function plainPart(value: unknown): Json {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (typeof value === "number") return plainNumber(value);
  if (Array.isArray(value)) return plainArray(value);
  if (typeof value === "object") return isFunction(value) ? "" : plainObject(value);
  return typeof value === "function" ? "" : null;
}

export function plainNumber(value: number): number | string {
  if (!Number.isFinite(value)) return String(value);
  return value === 0 ? 0 : value;
}

function plainArray(values: readonly unknown[]): Json {
  const plain: Json[] = [];
  // A flagged array has more keys than elements; `cons` is a flag that is not enumerable.
  let same = Object.keys(values).length === values.length && !Object.hasOwn(values, "cons");
  for (const value of values) {
    const part = plainPart(value);
    same &&= Object.is(part, value);
    plain.push(part);
  }
  return same ? (values as readonly Json[]) : plain;
}

function plainObject(object: object): Json {
  const entries: [string, Json][] = [];
  let same = Object.getPrototypeOf(object) !== null;
  for (const [key, value] of Object.entries(object)) {
    const part = plainPart(value);
    same &&= Object.is(part, value);
    entries.push([key, part]);
  }
  return same ? (object as Json) : Object.fromEntries(entries);
}

/** Data may have the evaluator's marks of a function, but no functions in it. */
function isFunction(value: object): boolean {
  const { implementation, apply } = value as { readonly implementation?: unknown; readonly apply?: unknown };
  return typeof implementation === "function" || typeof apply === "function";
}
