/**
 * Payload templates (Parameters, ResultSelector, ItemSelector, Assign) and single texts (ErrorPath, CausePath).
 * Source: Amazon States Language specification, "Payload Template" and "Intrinsic Functions".
 *
 * Invariants:
 * - Only keys of objects that end in `.$` are evaluated; everything else is itself. Keys are never evaluated.
 * - A path that finds nothing is States.Runtime, but for an index past the end of a list, which is null, as on AWS.
 */
import { isObject, textOf } from "../json.ts";
import type { Json } from "../json.ts";
import { evaluateCall } from "../intrinsics/evaluate.ts";
import type { IntrinsicPorts } from "../intrinsics/problem.ts";
import { StatesError } from "../states-error.ts";
import { Walk } from "./evaluate.ts";
import { compileHere } from "./fields.ts";
import { readPath, rootOf } from "./path.ts";
import type { Path, PathRoots } from "./path.ts";

interface Options {
  /** What errors call the field that holds the text. */
  readonly field: string;
  readonly ports: IntrinsicPorts;
}

/** Templates may be this deep. */
const maxDepth = 500;

/** The template with its `.$` keys evaluated. @throws StatesError States.Runtime */
export function fillTemplate(template: Json, roots: PathRoots, { field, ports }: Options): Json {
  return fill(template, { roots, field, ports, depth: 0 });
}

interface Filling extends Options {
  readonly roots: PathRoots;
  readonly depth: number;
}

function fill(template: Json, filling: Filling): Json {
  if (typeof template !== "object" || template === null) return template;
  const inner = { ...filling, depth: filling.depth + 1 };
  if (inner.depth > maxDepth)
    throw runtime(`The field '${filling.field}' is more than ${maxDepth} levels deep`);
  if (!isObject(template)) return template.map((one) => fill(one, inner));
  return Object.fromEntries(Object.entries(template).map(([key, value]) => entry(key, value, inner)));
}

function entry(key: string, value: Json, filling: Filling): [string, Json] {
  if (!key.endsWith(".$")) return [key, fill(value, filling)];
  if (typeof value !== "string")
    throw runtime(
      `The value for the field '${key}' must be a valid JSONPath or a valid intrinsic function call`,
    );
  return [key.slice(0, -2), evaluateText(value, filling.roots, { field: key, ports: filling.ports })];
}

/** The value of one text: a path or an intrinsic call. @throws StatesError States.Runtime */
export function evaluateText(text: string, roots: PathRoots, { field, ports }: Options): Json {
  if (!text.startsWith("$")) return evaluateCall(text, roots, { field, ports });
  const path = compileHere(text, field);
  const value = readPath(path, roots);
  if (value !== undefined) return value;
  if (isPastTheEnd(path, roots)) return null;
  throw runtime(
    `The JSONPath '${text}' specified for the field '${field}' could not be found in the input '${textOf(searched(path, roots))}'`,
  );
}

function isPastTheEnd(path: Path, roots: PathRoots): boolean {
  const root = rootOf(path, roots);
  if (root === undefined || !path.isDefinite || path.steps.at(-1)?.kind !== "index") return false;
  return Array.isArray(new Walk(root).read(path.steps.slice(0, -1), root));
}

function searched(path: Path, { input, context }: PathRoots): Json {
  return path.root === "context" ? context : input;
}

function runtime(cause: string): StatesError {
  return new StatesError("States.Runtime", { cause, inState: true });
}
