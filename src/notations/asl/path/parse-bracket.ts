/** Reads what stands in brackets: names, indexes, slices, `*`, filters, and `(@.length-1)`. */
import { below } from "./level.ts";
import type { Level } from "./level.ts";
import { parseTest } from "./parse-filter.ts";
import type { Scanner } from "./scanner.ts";
import type { Step } from "./steps.ts";

const script = /\(\s*@\.length\s*-\s*(\d{1,9})\s*\)/y;
const integer = /-?\d{1,10}/y;
const more = /\s*,\s*/y;

/** The step that begins with the bracket here. */
export function parseBracket(scanner: Scanner, level: Level): Step {
  scanner.expect("[");
  scanner.skipBlanks();
  const step = parseInside(scanner, level);
  scanner.skipBlanks();
  scanner.expect("]");
  return step;
}

function parseInside(scanner: Scanner, level: Level): Step {
  const { here } = scanner;
  if (here === "'" || here === '"') return parseNames(scanner);
  if (scanner.takes("*")) return { kind: "all" };
  if (here === "?") return parseFilter(scanner, level);
  if (here === "(") return parseScript(scanner);
  return parseNumbers(scanner);
}

function parseNames(scanner: Scanner): Step {
  const names: string[] = [];
  do {
    if (scanner.here !== "'" && scanner.here !== '"') scanner.fail("A quoted name is missing");
    names.push(scanner.quoted());
  } while (scanner.match(more) !== undefined);
  const [name = ""] = names;
  return names.length === 1 ? { kind: "field", name } : { kind: "fields", names };
}

function parseFilter(scanner: Scanner, level: Level): Step {
  scanner.expect("?");
  scanner.skipBlanks();
  scanner.expect("(");
  const start = scanner.at;
  const test = parseTest(scanner, below(level));
  const text = scanner.text.slice(start, scanner.at).trim();
  scanner.expect(")");
  return { kind: "filter", test, text };
}

/** Counted from the end, as older JSONPath wrote it. */
function parseScript(scanner: Scanner): Step {
  const start = scanner.at;
  const text = scanner.match(script);
  if (text === undefined) scanner.fail("Of scripts, only (@.length-n) is known", start);
  return { kind: "index", index: -Number(/\d+/u.exec(text)?.[0]) };
}

function parseNumbers(scanner: Scanner): Step {
  const start = scanner.at;
  const first = numberHere(scanner);
  if (scanner.here === ":") return parseSlice(scanner, first);
  if (first === undefined) scanner.fail("An index, a quoted name, '*' or a filter is missing", start);
  const indexes = [first];
  while (scanner.match(more) !== undefined)
    indexes.push(numberHere(scanner) ?? scanner.fail("An index is missing"));
  return indexes.length === 1 ? { kind: "index", index: first } : { kind: "indexes", indexes };
}

/** A third number is accepted and has no effect, as on AWS. */
function parseSlice(scanner: Scanner, from: number | undefined): Step {
  const start = scanner.at;
  scanner.expect(":");
  const to = numberHere(scanner);
  if (scanner.takes(":")) numberHere(scanner);
  if (from === undefined && to === undefined) scanner.fail("A slice needs a number", start);
  return { kind: "slice", from, to };
}

function numberHere(scanner: Scanner): number | undefined {
  scanner.skipBlanks();
  const text = scanner.match(integer);
  scanner.skipBlanks();
  return text === undefined ? undefined : Number(text);
}
