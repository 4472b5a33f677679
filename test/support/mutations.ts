/**
 * Values that were fine, with a few changes: a member gone, of another type, renamed, in another place, a text with a character too many. What is nearly right reaches
 * further into the code than what is wrong through and through.
 */
import fc from "fast-check";
import type { Json } from "../../src/notations/asl/json.ts";

function nested(depth: number): Json {
  let value: Json = 1;
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/** What `JSON.parse` makes of it is no prototype but a field. */
const proto = JSON.parse('{"__proto__":{"a":1}}') as Json;

const names = ["__proto__", "constructor", "toString", "", " ", "a.$", ".$", "Type", "Next", "key", "value"];

const paths = [
  "$",
  "$.",
  "$.a",
  "$$.Map.Item.Value",
  "$x",
  "$..*",
  "$[*]",
  "$[-1]",
  "$[?(@.a==1)]",
  "$[0:2]",
];

const functions = [
  "States.Format('{}', $)",
  "States.ArrayRange(0, 1000, 0)",
  "States.StringToJson('[')",
  "States.ArrayPartition($, 0)",
  "States.Base64Decode('%')",
  "States.Hash('a', 'none')",
  "States.Array(1",
];

const expressions = [
  "{% %}",
  "{% $ %}",
  "{% $states.input.a %}",
  "{% $states.result[0] %}",
  "{% undefined %}",
  "{% 1/0 %}",
  "{% $map([1..3], function($v) { $v }) %}",
  "{% function($x) { $x } %}",
  "{% $f := function($n) { $f($n) } %}",
  "{% $error('x') %}",
  "{% $parse('{') %}",
  "{% /a/ %}",
];

const arn = "arn:aws:states:us-east-1:123456789012";

const texts = [
  "a",
  "x".repeat(300),
  "\uD800",
  "\u0000",
  "NaN",
  "1e999",
  "2016-02-30T01:59:00Z",
  "States.ALL",
  "EXPRESS",
  "JSONata",
  "arn:aws:states:::",
  `${arn}:activity:`,
  `${arn}:stateMachine:m:9`,
  `${arn}:execution:m:`,
  `${arn}:mapRun:m/l:i`,
];

const numbers = [0, -0, 1, -1, 1.5, 2 ** 31, 2 ** 53, 1e21, 1e308, -1e308, 5e-324];

const rest = [null, true, [], {}, [null], [[]], [{}], { a: null }, proto, nested(9), nested(600)];

/** Values that code may not expect. */
const odd: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(...rest, ...numbers, ...texts, ...names, ...paths, ...functions, ...expressions),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
);

const tokens = [
  ...Array.from("$.[](){}'\"%@*?=:,-1a \\"),
  "..",
  "$$",
  "&&",
  "~>",
  "1e999",
  "\uD800",
  "😀",
  "States.Array(",
];

interface Change {
  readonly kind: "copy" | "drop" | "grow" | "put" | "rename" | "text" | "wrap";
  readonly at: number;
  readonly other: number;
  readonly value: Json;
  readonly name: string;
  readonly token: string;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom("copy", "drop", "grow", "put", "put", "rename", "text", "text", "wrap"),
  at: fc.nat(),
  other: fc.nat(),
  value: odd,
  name: fc.constantFrom(...names),
  token: fc.constantFrom("", ...tokens),
});

/** One of the values, with changes. */
export function mutated(...values: readonly Json[]): fc.Arbitrary<Json> {
  return fc
    .tuple(fc.constantFrom(...values), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([value, changes]) => changes.reduce(changed, value));
}

/** The same changes to the same value, on each try the same. */
function changed(value: Json, { at, ...what }: Change): Json {
  // A box, so that the value itself is a member as well.
  const box = [structuredClone(value)];
  const places = placesIn(box);
  const { holder, key } = places[at % places.length] as Place;
  const now = holder[key] as Json;
  switch (what.kind) {
    case "put":
      set(holder, key, what.value);
      break;
    case "drop":
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
      break;
    case "rename":
      if (!Array.isArray(holder)) {
        delete holder[key];
        set(holder, edited(key, what), now);
      }
      break;
    case "copy": {
      const from = places[what.other % places.length] as Place;
      set(holder, key, structuredClone(from.holder[from.key] as Json));
      break;
    }
    case "wrap":
      set(holder, key, [now]);
      break;
    case "grow":
      grow(now, what);
      break;
    case "text":
      if (typeof now === "string") set(holder, key, edited(now, what));
      break;
  }
  return box[0] ?? null;
}

function grow(value: Json, { name, value: more }: Pick<Change, "name" | "value">): void {
  if (Array.isArray(value)) (value as Json[]).push(more);
  else if (typeof value === "object" && value !== null) set(value as Holder, name, more);
}

function edited(text: string, { other, token }: Pick<Change, "other" | "token">): string {
  const at = other % (text.length + 1);
  return text.slice(0, at) + token + text.slice(token === "" ? at + 1 : at);
}

type Holder = Record<string, Json>;

interface Place {
  readonly holder: Holder;
  readonly key: string;
}

function placesIn(value: Json | Json[]): Place[] {
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Holder;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key] as Json)]);
}

/** As JSON has it: `__proto__` is a key like others. */
function set(holder: Holder, key: string, value: Json): void {
  Object.defineProperty(holder, key, { value, configurable: true, enumerable: true, writable: true });
}
