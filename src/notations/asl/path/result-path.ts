/**
 * ResultPath: where in the state's input its result goes. Source: Amazon States Language specification, "Input and Output Processing".
 *
 * Invariants:
 * - The document is not changed: what differs is copied, the rest is shared.
 * - Missing fields on the way are created as objects; something on the way that is no object (no list, for an index) is a conflict.
 * - The error is the one that AWS gives, States.ReferencePathConflict; the specification calls it States.ResultPathMatchFailure.
 */
import { isObject, textOf } from "../json.ts";
import type { Json } from "../json.ts";
import { StatesError } from "../states-error.ts";
import { compileHere } from "./fields.ts";
import type { Path } from "./path.ts";
import { stepName } from "./steps.ts";
import type { Step } from "./steps.ts";

/**
 * The document with the result at the path: the result alone if the path is `$` or undefined, the document as it was if it is null.
 * @throws StatesError States.ReferencePathConflict if the result cannot go there.
 */
export function writeResult(document: Json, resultPath: string | null | undefined, result: Json): Json {
  if (resultPath === null) return document;
  if (resultPath === undefined || resultPath === "$") return result;
  const path = compileHere(resultPath, "ResultPath");
  const refuse = (step: Step): never => {
    throw conflict(step, document);
  };
  if (path.root !== "input" || !path.isReference) throw notWritable(path);
  return write(document, path.steps, { result, refuse });
}

interface Writing {
  readonly result: Json;
  readonly refuse: (step: Step) => never;
}

/** From the inside out, without recursion: a path may be long. */
function write(document: Json, steps: readonly Step[], { result, refuse }: Writing): Json {
  const holders: (Json | undefined)[] = [];
  let here: Json | undefined = document;
  for (const step of steps) {
    if (!canHold(here, step)) return refuse(step);
    holders.push(here);
    here = here === undefined ? undefined : next(here, step);
  }
  return steps.reduceRight((value, step, at) => withStep(holders[at], step, value), result);
}

function canHold(holder: Json | undefined, step: Step): boolean {
  if (step.kind !== "index") return holder === undefined || isObject(holder);
  return Array.isArray(holder) && positionOf(holder as readonly Json[], step.index) !== undefined;
}

function positionOf(list: readonly Json[], index: number): number | undefined {
  const position = index < 0 ? list.length + index : index;
  return position >= 0 && position < list.length ? position : undefined;
}

function next(holder: Json, step: Step): Json | undefined {
  if (step.kind === "index") return (holder as readonly Json[]).at(step.index);
  const { name } = step as Step & { readonly kind: "field" };
  return isObject(holder) && Object.hasOwn(holder, name) ? holder[name] : undefined;
}

function withStep(holder: Json | undefined, step: Step, value: Json): Json {
  if (step.kind === "index") {
    const list = holder as readonly Json[];
    return list.with(positionOf(list, step.index) ?? 0, value);
  }
  const copy = { ...(holder as { readonly [key: string]: Json } | undefined) };
  // Not by assignment, which takes `__proto__` for more than a key.
  const { name } = step as Step & { readonly kind: "field" };
  Object.defineProperty(copy, name, { value, writable: true, enumerable: true, configurable: true });
  return copy;
}

function conflict(step: Step, document: Json): StatesError {
  return new StatesError("States.ReferencePathConflict", {
    cause: `Unable to apply step "${stepName(step)}" to input ${textOf(document)}`,
  });
}

function notWritable({ text }: Path): StatesError {
  const cause = `The value '${text}' of the field 'ResultPath' is not a reference path into the input`;
  return new StatesError("States.Runtime", { cause, inState: true });
}
