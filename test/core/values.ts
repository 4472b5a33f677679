// Any value that a payload can hold, for property tests.
import fc from "fast-check";

const key = fc.oneof(
  { weight: 5, arbitrary: fc.string({ unit: "binary", maxLength: 6 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("$daruma", "__proto__", "value", "constructor", "length", "toString"),
  },
);

const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(-0, Number.NaN, Number.POSITIVE_INFINITY));

const leaf = fc.oneof(
  fc.string({ unit: "binary" }),
  number,
  fc.boolean(),
  fc.constantFrom(null, undefined),
  fc.bigInt(),
  fc.date({ noInvalidDate: false }),
  fc.uint8Array({ maxLength: 20 }),
);

/** Property tests compare values deeply, so undefined is left to arrays, Maps and Sets: objects drop it. */
export const anyValue: fc.Arbitrary<unknown> = fc.letrec((tie) => {
  const inner = tie("value");
  const property = inner.filter((value) => value !== undefined);
  return {
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaf,
      fc.array(inner, { maxLength: 5 }),
      fc.dictionary(key, property, { maxKeys: 5, noNullPrototype: true }),
      fc.array(fc.tuple(inner, inner), { maxLength: 4 }).map((entries) => new Map(entries)),
      fc.array(inner, { maxLength: 4 }).map((values) => new Set(values)),
    ),
  };
}).value;
