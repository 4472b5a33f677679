/**
 * Walks a document along the steps of a path.
 *
 * Invariants:
 * - What is not there, or has another type than a step needs, selects nothing; nothing here throws but for the limit.
 * - Only own fields exist: a key such as `__proto__` is a key like any other.
 * - One evaluation looks at a bounded number of values, however its wildcards multiply.
 */
import { isObject } from "../json.ts";
import type { Json } from "../json.ts";
import { StatesError } from "../states-error.ts";
import { passes } from "./filter.ts";
import { call } from "./functions.ts";
import { isDefinite } from "./steps.ts";
import type { Step } from "./steps.ts";

/** Values that one evaluation may look at. */
const maxVisits = 1_000_000;

export class Walk {
  /** What `$` means in a filter. */
  readonly root: Json;
  #visits = 0;

  constructor(root: Json) {
    this.root = root;
  }

  /** The value that definite steps lead to; a list, maybe empty, if they are not. */
  read(steps: readonly Step[], from: Json): Json | undefined {
    if (isDefinite(steps)) return this.#one(steps, from);
    let values: readonly Json[] = [from];
    let isDeep = false;
    for (const step of steps) {
      if (step.kind === "descend") {
        values = this.#containers(values);
        isDeep = true;
        continue;
      }
      values = this.#apply(step, values, isDeep);
      isDeep = false;
    }
    return values;
  }

  #one(steps: readonly Step[], from: Json): Json | undefined {
    let value: Json | undefined = from;
    for (const step of steps) {
      value = single(step, value);
      if (value === undefined) return undefined;
    }
    return value;
  }

  #apply(step: Step, values: readonly Json[], isDeep: boolean): readonly Json[] {
    const found: Json[] = [];
    for (const value of values)
      for (const one of this.#select(step, value, isDeep)) {
        this.visit(1);
        if (one !== undefined) found.push(one);
      }
    return found;
  }

  #select(step: Step, value: Json, isDeep: boolean): readonly (Json | undefined)[] {
    switch (step.kind) {
      case "all":
        return childrenOf(value);
      case "filter":
        return this.#candidates(value, isDeep).filter((one) => {
          this.visit(1);
          return passes(step.test, one, this);
        });
      case "indexes":
        return step.indexes.map((index) => itemOf(value, index));
      case "slice":
        return Array.isArray(value) ? sliceOf(value, step) : [];
      default:
        return [single(step, value)];
    }
  }

  /** What a filter looks at: the items of a list, or an object itself. After `..` lists are passed over, since their items come by themselves. */
  #candidates(value: Json, isDeep: boolean): readonly Json[] {
    if (isObject(value)) return [value];
    return Array.isArray(value) && !isDeep ? (value as readonly Json[]) : [];
  }

  /** The objects and lists at and below the values, the outer ones first. */
  #containers(values: readonly Json[]): readonly Json[] {
    const found: Json[] = [];
    const waiting = values.toReversed();
    while (waiting.length > 0) {
      const value = waiting.pop() as Json;
      this.visit(1);
      if (typeof value !== "object" || value === null) continue;
      found.push(value);
      const children = childrenOf(value);
      for (let at = children.length - 1; at >= 0; at--) waiting.push(children[at] as Json);
    }
    return found;
  }

  /** Counts what is looked at. */
  visit(count: number): void {
    this.#visits += count;
    if (this.#visits <= maxVisits) return;
    throw new StatesError("States.Runtime", {
      cause: `A JSONPath may look at ${maxVisits} values at most.`,
      inState: true,
    });
  }
}

function single(step: Step, value: Json): Json | undefined {
  switch (step.kind) {
    case "field":
      return isObject(value) && Object.hasOwn(value, step.name) ? value[step.name] : undefined;
    case "fields":
      return isObject(value) ? pick(value, step.names) : undefined;
    case "index":
      return itemOf(value, step.index);
    case "call":
      return call(step.name, value, step.argument);
    default:
      return undefined;
  }
}

function pick(value: { readonly [key: string]: Json }, names: readonly string[]): Json {
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(value, name)).map((name) => [name, value[name] as Json]),
  );
}

function itemOf(value: Json, index: number): Json | undefined {
  return Array.isArray(value) ? (value as readonly Json[]).at(index) : undefined;
}

function childrenOf(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  return isObject(value) ? Object.values(value) : [];
}

/**
 * With both ends given they are taken one by one as they are, a negative number counting from the end: `[1:-1]` is empty, `[-3:-1]` is not. That is what AWS
 * does, and not what other dialects do.
 */
function sliceOf(
  list: readonly Json[],
  { from, to }: { readonly from: Bound; readonly to: Bound },
): readonly Json[] {
  if (from === undefined || to === undefined) return list.slice(from ?? 0, to ?? list.length);
  const found: Json[] = [];
  for (let index = Math.max(from, -list.length); index < Math.min(to, list.length); index++)
    found.push(list.at(index) as Json);
  return found;
}

type Bound = number | undefined;
