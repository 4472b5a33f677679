import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesPattern } from "../../../../src/notations/asl/choice/pattern.ts";
import { holds } from "../../../../src/notations/asl/choice/rules.ts";
import type { Json } from "../../../../src/notations/asl/json.ts";
import type { ChoiceRule } from "../../../../src/notations/asl/model.ts";
import { runs } from "../../../support/properties.ts";

function of(rule: ChoiceRule, input: Json = {}): boolean {
  return holds(rule, { input, context: { Execution: { Name: "n" } }, variables: { v: 3 } });
}

function test(value: Json, operator: string, given: Json): boolean {
  const direct = of({ Variable: "$.value", [operator]: given }, { value });
  if (operator.startsWith("Is") || operator === "StringMatches") return direct;
  const byPath = of({ Variable: "$.value", [`${operator}Path`]: "$.given" }, { value, given });
  if (byPath !== direct) throw new TypeError(`${operator}Path differs from ${operator}`);
  return direct;
}

const orders = ["Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals"];

describe("comparisons with an order", () => {
  it.each<[string, Json, Json, string]>([
    ["String", "a", "b", "< <="],
    ["String", "a", "a", "= <= >="],
    ["String", "b", "a", "> >="],
    ["String", "", "a", "< <="],
    ["String", "a", 1, ""],
    ["Numeric", 1, 2, "< <="],
    ["Numeric", 2.5, 2.5, "= <= >="],
    ["Numeric", 3, 2, "> >="],
    ["Numeric", "1", 1, ""],
    ["Numeric", null, 0, ""],
    ["Timestamp", "2024-01-01T00:00:00Z", "2024-01-01T00:00:01Z", "< <="],
    ["Timestamp", "2024-01-01T01:00:00+01:00", "2024-01-01T00:00:00.000Z", "= <= >="],
    ["Timestamp", "2024-01-01T00:00:00.000000002Z", "2024-01-01T00:00:00.000000001Z", "> >="],
    ["Timestamp", "2024-01-01T00:00:00-00:30", "2024-01-01T00:00:00Z", "> >="],
    ["Timestamp", "1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.25Z", "> >="],
    ["Timestamp", "2024-01-01", "2024-01-01T00:00:00Z", ""],
    ["Timestamp", 5, "2024-01-01T00:00:00Z", ""],
  ])("%s: %j and %j are %s", (type, value, given, expected) => {
    const signs = ["=", "<", ">", "<=", ">="];
    const found = signs.filter((_, at) => test(value, `${type}${orders[at] ?? ""}`, given));
    expect(found.toSorted()).toEqual(expected.split(" ").filter(Boolean).toSorted());
  });

  it("agree with each other", () => {
    const any = fc.oneof(
      fc.string(),
      fc.double({ noNaN: true }),
      fc.boolean(),
      fc.constant(null),
    ) as fc.Arbitrary<Json>;
    fc.assert(
      fc.property(fc.constantFrom("String", "Numeric"), any, any, (type, left, right) => {
        const [equal, less, greater, atMost, atLeast] = orders.map((order) =>
          test(left, type + order, right),
        );
        expect([equal, less, greater].filter(Boolean).length).toBeLessThanOrEqual(1);
        expect(atMost).toBe(Boolean(equal || less));
        expect(atLeast).toBe(Boolean(equal || greater));
        expect(test(right, `${type}LessThan`, left)).toBe(greater);
      }),
    );
  });
});

describe("other comparisons", () => {
  it("compare booleans", () => {
    expect(test(true, "BooleanEquals", true)).toBe(true);
    expect(test(false, "BooleanEquals", true)).toBe(false);
    expect(test("true", "BooleanEquals", true)).toBe(false);
  });

  it.each<[string, Json, Json]>([
    ["IsNull", null, 0],
    ["IsNumeric", 1.5, "1"],
    ["IsString", "", 1],
    ["IsBoolean", false, "false"],
    ["IsTimestamp", "2024-02-29T23:59:59Z", "2023-02-29T23:59:59Z"],
  ])("%s", (operator, fitting, other) => {
    expect(test(fitting, operator, true)).toBe(true);
    expect(test(fitting, operator, false)).toBe(false);
    expect(test(other, operator, true)).toBe(false);
    expect(test(other, operator, false)).toBe(true);
  });

  it("take as timestamps only what RFC 3339 does, with capitals", () => {
    for (const text of [
      "2024-01-01t00:00:00Z",
      "2024-01-01T00:00:00z",
      "2024-01-01T00:00:00",
      "2024-01-01T25:00:00Z",
      "2024-13-01T00:00:00Z",
      "2024-01-01 00:00:00Z",
      "24-01-01T00:00:00Z",
      "2024-01-01T00:00:00+25:00",
    ])
      expect([text, test(text, "IsTimestamp", true)]).toEqual([text, false]);
    for (const text of ["2024-01-01T00:00:00Z", "2024-01-01T00:00:00.123+05:30", "0001-01-01T00:00:00Z"])
      expect([text, test(text, "IsTimestamp", true)]).toEqual([text, true]);
  });

  it("IsPresent looks for the value, not at it", () => {
    const rule = (Variable: string, IsPresent = true): ChoiceRule => ({ Variable, IsPresent });
    expect(of(rule("$.a"), { a: null })).toBe(true);
    expect(of(rule("$.b"), { a: null })).toBe(false);
    expect(of(rule("$.b", false), { a: null })).toBe(true);
    expect(of(rule("$.a[0]"), { a: [] })).toBe(false);
    expect(of(rule("$v"))).toBe(true);
    expect(of(rule("$w"))).toBe(false);
    expect(of(rule("$$.Execution.Name"))).toBe(true);
  });
});

