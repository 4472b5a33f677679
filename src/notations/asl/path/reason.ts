/** Why a path found nothing, in the words that AWS passes on from its JSONPath library. */
import { isObject, textOf } from "../json.ts";
import type { Json } from "../json.ts";
import type { Path, PathRoots } from "./path.ts";
import { rootOf } from "./path.ts";
import { stepText } from "./steps.ts";
import type { Step } from "./steps.ts";

const provider = "com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider";

/** The first step at which a definite path lost its way. */
export function missReason(path: Path, roots: PathRoots): string {
  let value = rootOf(path, roots);
  let done = "$";
  for (const [at, step] of path.steps.entries()) {
    const before = done;
    done += stepText(step);
    if (value === undefined) break;
    const problem = wrongType(step, value, before);
    if (problem !== undefined) return problem;
    value = next(step, value);
    if (value === undefined && step.kind === "field" && at < path.steps.length - 1)
      return `Missing property in path ${done}`;
  }
  return `No results for path: $${path.steps.map(stepText).join("")}`;
}

/** What is said of an index into something that is no list; undefined if the path failed for another reason. */
export function indexProblem(path: Path, roots: PathRoots): string | undefined {
  const reason = missReason(path, roots);
  return reason.startsWith("Filter: ") ? reason : undefined;
}

function next(step: Step, value: Json): Json | undefined {
  if (step.kind === "field" && isObject(value) && Object.hasOwn(value, step.name)) return value[step.name];
  if (step.kind === "index" && Array.isArray(value)) return (value as readonly Json[]).at(step.index);
  return undefined;
}

function wrongType(step: Step, value: Json, before: string): string | undefined {
  if (step.kind === "index" && !Array.isArray(value))
    return `Filter: ${stepText(step)} can only be applied to arrays. Current context is: ${textOf(value)}`;
  if (step.kind === "field" && !isObject(value))
    return `Expected to find an object with property ${stepText(step)} in path ${before} but found '${nodeOf(value)}'. This is not a json object according to the JsonProvider: '${provider}'.`;
  return undefined;
}

function nodeOf(value: Json): string {
  return `com.fasterxml.jackson.databind.node.${kindOf(value)}Node`;
}

function kindOf(value: Json): string {
  if (value === null) return "Null";
  if (Array.isArray(value)) return "Array";
  if (typeof value === "number") return Number.isInteger(value) ? "Int" : "Double";
  return typeof value === "string" ? "Text" : "Boolean";
}
