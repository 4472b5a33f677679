/**
 * Checks `Assign`: names of variables and their scopes.
 *
 * A machine, each branch and each item processor is a scope. An inner scope sees the variables of the outer ones and may not assign their names
 * (AWS, "Passing data between states with variables").
 */
import { isObject } from "../json.ts";
import type { JsonObject } from "../json.ts";
import type { Rule } from "./fields.ts";
import { template } from "./template.ts";

const longest = 80;
const nameShape = /^[\p{ID_Start}][\p{ID_Continue}]*$/u;

/** The field `Assign`. */
export const assign: Rule = (value, at) => {
  if (!isObject(value)) return at.error("Expected value of type [OBJECT]");
  for (const key of Object.keys(value)) {
    const name = at.language === "JSONPath" && key.endsWith(".$") ? key.slice(0, -2) : key;
    const here = at.field(key);
    const wrong = problemOf(name);
    if (name === "states")
      here.error("Cannot assign to reserved variable '$states'.", "RESERVED_VARIABLE_NAME");
    else if (wrong !== undefined)
      here.error(`Invalid variable name '${name}': the variable name ${wrong}.`, "INVALID_VARIABLE_NAME");
    else if (at.around.outer.has(name))
      here.error(`The variable '${name}' is already assigned in an outer scope`, "INVALID_VARIABLE_NAME");
  }
  template(value, at);
};

function problemOf(name: string): string | undefined {
  if (name === "") return "is empty";
  if ([...name].length > longest) return `is longer than ${longest} characters`;
  return nameShape.test(name) ? undefined : "contains invalid characters";
}

/** Names that the states of one scope assign, the scopes inside not counted. */
export function assignedIn(states: JsonObject): ReadonlySet<string> {
  const names = new Set<string>();
  for (const state of Object.values(states)) {
    if (!isObject(state)) continue;
    for (const holder of [state, ...listIn(state["Choices"]), ...listIn(state["Catch"])])
      if (isObject(holder) && isObject(holder["Assign"]))
        for (const key of Object.keys(holder["Assign"])) names.add(key.replace(/\.\$$/u, ""));
  }
  return names;
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
