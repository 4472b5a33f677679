/** Rules for single values, in AWS's words. Numbers and texts of JSONata states may be expressions. */
import { checkPath, checkReferencePath, checkTemplateText } from "../path/syntax.ts";
import { checkExpressionText, isExpression } from "./jsonata.ts";
import type { Rule } from "./fields.ts";

/** A text that is taken as it is. */
export const text: Rule = (value, at) => {
  if (typeof value !== "string") at.error("Expected value of type [STRING]");
};

/** A text that is not empty. */
export const name: Rule = (value, at) => {
  if (value === "") at.error("Value cannot be empty");
  else text(value, at);
};

/** A text, or an expression for one. */
export const textOrExpression: Rule = (value, at) => {
  text(value, at);
  if (typeof value === "string" && at.language === "JSONata") checkExpressionText(value, at);
};

export const boolean: Rule = (value, at) => {
  if (typeof value !== "boolean") at.error("Expected value of type [BOOLEAN]");
};

export interface Bounds {
  readonly min?: number;
  readonly max?: number;
  /** A JSONata state may give an expression. */
  readonly expression?: boolean;
  /** A number that need not be whole. */
  readonly fraction?: boolean;
}

/** A number within bounds. */
export function number({ min, max, expression = false, fraction = false }: Bounds): Rule {
  return (value, at) => {
    if (expression && at.language === "JSONata" && typeof value === "string" && isExpression(value))
      return checkExpressionText(value, at);
    if (typeof value !== "number")
      return at.error(`Expected value of type ${fraction ? "Number" : "Integer"}`);
    if (!fraction && !Number.isInteger(value)) return at.error("Expected value of type Integer");
    if (min !== undefined && value < min) at.error(`Minimum value is ${min}`);
    if (max !== undefined && value > max) at.error(`Maximum value is ${max}`);
  };
}

/** One of a few texts. */
export function oneOf(...allowed: readonly string[]): Rule {
  return (value, at) => {
    if (typeof value !== "string") at.error("Expected value of type [STRING]");
    else if (!allowed.includes(value))
      at.error(`Value should be one of the following: [${allowed.join(", ")}]`);
  };
}

/** A list; `needed`: with at least one item. */
export function listOf(rule: Rule, { needed = false }: { needed?: boolean } = {}): Rule {
  return (value, at) => {
    if (!Array.isArray(value)) return at.error("Expected value of type [ARRAY]");
    if (needed && value.length === 0) return at.error("Value cannot be empty");
    for (const [index, one] of value.entries()) rule(one, at.item(index));
  };
}

/** A path; null where `nullable`. */
export function path({ nullable = false }: { nullable?: boolean } = {}): Rule {
  return (value, at) => {
    if (nullable && value === null) return;
    if (typeof value !== "string") return at.error("Expected value of type [STRING]");
    if (checkPath(value) !== undefined) at.error("Value must be a valid JSONPath.");
  };
}

/** A path or a call of an intrinsic function. */
export const pathOrCall: Rule = (value, at) => {
  if (typeof value === "string" && value.startsWith("States.")) {
    if (checkTemplateText(value) !== undefined)
      at.error("Value must be a valid JSONPath or a valid intrinsic function call");
  } else path()(value, at);
};

export interface ReferencePathOptions {
  readonly nullable?: boolean;
  /** It is written to: it may not be in the context object or a variable. */
  readonly written?: boolean;
}

/** A path to a single value. */
export function referencePath({ nullable = false, written = false }: ReferencePathOptions = {}): Rule {
  return (value, at) => {
    if (nullable && value === null) return;
    if (typeof value !== "string") return at.error("Expected value of type [STRING]");
    const problem = referenceProblem(value, written);
    if (problem !== undefined) at.error(`Value is not a Reference Path: ${problem}`);
  };
}

function referenceProblem(given: string, written: boolean): string | undefined {
  if (!given.startsWith("$")) return "Reference path didn't start with '$'";
  if (written && !/^\$(?:[.[]|$)/u.test(given)) return "it must be in the state's data";
  return checkReferencePath(given);
}

const rfc3339 =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/u;

/** A time as RFC 3339 has it, with a big T and a big Z. */
export const timestamp: Rule = (value, at) => {
  if (typeof value !== "string") at.error("Expected value of type [STRING]");
  else if (!rfc3339.test(value)) at.error("String does not match RFC3339 timestamp");
};

/** A time, or in a JSONata state an expression for one. */
export const timestampOrExpression: Rule = (value, at) => {
  if (at.language === "JSONata" && typeof value === "string" && isExpression(value))
    checkExpressionText(value, at);
  else timestamp(value, at);
};
