/** Fields whose value is one path: InputPath, OutputPath, ItemsPath, SecondsPath, TimeoutSecondsPath and the like. */
import { textOf } from "../json.ts";
import type { Json } from "../json.ts";
import { StatesError } from "../states-error.ts";
import { compilePath, readPath, rootOf } from "./path.ts";
import type { Path, PathRoots } from "./path.ts";
import { missReason } from "./reason.ts";
import { stepName } from "./steps.ts";
import { PathSyntaxError } from "./syntax-error.ts";

/**
 * The value at the path. `field` is the field's name.
 * @throws StatesError States.Runtime with AWS's text; States.ReferencePathConflict for ItemsPath.
 */
export function valueAt(text: string, field: string, roots: PathRoots): Json {
  const path = compileHere(text, field);
  const value = readPath(path, roots);
  if (value !== undefined) return value;
  throw missing(path, field, roots);
}

/** @throws StatesError States.Runtime, for texts that no check has seen. */
export function compileHere(text: string, field: string): Path {
  try {
    return compilePath(text);
  } catch (error) {
    if (!(error instanceof PathSyntaxError)) throw error;
    const cause = `The value '${text}' of the field '${field}' is not a valid JSONPath: ${error.message}`;
    throw new StatesError("States.Runtime", { cause, inState: true });
  }
}

function missing(path: Path, field: string, roots: PathRoots): StatesError {
  if (field === "ItemsPath" && path.isReference) return conflict(path, roots);
  const cause =
    field === "SecondsPath" || field === "TimestampPath"
      ? `The ${field} parameter does not reference an input value: ${path.text}`
      : `Invalid path '${path.text}' : ${missReason(path, roots)}`;
  return new StatesError("States.Runtime", { cause, inState: true });
}

/** AWS takes ItemsPath apart itself, and names no state here. */
function conflict(path: Path, roots: PathRoots): StatesError {
  const last = path.steps.at(-1);
  const step = last === undefined ? path.text : stepName(last);
  const input = textOf(rootOf(path, roots) ?? null);
  return new StatesError("States.ReferencePathConflict", {
    cause: `Unable to apply step "${step}" to input ${input}`,
  });
}
