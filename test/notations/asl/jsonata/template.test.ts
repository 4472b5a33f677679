import { expect, test } from "vitest";
import { typeProblem } from "../../../../src/notations/asl/jsonata/template.ts";
import { filled } from "./evaluated.ts";

const what = (expression: string, field: string): string =>
  `The JSONata expression '${expression}' specified for the field '${field}'`;

test("expressions are filled wherever they are; the rest stays as it is", async () => {
  const template = {
    a: "{% $states.input.x + 1 %}",
    list: [1, "{% $states.input %}", { deep: "{% $v %}" }],
    text: " {% no expression %}",
    "{% key %}": null,
  };
  const { value } = await filled(template, { input: { x: 1 }, variables: { v: [true] } });
  expect(value).toEqual({
    a: 2,
    list: [1, { x: 1 }, { deep: [true] }],
    text: " {% no expression %}",
    "{% key %}": null,
  });
  expect(Object.keys(value as object)).toEqual(["a", "list", "text", "{% key %}"]);
});

test("a template without expressions is handed back", async () => {
  const template = { a: [1] };
  expect((await filled(template)).value).toBe(template);
});

test.each([
  ["{% $x %}", "Output"],
  [{ v: "{% $x %}" }, "Output/v"],
  [{ a: { b: ["{% $x %}"] } }, "Output/a/b[0]"],
  [{ a: { b: [[1, "{% $x %}"]] } }, "Output/a/b[0][1]"],
])("nothing is a failure at %j: %s", async (template, field) => {
  const { error } = await filled(template);
  expect(error).toMatchObject({ error: "States.QueryEvaluationError", location: field, inState: true });
  expect(error?.causeText).toBe(`${what("$x", field)} returned nothing (undefined).`);
});

test("of several failures the first is told, whichever way each went", async () => {
  const { error } = await filled({
    a: "{% $map([1], function($x) { 1 & $error('one') }) %}",
    b: "{% $error('two') %}",
  });
  expect(error?.causeText).toBe(
    `${what("$map([1], function($x) { 1 & $error('one') })", "Output/a")} threw an error during evaluation. D3137: one`,
  );
  const { calls } = await filled({ a: "{% $nothing %}", b: "{% [1..2] %}" });
  expect(calls).toEqual([]);
});

test("what is not plain goes out in one call, with no more than it mentions", async () => {
  const input = { a: { b: [{ c: 1 }], big: "x".repeat(1000) }, list: [1, 2], other: "y".repeat(1000) };
  const template = {
    sum: "{% $reduce($states.input.list, function($x, $y) { $x + $y }) %}",
    here: "{% $states.input.other %}",
    path: "{% $map($states.input.a.b.c, function($x) { $x + $v.w }) %}",
    local: "{% ($unused := 1; $unused) %}",
  };
  const variables = { v: { w: 1, z: 2 }, unused: 7, count: 1 };
  const { value, calls } = await filled(template, { input, variables });
  expect(value).toEqual({ sum: 3, here: input.other, path: 2, local: 1 });
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatchObject({
    bindings: { states: { input: { a: { b: [{ c: 1 }] }, list: [1, 2] } }, v: { w: 1 } },
    seed: "seed",
  });
  expect(Object.keys(calls[0]?.bindings ?? {}).toSorted()).toEqual(["states", "v"]);
});

test("all of the states is sent only to those who ask for it", async () => {
  const { calls } = await filled("{% $each($states, function($v, $k) { $k }) %}", { input: { a: 1 } });
  expect(calls[0]?.bindings).toEqual({ states: { input: { a: 1 }, context: { Execution: { Id: "arn" } } } });
  const up = await filled("{% $states.input.a.b.%.c %}", { input: { a: { b: 1, c: 2 }, d: 3 } });
  expect([up.value, up.calls[0]?.bindings]).toEqual([2, { states: { input: { a: { b: 1, c: 2 }, d: 3 } } }]);
});

