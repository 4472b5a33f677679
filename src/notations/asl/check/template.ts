/** Checks the values that a state computes: payload templates (`"key.$"`) in JSONPath states, expressions at any depth in JSONata states. */
import { isObject } from "../json.ts";
import { checkTemplateText } from "../path/syntax.ts";
import { checkExpressionText } from "./jsonata.ts";
import type { Rule } from "./fields.ts";
import type { Place } from "./place.ts";

/** A computed value of a state of either query language. AWS locates what is wrong in a payload template at its field. */
export const template: Rule = (value, at) => {
  if (at.language === "JSONata") checkExpressions(value, at);
  else checkTemplate(value, at, at.path);
};

/** A computed value that must be an object. */
export const objectTemplate: Rule = (value, at) => {
  if (isObject(value) || (at.language === "JSONata" && typeof value === "string")) template(value, at);
  else at.error("Expected value of type [OBJECT]");
};

function checkExpressions(value: unknown, at: Place): void {
  if (typeof value === "string") checkExpressionText(value, at);
  else if (Array.isArray(value))
    for (const [index, one] of value.entries()) checkExpressions(one, at.item(index));
  else if (isObject(value))
    for (const [key, one] of Object.entries(value)) checkExpressions(one, at.field(key));
}

function checkTemplate(value: unknown, at: Place, pointer: string): void {
  if (Array.isArray(value)) {
    for (const [index, one] of value.entries()) checkTemplate(one, at.item(index), pointer);
  } else if (isObject(value)) {
    for (const [key, one] of Object.entries(value))
      checkTemplateField({ key, one, beside: value }, at, pointer);
  }
}

function checkTemplateField(
  { key, one, beside }: { key: string; one: unknown; beside: object },
  at: Place,
  pointer: string,
): void {
  const here = at.field(key);
  if (!key.endsWith(".$")) {
    if (typeof one === "string" && looksComputed(one))
      here.warn(
        "NO_DOLLAR",
        `The value of '${key}' looks like a path or an intrinsic function, but the field does not end with '.$'`,
      );
    return checkTemplate(one, here, pointer);
  }
  if (typeof one !== "string" || checkTemplateText(one) !== undefined)
    here.errorAt(
      pointer,
      `The value for the field '${key}' must be a valid JSONPath or a valid intrinsic function call`,
    );
  if (Object.hasOwn(beside, key.slice(0, -2)))
    here.errorAt(pointer, `The field '${key.slice(0, -2)}' is there twice: with and without '.$'`);
}

/** True for what is likely meant as a path or a call. */
export function looksComputed(text: string): boolean {
  return /^\$\$?\.[\w[]|^States\.[A-Z]\w+\(/u.test(text);
}
