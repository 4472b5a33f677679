/** Random expressions of the kind that people write, most of them plain, and random input for them. */
import fc from "fast-check";

const leaf = fc.oneof(
  fc.constantFrom("1", "-2.5", "0", "true", "false", "null", "'a'", "'b c'", "''", "[]", "$nothing"),
  fc.constantFrom(
    "$v",
    "$list",
    "$states",
    "$states.input",
    "$states.input.a",
    "$states.input.a.b",
    "$states.input.o.p",
  ),
  fc.constantFrom(
    "$states.input.a[0]",
    "$states.input.a[-1].b",
    "$states.input.o.q[1]",
    "$list[0]",
    "$v.x.y",
  ),
  fc.constantFrom(
    "$states.input.a[b = 1]",
    "$states.input.a[b in [1, 'a']].c",
    "$list[$ > 1]",
    "$list[$string($) = '1']",
  ),
  fc.constantFrom(
    "$states.input.a[b[0] = c].b[1]",
    "$states.input.a.b[$ != null][0]",
    "$states.input.a['x' & b = 'xa']",
  ),
);

const functions1 = (
  "string number boolean not exists count sum max min average length uppercase lowercase trim keys type abs floor ceil round reverse " +
  "merge base64encode parse encodeUrlComponent"
).split(" ");
const functions2 =
  "contains split join append lookup substring substringBefore substringAfter partition hash round".split(
    " ",
  );

export const expressionArbitrary: fc.Arbitrary<string> = fc.letrec<{ expression: string }>((tie) => {
  const inner = tie("expression");
  const operator = fc.constantFrom(
    "+",
    "-",
    "*",
    "/",
    "%",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "and",
    "or",
    "in",
    "&",
  );
  const call = (names: readonly string[], count: number): fc.Arbitrary<string> =>
    fc
      .tuple(fc.constantFrom(...names), fc.array(inner, { minLength: count, maxLength: count }))
      .map(([name, given]) => `$${name}(${given.join(", ")})`);
  return {
    expression: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      leaf,
      fc.tuple(inner, operator, inner).map((parts) => `(${parts.join(" ")})`),
      fc.tuple(inner, inner, inner).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
      fc.array(inner, { maxLength: 3 }).map((members) => `[${members.join(", ")}]`),
      fc
        .array(inner, { maxLength: 3 })
        .map((members) => `{${members.map((m, at) => `'k${at}': ${m}`).join(", ")}}`),
      fc
        .tuple(inner, fc.constantFrom(".a", ".b.c", "[0]", "[-1]", "[b = 1]", "[$ = 1]"))
        .map(([a, b]) => `(${a})${b}`),
      inner.map((a) => `-(${a})`),
      inner.map((a) => `(${a}; ${a})`),
      call(functions1, 1),
      call(functions2, 2),
    ),
  };
}).expression;

const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(1, 2, "a", "", null, true, -0.5, "aGk=", "{}"),
  fc.array(fc.constantFrom<unknown>(1, 2, "a", null, [1], { c: 1 }), { maxLength: 3 }),
);

const row = fc.record({ b: value, c: value }, { requiredKeys: [] });

export const inputArbitrary: fc.Arbitrary<unknown> = fc.record(
  {
    a: fc.oneof(fc.array(row, { maxLength: 4 }), row, value),
    o: fc.record({ p: value, q: fc.array(value, { maxLength: 3 }) }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);
