// The 18 functions, and what AWS does beyond its guide.
import { describe, expect, it } from "vitest";
import { evaluateCall } from "../../../../src/notations/asl/intrinsics/evaluate.ts";
import { compileCall } from "../../../../src/notations/asl/intrinsics/parse.ts";
import type { Json } from "../../../../src/notations/asl/json.ts";

const ports = { random: () => 0.5, uuid: () => "00000000-0000-4000-8000-000000000000" };

function evaluate(text: string, input: Json = {}): Json {
  const roots = { input, context: { Execution: { Input: input } }, variables: { v: "variable" } };
  return evaluateCall(text, roots, { field: "x.$", ports });
}

function expectFailure(text: string, input: Json, problem: string): void {
  const causeText = `The function '${text}' had the following error: ${problem}`;
  expect(() => evaluate(text, input)).toThrow(
    expect.objectContaining({ error: "States.Runtime", causeText, inState: true }),
  );
}

describe("values", () => {
  it.each<[string, Json, Json]>([
    ["States.Array()", {}, []],
    [
      "States.Array(1, -2.5e1, 'a', true, false, null, $.x, $v, $$.Execution.Input.x)",
      { x: [1] },
      [1, -25, "a", true, false, null, [1], "variable", [1]],
    ],
    ["States.Array('it\\'s \\{\\} \\\\', 'a,b)')", {}, ["it's {} \\", "a,b)"]],
    [
      "States.Array($['a,b'][0], $.c[?(@.d == ')')].d, $.c.length())",
      { "a,b": [1], c: [{ d: ")" }] },
      [1, [")"], 1],
    ],
    ["States.ArrayPartition($.x, 2.6)", { x: [1, 2, 3] }, [[1, 2], [3]]],
    ["States.ArrayContains($.x, 2)", { x: [1, 2] }, true],
    ["States.ArrayContains($.x, 2)", { x: [1] }, false],
    ["States.ArrayContains($.x, $.y)", { x: [{ a: 1 }], y: { a: 1 } }, true],
    ["States.ArrayContains($.x, 1)", { x: ["1"] }, true],
    ["States.ArrayContains($.x, false)", { x: [0] }, false],
    ["States.ArrayContains($.x, null)", { x: [1, null] }, true],
    ["States.ArrayRange(1, 9, 2)", {}, [1, 3, 5, 7, 9]],
    ["States.ArrayRange(5, 1, -2)", {}, [5, 3, 1]],
    ["States.ArrayRange(3, 3, -1)", {}, [3]],
    ["States.ArrayRange(5, 1, 1)", {}, []],
    ["States.ArrayRange(1.6, 1.4, 1)", {}, [1]],
    ["States.ArrayRange(5.4, -0.6, -2.4)", {}, [5, 3, 1]],
    ["States.ArrayGetItem($.x, 1.2)", { x: [10, 20] }, 20],
    ["States.ArrayGetItem($.x, 0)", { x: [null] }, null],
    ["States.ArrayGetItem($.x, 9)", { x: [] }, null],
    ["States.ArrayLength($.x)", { x: [1, 2] }, 2],
    ["States.ArrayLength($.x[*].none)", { x: [1, 2] }, 0],
    ["States.ArrayUnique($.x)", { x: [1, 2, 1, 3, 2] }, [1, 2, 3]],
    ["States.ArrayUnique($.x)", { x: [true, false, true] }, [false, true]],
    [
      "States.ArrayUnique($.x)",
      {
        x: [
          [1, 2],
          [1, 2],
          [2, 1],
        ],
      },
      [
        [2, 1],
        [1, 2],
      ],
    ],
    ["States.ArrayUnique($.x)", { x: [1, "1", "01", null, null] }, [null, 1, "1", "01"]],
    [
      "States.ArrayUnique($.x)",
      {
        x: [
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ],
      },
      [{ a: 1, b: 2 }],
    ],
    ["States.ArrayUnique($.x)", { x: [-1, 0.5, 2 ** 40, "b"] }, [-1, 0.5, 2 ** 40, "b"]],
    ["States.Base64Encode('✓')", {}, "4pyT"],
    ["States.Base64Decode('4pyT')", {}, "✓"],
    ["States.Base64Decode('!YWJj ZA')", {}, "abcd"],
    ["States.Base64Decode('ab==cd')", {}, "i"],
    ["States.Hash('hello', 'MD5')", {}, "5d41402abc4b2a76b9719d911017c592"],
    ["States.Hash('hello', 'SHA-1')", {}, "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"],
    ["States.Hash('', 'SHA-256')", {}, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    [
      "States.JsonMerge($.a, $.b, false)",
      { a: { x: 1, y: { z: 1 } }, b: { y: { w: 2 } } },
      { x: 1, y: { w: 2 } },
    ],
    ["States.JsonMerge($.a, $.b, 'false')", { a: {}, b: { y: 1 } }, { y: 1 }],
    ["States.JsonToString($.x)", { x: { a: [1, null] } }, '{"a":[1,null]}'],
    ["States.StringToJson($.x)", { x: ' {"a":1} ' }, { a: 1 }],
    ["States.StringToJson('')", {}, null],
    ["States.StringToJson('-0')", {}, 0],
    ["States.StringSplit('a,,b,', ',')", {}, ["a", "b"]],
    ["States.StringSplit('1+2,3.4', '.+,')", {}, ["1", "2", "3", "4"]],
    ["States.StringSplit('', ',')", {}, []],
    ["States.StringSplit('abc', '')", {}, ["abc"]],
    ["States.MathAdd(1.5, -1.5)", {}, 1],
    ["States.MathAdd(-0.5, 0)", {}, 0],
    ["States.MathAdd(2147483646, 1)", {}, 2147483647],
    ["States.MathRandom(1.6, 5.4)", {}, 3],
    ["States.MathRandom(0, 100, 42)", {}, 30],
    ["States.MathRandom(0, 10, -1)", {}, 3],
    ["States.UUID()", {}, "00000000-0000-4000-8000-000000000000"],
    ["States.Format('no places')", {}, "no places"],
    ["States.Format('\\{{}\\} \\'{}\\' \\\\', $.a, null)", { a: "{x}" }, "{{x}} 'null' \\"],
    ["States.Format($.t, 1)", { t: "n={} \\{\\}" }, "n=1 {}"],
    [
      "States.Format('{}', $.a)",
      { a: { b: [1, "x", { c: null }], d: true } },
      "{b=[1, x, {c=null}], d=true}",
    ],
    [
      "States.Format('{} {} {}', 12345678.5, 0.0005, 9007199254740991)",
      {},
      "1.23456785E7 5.0E-4 9007199254740991",
    ],
  ])("%s of %j", (text, input, expected) => expect(evaluate(text, input)).toEqual(expected));

  it("hashes with the longer algorithms", () => {
    expect(evaluate("States.Hash('hello', 'SHA-384')")).toMatch(/^59e17487/u);
    expect(evaluate("States.Hash('hello', 'SHA-512')")).toMatch(/^9b71d224/u);
  });

  it("keeps keys such as __proto__", () => {
    const input = JSON.parse('{"a": {"__proto__": {"polluted": true}}, "b": {"x": 1}}') as Json;
    expect(JSON.stringify(evaluate("States.JsonMerge($.a, $.b, false)", input))).toBe(
      '{"__proto__":{"polluted":true},"x":1}',
    );
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe("failures", () => {
  it.each([
    "States.ArrayPartition($.list, 0.6)",
    "States.ArrayPartition('no', 2)",
    "States.ArrayPartition($.list, null)",
    "States.ArrayContains('no', 1)",
    "States.ArrayRange(1, 10, 0.49)",
    "States.ArrayRange(1, 1001, 1)",
    "States.ArrayRange('a', 5, 1)",
    "States.ArrayGetItem($.list, 3)",
    "States.ArrayGetItem($.list, -1)",
    "States.ArrayGetItem($.list, '1')",
    "States.ArrayLength(5)",
    "States.ArrayUnique('no')",
    "States.Base64Encode(123)",
    "States.Base64Encode($.long)",
    "States.Base64Decode($.long)",
    "States.Hash('x', 'sha-256')",
    "States.Hash('x', 123)",
    "States.Hash($.long, 'MD5')",
    "States.JsonMerge(null, null, false)",
    "States.JsonMerge($.object, $.object, true)",
    "States.StringToJson('{bad}')",
    "States.StringToJson(5)",
    "States.StringSplit(1, ',')",
    "States.MathAdd(2147483647, 1)",
    "States.MathAdd(3000000000, -3000000000)",
    "States.MathAdd('1', 1)",
    "States.MathAdd(1e309, 1)",
    "States.MathRandom(1, 1)",
    "States.MathRandom(1.4, 1.6)",
    "States.MathRandom(1, 10, null)",
    "States.Format(5)",
  ])("%s", (text) => {
    const input = { list: [1, 2, 3], object: {}, long: "a".repeat(10_001) };
    expectFailure(text, input, `Invalid arguments in ${text.slice(0, text.indexOf("("))}`);
  });

  it("name the whole call and the path", () => {
    expectFailure(
      "States.Format('{}', States.Format('{}',$.nope))",
      { a: 1 },
      `The JsonPath argument for the field '$.nope' could not be found in the input '{"a":1}'`,
    );
    expectFailure(
      "States.Format('{}', $.a[5])",
      { a: [1] },
      `The JsonPath argument for the field '$.a[5]' could not be found in the input '{"a":[1]}'`,
    );
    expectFailure(
      "States.Format('{}', $$.No.Deep)",
      { a: 1 },
      `The JsonPath argument for the field '$.No.Deep' could not be found in the input '{"a":1}'`,
    );
    expectFailure(
      "States.Format('{}', $.a[0])",
      { a: 1 },
      "Filter: [0] can only be applied to arrays. Current context is: 1",
    );
  });

  it("say what is wrong with a template", () => {
    expectFailure(
      "States.Format('{} {}', 1)",
      {},
      "Invalid arguments in States.Format: number of arguments do not match the occurrences of {}.",
    );
    expectFailure(
      "States.Format('{', 1)",
      {},
      "Invalid template in States.Format: matching '}' not found for '{'.",
    );
    expectFailure(
      "States.Format('}')",
      {},
      "Invalid template in States.Format: matching '{' not found for '}'.",
    );
  });

  it("count arguments when called", () => {
    for (const text of [
      "States.Hash('x')",
      "States.UUID(1)",
      "States.Format()",
      "States.MathRandom(1)",
      "States.JsonMerge($, $, false, 1)",
    ])
      expect(() => evaluate(text)).toThrow(/Invalid number of arguments/u);
  });

  it("keep the stack whole", () => {
    let deep: Json = 1;
    for (let at = 0; at < 2000; at++) deep = [deep];
    expect(() => evaluate("States.Format('{}', $)", deep)).toThrow(/500 levels/u);
    expect(() => evaluate("States.ArrayUnique($)", [deep])).toThrow(/500 levels/u);
  });
});

describe("what is no call", () => {
  it.each([
    "",
    "States",
    "States.Nope()",
    "States.Array",
    "States.Array(",
    "States.Array(1,)",
    "States.Array(,)",
    "States.Array(1 2)",
    "States.Array()x",
    'States.Array("a")',
    "States.Array('a",
    "States.Array('\\n')",
    "States.Array('\\\"')",
    "States.Array(nothing)",
    "States.Array($.a[)",
    "States.Array(nullx)",
    " States.Array()",
    "States.Array(".repeat(11) + ")".repeat(11),
  ])("%j", (text) => expect(() => compileCall(text)).toThrow(/\(at character \d+\)/u));

  it("may be ten deep", () => {
    expect(compileCall("States.Array(".repeat(10) + ")".repeat(10)).name).toBe("States.Array");
  });

  it("is States.Runtime when it is evaluated all the same", () => {
    expect(() => evaluate("nonsense")).toThrow(expect.objectContaining({ error: "States.Runtime" }));
  });
});
