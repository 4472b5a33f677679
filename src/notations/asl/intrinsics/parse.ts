/**
 * Reads intrinsic calls: `States.Format('{} of {}', $.name, States.ArrayLength($.all))`.
 * Source: Amazon States Language specification, "Intrinsic Functions". How many arguments a function takes is looked at when it is called, as on AWS.
 *
 * Invariants:
 * - In a quoted text only `\'`, `\{`, `\}` and `\\` are escapes; any other backslash is an error.
 * - Calls are at most ten deep (AWS, "Intrinsic functions").
 */
import type { Json } from "../json.ts";
import { compilePath } from "../path/path.ts";
import type { Path } from "../path/path.ts";
import { Scanner } from "../path/scanner.ts";
import { PathSyntaxError } from "../path/syntax-error.ts";
import { functions } from "./functions.ts";

export type Argument =
  /** `raw` is a quoted text with its escapes. */
  | { readonly kind: "literal"; readonly value: Json; readonly raw?: string }
  | { readonly kind: "path"; readonly path: Path }
  | { readonly kind: "call"; readonly call: Call };

export interface Call {
  /** With `States.` */
  readonly name: string;
  readonly arguments: readonly Argument[];
}

const maxDepth = 10;
const maxLength = 65_536;
const maxRemembered = 2000;
const remembered = new Map<string, Call>();

const functionName = /States\.[A-Za-z0-9]+/y;
const number = /-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const constant = /(?:true|false|null)\b/y;

/** @throws PathSyntaxError */
export function compileCall(text: string): Call {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const scanner = new Scanner(text);
  if (text.length > maxLength) scanner.fail(`A call has at most ${maxLength} characters`, maxLength);
  const call = parseCall(scanner, 1);
  scanner.skipBlanks();
  if (!scanner.isAtEnd) scanner.fail(`'${scanner.here}' cannot stand here`);
  if (remembered.size >= maxRemembered) remembered.clear();
  remembered.set(text, call);
  return call;
}

function parseCall(scanner: Scanner, depth: number): Call {
  const start = scanner.at;
  const name = scanner.match(functionName);
  if (name === undefined) scanner.fail("An intrinsic function begins with 'States.'", start);
  if (!functions.has(name)) scanner.fail(`There is no function '${name}'`, start);
  if (depth > maxDepth) scanner.fail(`Calls may be ${maxDepth} deep`, start);
  scanner.skipBlanks();
  scanner.expect("(");
  return { name, arguments: parseArguments(scanner, depth) };
}

function parseArguments(scanner: Scanner, depth: number): readonly Argument[] {
  const found: Argument[] = [];
  scanner.skipBlanks();
  if (scanner.takes(")")) return found;
  for (;;) {
    scanner.skipBlanks();
    found.push(parseArgument(scanner, depth));
    scanner.skipBlanks();
    if (scanner.takes(")")) return found;
    scanner.expect(",");
  }
}

function parseArgument(scanner: Scanner, depth: number): Argument {
  if (scanner.here === "$") return parsePath(scanner);
  if (scanner.here === "'") return parseText(scanner);
  if (scanner.sees("States.")) return { kind: "call", call: parseCall(scanner, depth + 1) };
  const digits = scanner.match(number);
  if (digits !== undefined) return { kind: "literal", value: Number(digits) };
  const word = scanner.match(constant);
  if (word !== undefined) return { kind: "literal", value: JSON.parse(word) as Json };
  return scanner.fail(
    "An argument is a path, a call, a number, true, false, null or a text in single quotes",
  );
}

function parseText(scanner: Scanner): Argument {
  const start = scanner.at++;
  let value = "";
  while (scanner.here !== "'") {
    if (scanner.isAtEnd) scanner.fail("The quoted text has no end", start);
    if (scanner.here === "\\") {
      scanner.at++;
      if (!escapable.has(scanner.here)) scanner.fail("Only ' { } and \\ can follow a backslash");
    }
    value += scanner.here;
    scanner.at++;
  }
  const raw = scanner.text.slice(start + 1, scanner.at++);
  return { kind: "literal", value, raw };
}

const escapable: ReadonlySet<string> = new Set("'{}\\");

function parsePath(scanner: Scanner): Argument {
  const start = scanner.at;
  goOverPath(scanner);
  try {
    return { kind: "path", path: compilePath(scanner.text.slice(start, scanner.at).trimEnd()) };
  } catch (error) {
    if (!(error instanceof PathSyntaxError)) throw error;
    throw new PathSyntaxError(error.problem, start + error.position);
  }
}

/** Up to the comma or parenthesis that ends the argument: one that is in no bracket and no quotes. */
function goOverPath(scanner: Scanner): void {
  let open = 0;
  while (!scanner.isAtEnd) {
    const { here } = scanner;
    if (open === 0 && (here === "," || here === ")")) return;
    if (open > 0 && (here === "'" || here === '"')) {
      scanner.quoted();
      continue;
    }
    if (here === "[" || here === "(") open++;
    if (here === "]" || here === ")") open--;
    scanner.at++;
  }
}
