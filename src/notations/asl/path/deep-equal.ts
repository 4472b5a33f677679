/** Equality of JSON values: the order of an object's keys does not matter. */
import { isObject } from "../json.ts";
import type { Json } from "../json.ts";

/** Deeper values are taken to differ: documents are untrusted, and the stack has an end. */
const maxDepth = 500;

export function isEqual(left: Json, right: Json, depth = 0): boolean {
  if (left === right) return true;
  if (depth > maxDepth) return false;
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    return left.every((one: Json, at) => isEqual(one, right[at] as Json, depth + 1));
  }
  if (!isObject(left) || !isObject(right)) return false;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every(
    (key) => Object.hasOwn(right, key) && isEqual(left[key] as Json, right[key] as Json, depth + 1),
  );
}
