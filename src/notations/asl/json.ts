/** JSON values as a state machine sees them, and their texts. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** How deep values of a state machine may be: as deep as AWS's reader of JSON (Jackson) goes. */
export const deepestValue = 1000;

/** True for what is nested deeper. Goes no deeper itself. */
export function isTooDeep(value: Json, left: number = deepestValue): boolean {
  if (typeof value !== "object" || value === null) return false;
  return left === 0 || Object.values(value).some((inner: Json) => isTooDeep(inner, left - 1));
}

/** True for what is `{…}` in JSON. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The compact text of a value, as AWS shows values in events and messages. */
export function textOf(value: Json): string {
  return JSON.stringify(value);
}

/** The value of a text that is known to be JSON. @throws SyntaxError */
export function valueOf(text: string): Json {
  return JSON.parse(text) as Json;
}
