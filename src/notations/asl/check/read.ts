/**
 * The machine that the value of a definition stands for: the one reader for the check, for the interpreter, and for what is said about a definition besides.
 *
 * Invariant: a value is its own machine, but for one mistake that people make and whose meaning is plain: the machine's `QueryLanguage` stands among its
 * states. No state is a text, so no state is taken for it. It is a leniency: AWS's documentation has the field at the top only, and AWS may refuse such a definition.
 */
import { isObject } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";

export interface ReadMachine {
  readonly machine: JsonObject;
  /** The query language stood among the states, and has been put where it belongs. */
  readonly misplacedLanguage: boolean;
}

/** Reads the value of a whole definition; machines inside of it are as they are. */
export function readMachine(value: JsonObject): ReadMachine {
  const { States: states } = value;
  const asIs = { machine: value, misplacedLanguage: false };
  if (Object.hasOwn(value, "QueryLanguage") || !isObject(states)) return asIs;
  const { QueryLanguage, ...others } = states;
  if (!isLanguage(QueryLanguage)) return asIs;
  return { machine: { ...value, QueryLanguage, States: others }, misplacedLanguage: true };
}

function isLanguage(value: Json | undefined): value is string {
  return value === "JSONata" || value === "JSONPath";
}
