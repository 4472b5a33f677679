import { expect, test } from "vitest";
import {
  checkExpression,
  expressionIn,
  namesIn,
  unsupportedIn,
} from "../../../../src/notations/asl/jsonata/expression.ts";

test("an expression fills its string from the first character to the last", () => {
  expect(expressionIn("{% 1 %}")).toBe("1");
  expect(expressionIn("{%1%}")).toBe("1");
  expect(expressionIn("{% \n1\n %}")).toBe("1");
  for (const text of [" {% 1 %}", "{% 1 %} ", "a {% 1 %}", "{% 1", "1 %}", "{%}", ""])
    expect(expressionIn(text), text).toBeUndefined();
});

test("a syntax error is told in the parser's words, without its code", () => {
  expect(checkExpression("$states.input")).toBeUndefined();
  expect(checkExpression("a[1,2)")).toBe('Expected "]", got ","');
  expect(checkExpression('"unterminated')).toBe("String literal must be terminated by a matching quote");
  expect(checkExpression("1 +")).toBe("Unexpected end of expression");
  expect(checkExpression('$match("a", /abc')).toBe("No terminating / in regular expression");
});

test("texts that would keep the parser busy are refused, and none overflows its stack", () => {
  expect(checkExpression("1".repeat(40_000))).toContain("longer than");
  expect(checkExpression("a" + ".a".repeat(2_000))).toContain("dots");
  expect(checkExpression("a.a.a" + ".%".repeat(300))).toContain("percent");
  for (const deep of ["(".repeat(30_000), "-".repeat(30_000), "1" + "+1".repeat(15_000), "[".repeat(30_000)])
    expect(checkExpression(deep)).toBeUndefined();
});

test("there is no context to refer to", () => {
  const top = (name: string): string => `Reference to '${name}' at the top level is not supported.`;
  expect(unsupportedIn("phone")).toBe(top("phone"));
  expect(unsupportedIn("$x & (phone)")).toBe(top("phone"));
  expect(unsupportedIn("$")).toBe(top("$"));
  expect(unsupportedIn("{ aaa: 1 }")).toBe(top("aaa"));
  expect(unsupportedIn("$map($states.input.a, function($x) { b })")).toBe(top("b"));
  expect(unsupportedIn("$$")).toBe("Reference to '$$' is not supported.");
  for (const fine of [
    "$states.input.items[value > 3]",
    "$x.(a; b)",
    "$x^(a)",
    "$x{a: b}",
    "$f := $sum",
    "1 + *",
  ])
    expect(unsupportedIn(fine), fine).toBeUndefined();
});

test("names are those of free variables", () => {
  expect(namesIn("$states.input.a + $x")).toEqual(["states", "x"]);
  expect(namesIn("$map($list, function($v, $i) { $v + $i + $other })")).toEqual(["list", "other"]);
  expect(namesIn("($a := $b; $a + $c)")).toEqual(["b", "c"]);
  expect(namesIn("($f := function($n) { $n = 0 ? 0 : $f($n - 1) }; $f(3))")).toEqual([]);
  expect(namesIn("($a := 1) & $a")).toEqual(["a"]);
  expect(namesIn("$x@$i.($i + $j)")).toEqual(["x", "j"]);
  expect(namesIn("$string($sum([1]))")).toEqual([]);
  expect(namesIn("1 +")).toEqual([]);
});
