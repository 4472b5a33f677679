/**
 * Functions at the end of a path, as far as AWS evaluates them. `min`, `max`, `avg`, `sum`, `stddev`, `concat` and `append` are accepted and find nothing
 * there (they do not know AWS's numbers), so they find nothing here.
 */
import { isObject } from "../json.ts";
import type { Json } from "../json.ts";

export function call(name: string, value: Json, argument: number | undefined): Json | undefined {
  switch (name) {
    case "length":
      return lengthOf(value);
    case "keys":
      return isObject(value) ? Object.keys(value) : undefined;
    case "first":
      return itemOf(value, 0);
    case "last":
      return itemOf(value, -1);
    case "index":
      return argument === undefined ? undefined : itemOf(value, argument);
    default:
      return undefined;
  }
}

function lengthOf(value: Json): number | undefined {
  if (Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : undefined;
}

function itemOf(value: Json, index: number): Json | undefined {
  return Array.isArray(value) ? (value as readonly Json[]).at(index) : undefined;
}
