/** Follows a path through objects, as JSONata does. */
import { isObject } from "../json.ts";
import type { Json } from "../json.ts";

export interface Found {
  /** Where the way ended; undefined: at nothing. */
  readonly value: Json | undefined;
  /** How many names are left: not 0 if the way came to an array. */
  readonly left: number;
}

export function lookUp(
  bindings: { readonly [name: string]: Json },
  name: string,
  path: readonly string[],
): Found {
  let value: Json | undefined = Object.hasOwn(bindings, name) ? bindings[name] : undefined;
  for (let at = 0; at < path.length; at++) {
    if (Array.isArray(value)) return { value, left: path.length - at };
    const key = path[at] ?? "";
    // Objects that look like JSONata's functions have no fields for it.
    value = isObject(value) && Object.hasOwn(value, key) && !isFunctionLike(value) ? value[key] : undefined;
  }
  return { value, left: 0 };
}

export function isFunctionLike(value: Json | undefined): boolean {
  return isObject(value) && (value["_jsonata_function"] === true || value["_jsonata_lambda"] === true);
}
