/**
 * Checks an object against a table of its fields: which there may be, which there must be, which belong to one query language only.
 *
 * Invariants: the words are AWS's; a field of the wrong query language is located at its object; what is missing is said before what is too much.
 */
import { isObject } from "../json.ts";
import type { JsonObject } from "../json.ts";
import type { QueryLanguage } from "../model.ts";
import type { Place } from "./place.ts";

/** Checks one value. */
export type Rule = (value: unknown, at: Place) => void;

export interface Field {
  readonly rule: Rule;
  readonly required?: boolean;
  /** The only query language that has the field. */
  readonly only?: QueryLanguage;
}

export type Fields = Readonly<Record<string, Field>>;

/** A field of both query languages. */
export function field(rule: Rule): Field {
  return { rule };
}

export function required(rule: Rule): Field {
  return { rule, required: true };
}

/** A field of states whose query language is JSONPath. */
export function pathOnly(rule: Rule): Field {
  return { rule, only: "JSONPath" };
}

/** A field of states whose query language is JSONata. */
export function jsonataOnly(rule: Rule): Field {
  return { rule, only: "JSONata" };
}

/** Checks all fields. @returns the object, or undefined if the value is none. */
export function checkFields(value: unknown, at: Place, fields: Fields): JsonObject | undefined {
  if (!isObject(value)) {
    at.error("Expected value of type [OBJECT]");
    return undefined;
  }
  const missing = Object.keys(fields).filter((name) => fields[name]?.required === true && !(name in value));
  if (missing.length > 0) at.error(`These fields are required: [${missing.join(", ")}]`);
  for (const [name, one] of Object.entries(value)) checkField(one, at, { name, known: own(fields, name) });
  return value;
}

function own(fields: Fields, name: string): Field | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function checkField(
  value: unknown,
  at: Place,
  { name, known }: { name: string; known: Field | undefined },
): void {
  const here = at.field(name);
  const pointer = at.path === "" ? "/" : at.path;
  if (known === undefined) return here.errorAt(pointer, `Field '${name}' is not supported`);
  if (known.only !== undefined && known.only !== at.language)
    return here.errorAt(
      pointer,
      `The QueryLanguage is set to '${at.language}', but field '${name}' is only supported for the '${known.only}' QueryLanguage`,
    );
  known.rule(value, here);
}

/** At most one of the fields; with `needed`, exactly one. */
export function oneOfFields(
  value: JsonObject,
  at: Place,
  { names, needed = false }: { names: readonly string[]; needed?: boolean },
): void {
  const count = names.filter((name) => name in value).length;
  const list = `[${names.join(", ")}]`;
  if (count > 1) at.error(`There should only be one of the following fields: ${list}`);
  if (count === 0 && needed) at.error(`This object should have only one of the following fields: ${list}`);
}
