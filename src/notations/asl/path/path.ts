/**
 * Paths of the JSONPath query language: `$.a` in the input, `$$.Execution.Id` in the context object, `$name.a` in a variable.
 * Source: Amazon States Language specification, "Paths" and "Reference Paths"; what it leaves open is as AWS's library (Jayway JsonPath) has it.
 *
 * Invariants:
 * - A compiled path is a value: it holds no document, and the same text gives the same object while it is remembered.
 * - Texts are bounded in length, steps and depth; evaluation is bounded in the values it looks at.
 */
import type { Json } from "../json.ts";
import { Walk } from "./evaluate.ts";
import { parseSteps } from "./parse.ts";
import { Scanner } from "./scanner.ts";
import { isDefinite } from "./steps.ts";
import type { Step } from "./steps.ts";

export interface Path {
  readonly text: string;
  readonly root: "input" | "context" | "variable";
  /** The variable's name, without `$`. */
  readonly variable?: string;
  /** Only fields and indexes. */
  readonly isReference: boolean;
  /** Selects at most one value. */
  readonly isDefinite: boolean;
  readonly steps: readonly Step[];
}

export interface PathRoots {
  readonly input: Json;
  readonly context: Json;
  readonly variables: { readonly [name: string]: Json };
}

const maxLength = 16_384;
const maxRemembered = 2000;
const remembered = new Map<string, Path>();

const variableName = /\p{ID_Start}\p{ID_Continue}{0,79}/uy;

/** @throws PathSyntaxError that says what is wrong and where. */
export function compilePath(text: string): Path {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const path = compile(text);
  if (remembered.size >= maxRemembered) remembered.clear();
  remembered.set(text, path);
  return path;
}

function compile(text: string): Path {
  const scanner = new Scanner(text.trimEnd());
  if (text.length > maxLength) scanner.fail(`A path has at most ${maxLength} characters`, maxLength);
  if (!scanner.takes("$")) scanner.fail("A path begins with '$'");
  const variable = scanner.match(variableName);
  const root = scanner.takes("$") ? "context" : variable === undefined ? "input" : "variable";
  if (root === "context" && variable !== undefined) scanner.fail("'$' cannot stand here");
  const steps = parseSteps(scanner);
  if (!scanner.isAtEnd) scanner.fail(`'${scanner.here}' cannot stand here`);
  const names = variable === undefined ? {} : { variable };
  return { text, root, ...names, isReference: isReference(steps), isDefinite: isDefinite(steps), steps };
}

function isReference(steps: readonly Step[]): boolean {
  return steps.every(({ kind }) => kind === "field" || kind === "index");
}

/** The document that the path goes into; undefined if it is a variable that has no value. */
export function rootOf(path: Path, { input, context, variables }: PathRoots): Json | undefined {
  if (path.root === "input") return input;
  if (path.root === "context") return context;
  const { variable = "" } = path;
  return Object.hasOwn(variables, variable) ? variables[variable] : undefined;
}

/** The value that the path selects; a list, maybe empty, if it may select several; undefined if there is none. */
export function readPath(path: Path, roots: PathRoots): Json | undefined {
  const root = rootOf(path, roots);
  if (root === undefined) return undefined;
  return new Walk(root).read(path.steps, root);
}
