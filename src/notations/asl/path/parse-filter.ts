/**
 * Reads the condition of a filter: `@.price < 10 && (@.open || !@.closed)`.
 * A bare word is a text, as the checkers of definitions take it.
 */
import type { Json } from "../json.ts";
import { below } from "./level.ts";
import type { Level } from "./level.ts";
import type { Scanner } from "./scanner.ts";
import { operators } from "./steps.ts";
import type { Operand, Operator, Test } from "./steps.ts";

/** Filters and parentheses inside each other. */
const maxDepth = 30;

const number = /-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const word = /[\p{L}\p{N}_$-]+/uy;
const constants: ReadonlyMap<string, Json> = new Map<string, Json>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/** The condition that begins here, up to the parenthesis that ends it. */
export function parseTest(scanner: Scanner, level: Level): Test {
  if (level.depth > maxDepth) scanner.fail(`Conditions may be ${maxDepth} deep`);
  return parseChain(scanner, { kind: "or", sign: "||" }, () =>
    parseChain(scanner, { kind: "and", sign: "&&" }, () => parseOne(scanner, level)),
  );
}

function parseChain(
  scanner: Scanner,
  { kind, sign }: { readonly kind: "and" | "or"; readonly sign: string },
  part: () => Test,
): Test {
  const first = part();
  const tests = [first];
  scanner.skipBlanks();
  while (scanner.takes(sign)) {
    tests.push(part());
    scanner.skipBlanks();
  }
  return tests.length === 1 ? first : { kind, tests };
}

function parseOne(scanner: Scanner, level: Level): Test {
  scanner.skipBlanks();
  if (level.depth > maxDepth) scanner.fail(`Conditions may be ${maxDepth} deep`);
  if (scanner.here === "!" && !scanner.sees("!=")) {
    scanner.at++;
    return { kind: "not", test: parseOne(scanner, below(level)) };
  }
  if (!scanner.takes("(")) return parseComparison(scanner, level);
  const test = parseTest(scanner, below(level));
  scanner.expect(")");
  return test;
}

function parseComparison(scanner: Scanner, level: Level): Test {
  const left = parseOperand(scanner, level);
  scanner.skipBlanks();
  const operator = parseOperator(scanner);
  if (operator !== undefined) return { kind: "compare", left, operator, right: parseOperand(scanner, level) };
  if (left.kind === "literal") scanner.fail("A comparison is missing");
  return { kind: "there", value: left };
}

function parseOperator(scanner: Scanner): Operator | undefined {
  if (scanner.sees("=~")) scanner.fail("Regular expressions are not supported");
  const operator = operators.find((one) => isOperatorHere(scanner, one));
  if (operator !== undefined) scanner.at += operator.length;
  return operator;
}

function isOperatorHere(scanner: Scanner, operator: Operator): boolean {
  if (!scanner.sees(operator)) return false;
  // A word such as `in` is one only as a whole.
  return !/^\w/u.test(operator) || !/\w/u.test(scanner.text.charAt(scanner.at + operator.length));
}

function parseOperand(scanner: Scanner, level: Level): Operand {
  scanner.skipBlanks();
  const { here } = scanner;
  if (here === "@" || here === "$") {
    scanner.at++;
    return { kind: "path", from: here, steps: level.parseSteps(scanner, level) };
  }
  if (here === "/") scanner.fail("Regular expressions are not supported");
  return { kind: "literal", value: parseLiteral(scanner) };
}

function parseLiteral(scanner: Scanner): Json {
  const { here } = scanner;
  if (here === "'" || here === '"') return scanner.quoted();
  if (here === "[" || here === "{") return parseJson(scanner);
  const digits = scanner.match(number);
  if (digits !== undefined) return Number(digits);
  const text = scanner.match(word) ?? scanner.fail("A value is missing");
  return constants.has(text) ? (constants.get(text) ?? null) : text;
}

/** A list or an object. Its texts may be in single quotes. */
function parseJson(scanner: Scanner): Json {
  const start = scanner.at;
  let text = "";
  let open = 0;
  do {
    const { here } = scanner;
    if (scanner.isAtEnd) scanner.fail("The list or object has no end", start);
    if (here === "'" || here === '"') text += JSON.stringify(scanner.quoted());
    else {
      if (here === "[" || here === "{") open++;
      if (here === "]" || here === "}") open--;
      text += here;
      scanner.at++;
    }
  } while (open > 0);
  try {
    return JSON.parse(text) as Json;
  } catch {
    return scanner.fail("The list or object is not JSON", start);
  }
}
