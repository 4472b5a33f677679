import { expect, test } from "vitest";
import { evaluated } from "./evaluated.ts";

const mismatch = (index: number, name: string): string =>
  `fails: threw an error during evaluation. T0410: Argument ${index} of function "${name}" does not match function signature`;
const nothing = "fails: returned nothing (undefined).";

test.each([
  ['$parse("{\\"a\\": [1, {\\"b\\": \\":\\"}]}").a[1].b', ":"],
  ["$parse('null')", null],
  ["$parse('1.0')", 1],
  ["$parse()", nothing],
  ["$parse(null)", mismatch(1, "parse")],
  ["$parse('{}', 'x')", mismatch(2, "parse")],
  [
    "$partition([1,2,3,4], 2)",
    [
      [1, 2],
      [3, 4],
    ],
  ],
  ["$partition([1,2,3,4,5], 2.9)", [[1, 2], [3, 4], [5]]],
  ["$partition([1,2,3])", [[1, 2, 3]]],
  ["$partition([], $nothing)", [[]]],
  ["$partition([], 2)", nothing],
  ["$partition([1,2,3], 0)", nothing],
  ["$partition([1,2,3], -0.5)", nothing],
  ["$partition($nothing, 2)", nothing],
  ["$partition([1,2], '2')", mismatch(2, "partition")],
  ["$range(0, 10, 2)", [0, 2, 4, 6, 8, 10]],
  ["$range(10, 0, -5)", [10, 5, 0]],
  ["$range(-1.7, 2, 1)", [-1, 0, 1, 2]],
  ["$range(3, 3, 1)", 3],
  ["[$range(3, 3, 1)]", [3]],
  ["$range(5, 1, 1)", nothing],
  ["$range(1, 5, 0)", nothing],
  ["$range(1, 5)", nothing],
  ["$range(1)", mismatch(2, "range")],
  ["$range('a', 5, 1)", mismatch(1, "range")],
  ["$count($range(1, 360145, 1))", 360_145],
  ["$hash('input', 'SHA-1')", "140f86aae51ab9e1cda9b4254fe98a74eb54c1a1"],
  ["$hash('Hello', 'MD5')", "8b1a9953c4611296a827abf8c47804d7"],
  ["$hash('Hello')", nothing],
  ["$hash()", mismatch(1, "hash")],
  ["$hash(42, 'MD5')", mismatch(1, "hash")],
  ["$random(42)", 0.7275636800328681],
  ["$random(0)", 0.730967787376657],
  ["$random(0.9)", 0.730967787376657],
  ["$random() = $random()", false],
  ["$random('seed')", mismatch(1, "random")],
  ["$random(1, 2)", mismatch(2, "random")],
  ["$uuid() = $uuid()", false],
  ["$uuid('x')", mismatch(1, "uuid")],
  ["$map(['{\"a\":1}', '{\"a\":2}'], $parse).a", [1, 2]],
  ["$now()", "2026-01-02T03:04:05.000Z"],
  ["$now('[Y]-[M01]')", "2026-01"],
  ["$millis()", Date.UTC(2026, 0, 2, 3, 4, 5)],
  ["$count($shuffle([1, 2, 3]))", 3],
])("%s", async (expression, expected) => {
  expect(await evaluated(expression)).toEqual(expected);
});

test.each([
  ["$partition([1,2,3], -1)", "D3137: Second argument must be zero or greater"],
  ["$partition('x', 1)", 'T0412: Argument 1 of function "partition" must be an array of undefined'],
  ["$hash('a', 'md5')", "D3137: Hash algorithm 'md5' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5"],
  [
    "$hash('a', $nothing)",
    "D3137: Hash algorithm 'null' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5",
  ],
  ["$eval('1 + 1')", "T1006: Attempted to invoke a non-function"],
  ["$randomSeeded(1)", "T1006: Attempted to invoke a non-function"],
  ["$sum(['a'])", 'T0412: Argument 1 of function "sum" must be an array of "numbers"'],
  ["1 < 'a'", 'T2009: The values 1 and "a" either side of operator "<" must be of the same data type'],
])("%s fails with %s", async (expression, message) => {
  expect(await evaluated(expression)).toBe(`fails: threw an error during evaluation. ${message}`);
});

test("a text that AWS does not take for JSON is refused", async () => {
  for (const text of [
    "",
    "  ",
    '{"a":1}{"b":2}',
    '{"a":1,"a":2}',
    '{"a":{"b":1,"\\u0062":2}}',
    "1e400",
    "[1,]",
  ])
    expect(await evaluated("$parse($states.input)", { input: text }), text).toContain("D3137: Invalid JSON");
});

test("what is no number in JSON becomes a text", async () => {
  expect(await evaluated("1/0")).toBe("Infinity");
  expect(await evaluated("[-1/0, {'k': 0/0}]")).toEqual(["-Infinity", { k: "NaN" }]);
});

test("limits are told in AWS's words, after a colon", async () => {
  const memory = "Expression evaluation memory limit exceeded: Check for excessive memory usage";
  const stack =
    "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive";
  const fails = (message: string): string => `fails: threw an error during evaluation: ${message}`;
  expect(await evaluated("[1..873782] ~> $count()")).toBe(873_782);
  expect(await evaluated("[1..873783] ~> $count()")).toBe(fails(memory));
  expect(await evaluated("$range(1, 1000000000, 1)")).toBe(fails(memory));
  const down = "($f := function($x){ $x <= 0 ? 0 : 1 + $f($x-1) }; $f(";
  expect(await evaluated(`${down}31))`)).toBe(31);
  expect(await evaluated(`${down}32))`)).toBe(fails(stack));
  expect(await evaluated("1" + "+1".repeat(99))).toBe(100);
  expect(await evaluated("1" + "+1".repeat(100))).toBe(fails(stack));
  expect(await evaluated("(".repeat(99) + "1" + ")".repeat(99))).toBe(1);
  expect(await evaluated("(".repeat(100) + "1" + ")".repeat(100))).toBe(fails(stack));
  expect(await evaluated("1" + "~>$string".repeat(99))).toBe("1");
  expect(await evaluated("(".repeat(20_000) + "1" + ")".repeat(20_000).slice(0, 10_000))).toBe(fails(stack));
});

test("many members are no depth", async () => {
  const pairs = Array.from({ length: 300 }, (_, at) => `'k${at}': $states.input.a.b`).join(", ");
  const made = await evaluated(`$map([1..3], function($v) { {${pairs}} })`, { input: { a: { b: 1 } } });
  expect(made).toHaveLength(3);
  const group = "$map([1..300], function($v) {{'k': 'k' & $v}}){k: $string($count($))}";
  expect(Object.keys((await evaluated(group)) as object)).toHaveLength(300);
});