describe("StringMatches", () => {
  it.each([
    ["log-1.txt", "log-*.txt", true],
    ["log-.txt", "log-*.txt", true],
    ["log-.tx", "log-*.txt", false],
    ["abc", "*", true],
    ["", "*", true],
    ["abc", "abc", true],
    ["abc", "ab", false],
    ["a*c", "a\\*c", true],
    ["abc", "a\\*c", false],
    ["a\\c", "a\\\\c", true],
    ["a\\xc", "a\\\\*c", true],
    ["aXbXc", "a*b*c", true],
    ["aXcXb", "a*b*c", false],
    ["aa", "a*a", true],
    ["a", "a*a", false],
    ["ab", "a*b*b", false],
    ["a.c", "a?c", false],
  ])("%j with %j", (text, pattern, expected) => {
    expect(matchesPattern(text, pattern)).toBe(expected);
    expect(test(text, "StringMatches", pattern)).toBe(expected);
  });

  it("is what a regular expression says", () => {
    const letters = fc.array(fc.constantFrom("a", "b", "*"), { maxLength: 8 }).map((all) => all.join(""));
    fc.assert(
      fc.property(
        letters.map((text) => text.replaceAll("*", "c")),
        letters,
        (text, pattern) => {
          expect(matchesPattern(text, pattern)).toBe(
            new RegExp(`^${pattern.replaceAll("*", ".*")}$`, "u").test(text),
          );
        },
      ),
      { numRuns: runs(1000) },
    );
  });

  it("takes little time for patterns made to take much", () => {
    const before = performance.now();
    expect(matchesPattern("a".repeat(200_000), `${"*a".repeat(10_000)}*b`)).toBe(false);
    expect(performance.now() - before).toBeLessThan(1000);
  });

  it("is false for what is no text", () => expect(test(1, "StringMatches", "*")).toBe(false));
});

describe("And, Or, Not", () => {
  const yes: ChoiceRule = { Variable: "$.a", NumericEquals: 1 };
  const no: ChoiceRule = { Variable: "$.a", NumericEquals: 2 };
  const broken: ChoiceRule = { Variable: "$.missing", NumericEquals: 2 };

  it("combine", () => {
    const input = { a: 1 };
    expect(of({ And: [yes, yes] }, input)).toBe(true);
    expect(of({ And: [yes, no] }, input)).toBe(false);
    expect(of({ Or: [no, yes] }, input)).toBe(true);
    expect(of({ Or: [no, no] }, input)).toBe(false);
    expect(of({ Not: no, Next: "X" }, input)).toBe(true);
    expect(of({ Not: { And: [{ Or: [no, yes] }, { Not: no }] } }, input)).toBe(false);
  });

  it("stop at the first rule that decides", () => {
    expect(of({ Or: [yes, broken] }, { a: 1 })).toBe(true);
    expect(of({ And: [no, broken] }, { a: 1 })).toBe(false);
  });

  it("fail with the words of AWS if a path finds nothing", () => {
    const failure = (path: string): unknown =>
      expect.objectContaining({
        error: "States.Runtime",
        causeText: `Invalid path '${path}': The choice state's condition path references an invalid value.`,
        inState: true,
      });
    expect(() => of(broken, { a: 1 })).toThrow(failure("$.missing"));
    expect(() => of({ Variable: "$.a", IsNull: true })).toThrow(failure("$.a"));
    expect(() => of({ Variable: "$.a", StringEqualsPath: "$.b" }, { a: 1 })).toThrow(failure("$.b"));
    expect(() => of({ Variable: "$.a" }, { a: 1 })).toThrow(/needs a comparison/u);
    expect(() => of({})).toThrow(/needs And, Or, Not or Variable/u);
  });
});
