/**
 * Reads the steps of a path, in the dialect of AWS: JSONPath as the Jayway library has it, without its regular expressions, which are refused because
 * their author is not to be trusted with the engine's time.
 */
import type { Level } from "./level.ts";
import { parseBracket } from "./parse-bracket.ts";
import type { Scanner } from "./scanner.ts";
import type { Step } from "./steps.ts";

/** Steps that a path may have. */
const maxSteps = 1000;

const ends: ReadonlySet<string> = new Set(".[( \t\n\r");
const endsInFilter: ReadonlySet<string> = new Set(".[( \t\n\r)]=<>!&|,");
const number = /-?\d+/y;
const functionNames: ReadonlySet<string> = new Set(
  "length keys first last index min max avg sum stddev concat append".split(" "),
);

/** Reads steps for as long as there are any; what follows them is the caller's. */
export function parseSteps(scanner: Scanner, level: Level = { depth: 0, parseSteps }): readonly Step[] {
  const steps: Step[] = [];
  while (scanner.here === "." || scanner.here === "[") {
    if (steps.length >= maxSteps) scanner.fail(`A path has at most ${maxSteps} steps`);
    if (steps.at(-1)?.kind === "fields") scanner.fail("Several fields can only be the last step");
    if (scanner.takes("..")) steps.push({ kind: "descend" });
    else if (scanner.takes(".")) mustGoOn(scanner);
    steps.push(scanner.here === "[" ? parseBracket(scanner, level) : parseName(scanner, level));
  }
  return steps;
}

function mustGoOn(scanner: Scanner): void {
  if (scanner.isAtEnd) scanner.fail("A path must not end with '.'");
}

/** `name`, `*` or `name()`. */
function parseName(scanner: Scanner, level: Level): Step {
  const start = scanner.at;
  if (scanner.takes("*")) return { kind: "all" };
  const name = scanner.until(level.depth === 0 ? ends : endsInFilter);
  if (name === "") scanner.fail("The name of a field is missing");
  if (/['"\])]/u.test(name)) scanner.fail(`The name '${name}' must be in brackets and quotes`, start);
  return scanner.here === "(" ? parseCall(scanner, name) : { kind: "field", name };
}

function parseCall(scanner: Scanner, name: string): Step {
  if (!functionNames.has(name)) scanner.fail(`There is no function '${name}'`);
  scanner.expect("(");
  scanner.skipBlanks();
  const argument = scanner.match(number);
  scanner.skipBlanks();
  scanner.expect(")");
  return { kind: "call", name, argument: argument === undefined ? undefined : Number(argument) };
}