test("common expressions do not leave the process", async () => {
  const input = {
    name: "n",
    items: [
      { k: 1, t: "A" },
      { k: 2, t: "B" },
    ],
    path: "a/b/c",
    flag: true,
    n: 3,
  };
  for (const expression of [
    "$states.input",
    "$states.input.items[0].k",
    "$states.input.items[t = 'A'].k",
    "$states.input.items[t in ['A', 'B'] and k > 1].k",
    "$states.input.name & '-' & $string($states.input.n)",
    "$count($states.input.items) > 0",
    "$split($states.input.path, '/')[-1]",
    "$exists($states.input.missing) ? 1 : {'a': $states.input.flag}",
    "$not($states.input.flag)",
    "$sum($states.input.items.k) + $v",
    "$uuid() & $now() & $random()",
    "$merge([$states.input, {'x': 1}])",
    "$partition($states.input.items, 1)",
    "$parse('{}')",
    "-$states.input.n",
    "($states.input.n)",
  ]) {
    const { calls, error } = await filled(`{% ${expression} %}`, { input, variables: { v: 1 } });
    expect([expression, calls, error]).toEqual([expression, [], undefined]);
  }
});

test("what may cost more than it seems does", async () => {
  const input = {
    list: Array.from({ length: 30_000 }, (_, at) => ({ at })),
    text: "x".repeat(500_000),
    e: [],
  };
  for (const expression of [
    "$map([1], function($x) { $x })",
    "[1..3]",
    "$match('a', /a/)",
    "$contains('a', /a/)",
    "$states.input.*",
    "$states.**",
    "$states.input.e[]",
    "$states.input.e{'k': 1}",
    "$states.input.e[{'k': 1}]",
    "$states.input.e^(at)",
    "$states.input.e.{'k': 1}",
    "$states.input.e@$i",
    "($x := 1)",
    "'1' ~> $number()",
    "$states.input.list.at",
    "$join($split($states.input.text, ''), $states.input.text)",
    "$contains($states.input.text, $states.input.text & 'y')",
    "$states.input.e[$ = $states.input.e]",
    "$states.input.e[$contains(a, b)]",
    "$sift({}, $string)",
    "$eval('1')",
    `${"$string([".repeat(20)}'"'${"])".repeat(20)}`,
    `${"$join($split(".repeat(6)}'abc'${",''),'xxxx')".repeat(6)}`,
  ]) {
    const { calls } = await filled(`{% ${expression} %}`, { input });
    expect([expression, calls.length]).toEqual([expression, 1]);
  }
  // A name that is a variable here is no function.
  expect((await filled("{% $sum([1]) %}", { variables: { sum: 1 } })).calls).toHaveLength(1);
});

test("a template's plain expressions share one budget", async () => {
  const input = { list: Array.from({ length: 3_000 }, (_, at) => ({ at })) };
  const { calls } = await filled(
    Array.from({ length: 20 }, () => "{% $count($states.input.list.at) %}"),
    { input },
  );
  expect(calls).toHaveLength(1);
  expect(calls[0]?.expressions.length).toBeGreaterThan(10);
  expect(calls[0]?.expressions.length).toBeLessThan(20);
});

test("each expression draws its own numbers, and a repeat draws them again", async () => {
  const template = [
    "{% $uuid() %}",
    "{% $uuid() %}",
    "{% $map([1], function($x) { $uuid() }) %}",
    "{% ($x := $uuid()) %}",
  ];
  const [first, again] = [await filled(template), await filled(template)];
  expect(new Set(first.value as string[]).size).toBe(4);
  expect(again.value).toEqual(first.value);
  expect(first.value).toEqual(
    Array.from({ length: 4 }, () =>
      expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u),
    ),
  );
});

test("keys of the prototype are keys like others", async () => {
  const input = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}') as { constructor: number };
  const given = { input: input as never };
  expect((await filled("{% $states.input.__proto__.a %}", given)).value).toBe(1);
  expect((await filled("{% $states.input.toString %}", given)).error?.causeText).toContain(
    "returned nothing",
  );
  expect(JSON.stringify((await filled("{% $merge([$states.input]) %}", given)).value)).toBe(
    JSON.stringify(input),
  );
  expect(JSON.stringify((await filled("{% $map([1], function($x) { $states.input }) %}", given)).value)).toBe(
    JSON.stringify(input),
  );
});

test("a value of the wrong type is told with what it is", () => {
  const { causeText, location } = typeProblem("'string'", "Items", { expected: "array", value: "string" });
  expect(causeText).toBe(
    `${what("'string'", "Items")} returned an unexpected result type. Expected 'array', but was 'string' for value: "string"`,
  );
  expect(location).toBe("Items");
  expect(typeProblem("x", "Items", { expected: "array", value: null }).causeText).toContain(
    "'null' for value: null",
  );
});
