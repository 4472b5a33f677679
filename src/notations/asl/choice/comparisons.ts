/** The comparisons of choice rules by name, without the `…Path` forms, which are the same with a value from elsewhere, and without `IsPresent`. */
import type { Json } from "../json.ts";
import { matchesPattern } from "./pattern.ts";
import { compareTimestamps, isTimestamp } from "../timestamp.ts";

type Comparison = (value: Json, given: Json) => boolean;

/** Negative, 0 or positive; undefined for what has no order. */
type Order = (left: Json, right: Json) => number | undefined;

const tests: { readonly [suffix: string]: (order: number) => boolean } = {
  Equals: (order) => order === 0,
  LessThan: (order) => order < 0,
  GreaterThan: (order) => order > 0,
  LessThanEquals: (order) => order <= 0,
  GreaterThanEquals: (order) => order >= 0,
};

function ofType(type: "string" | "number" | "boolean"): Order {
  return (left, right) => {
    if (typeof left !== type || typeof right !== type) return undefined;
    if (left === right) return 0;
    // Texts by their UTF-16 units, as Java compares them.
    return (left as string) < (right as string) ? -1 : 1;
  };
}

function ordered(prefix: string, order: Order): [string, Comparison][] {
  return Object.entries(tests).map(([suffix, test]): [string, Comparison] => [
    prefix + suffix,
    (value, given) => {
      const found = order(value, given);
      return found !== undefined && test(found);
    },
  ]);
}

function is(name: string, test: (value: Json) => boolean): [string, Comparison] {
  return [name, (value, given) => test(value) === given];
}

const booleans = ofType("boolean");

export const comparisons: ReadonlyMap<string, Comparison> = new Map([
  ...ordered("String", ofType("string")),
  ...ordered("Numeric", ofType("number")),
  ...ordered("Timestamp", compareTimestamps),
  ["BooleanEquals", (value, given) => booleans(value, given) === 0],
  [
    "StringMatches",
    (value, given) => typeof value === "string" && typeof given === "string" && matchesPattern(value, given),
  ],
  is("IsNull", (value) => value === null),
  is("IsNumeric", (value) => typeof value === "number"),
  is("IsString", (value) => typeof value === "string"),
  is("IsBoolean", (value) => typeof value === "boolean"),
  is("IsTimestamp", isTimestamp),
]);
