/**
 * Choice rules of the JSONPath query language. Source: Amazon States Language specification, "Choice State".
 *
 * Invariants:
 * - A rule that names something that is not there fails the state, but for `IsPresent`.
 * - Values of another type than the comparison's are not equal, smaller or greater: the comparison is false.
 */
import type { Json } from "../json.ts";
import type { ChoiceRule } from "../model.ts";
import { compileHere } from "../path/fields.ts";
import { readPath } from "../path/path.ts";
import type { PathRoots } from "../path/path.ts";
import { StatesError } from "../states-error.ts";
import { comparisons } from "./comparisons.ts";

/** @throws StatesError States.Runtime with AWS's text if `Variable` or a `…Path` finds nothing. */
export function holds(rule: ChoiceRule, roots: PathRoots): boolean {
  if (rule.And !== undefined) return rule.And.every((one) => holds(one, roots));
  if (rule.Or !== undefined) return rule.Or.some((one) => holds(one, roots));
  if (rule.Not !== undefined) return !holds(rule.Not, roots);
  if (rule.Variable === undefined) throw runtime("A choice rule needs And, Or, Not or Variable.");
  const value = readPath(compileHere(rule.Variable, "Variable"), roots);
  if ("IsPresent" in rule) return (value !== undefined) === rule["IsPresent"];
  if (value === undefined) throw invalid(rule.Variable);
  return compare(value, rule, roots);
}

function compare(value: Json, rule: ChoiceRule, roots: PathRoots): boolean {
  for (const [name, given] of Object.entries(rule)) {
    const direct = comparisons.get(name);
    if (direct !== undefined) return direct(value, given as Json);
    const byPath = name.endsWith("Path") ? comparisons.get(name.slice(0, -"Path".length)) : undefined;
    if (byPath !== undefined) return byPath(value, atPath(given as string, name, roots));
  }
  throw runtime("A choice rule needs a comparison.");
}

function atPath(text: string, field: string, roots: PathRoots): Json {
  const value = readPath(compileHere(text, field), roots);
  if (value === undefined) throw invalid(text);
  return value;
}

function invalid(path: string): StatesError {
  return runtime(`Invalid path '${path}': The choice state's condition path references an invalid value.`);
}

function runtime(cause: string): StatesError {
  return new StatesError("States.Runtime", { cause, inState: true });
}
