/**
 * The different items of a list, in the order in which Java's `HashSet` has them, which is what AWS gives: [true, false] comes back as [false, true].
 * The hash codes are those that the documentation of Boolean, Integer, Long, Double, String, List and Map specifies.
 */
import { isObject } from "../json.ts";
import type { Json } from "../json.ts";
import { IntrinsicProblem } from "./problem.ts";

const maxDepth = 500;
const smallestTable = 16;
const loadFactor = 0.75;

export function uniqueItems(list: readonly Json[]): readonly Json[] {
  const size = tableSize(Math.max(Math.trunc(list.length / loadFactor) + 1, smallestTable));
  const items = new Map<string, { readonly item: Json; readonly place: number }>();
  for (const item of list) {
    const key = canonicalText(item);
    if (items.has(key)) continue;
    const hash = hashCode(item, 0);
    items.set(key, { item, place: (hash ^ (hash >>> 16)) & (size - 1) });
  }
  // The sort is stable: items of one place stay in the order in which they came.
  return [...items.values()].toSorted((left, right) => left.place - right.place).map(({ item }) => item);
}

/** The next power of two. */
function tableSize(capacity: number): number {
  let size = 1;
  while (size < capacity) size *= 2;
  return size;
}

/** Equal for equal values: objects with their keys in order. */
function canonicalText(value: Json): string {
  return JSON.stringify(value, (_, one: Json) =>
    isObject(one)
      ? Object.fromEntries(Object.entries(one).toSorted(([left], [right]) => (left < right ? -1 : 1)))
      : one,
  );
}

function hashCode(value: Json, depth: number): number {
  if (depth > maxDepth) throw new IntrinsicProblem(`A value is more than ${maxDepth} levels deep`);
  if (value === null) return 0;
  if (typeof value === "boolean") return value ? 1231 : 1237;
  if (typeof value === "number") return hashOfNumber(value);
  if (typeof value === "string") return hashOfText(value);
  if (!isObject(value))
    return value.reduce<number>((hash, one) => (Math.imul(31, hash) + hashCode(one, depth + 1)) | 0, 1);
  return Object.entries(value).reduce(
    (sum, [key, one]) => (sum + (hashOfText(key) ^ hashCode(one, depth + 1))) | 0,
    0,
  );
}

function hashOfText(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(31, hash) + text.charCodeAt(at)) | 0;
  return hash;
}

function hashOfNumber(value: number): number {
  if ((value | 0) === value) return value | 0;
  const bits = new DataView(new ArrayBuffer(8));
  if (Number.isSafeInteger(value)) bits.setBigInt64(0, BigInt(value));
  else bits.setFloat64(0, value);
  return bits.getInt32(0) ^ bits.getInt32(4);
}
