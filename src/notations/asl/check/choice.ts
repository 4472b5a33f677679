/** Checks the Choice state (ASL specification, "Choice State"). */
import { isObject } from "../json.ts";
import { checkFields, field, jsonataOnly, oneOfFields, pathOnly, required } from "./fields.ts";
import type { Field, Fields, Rule } from "./fields.ts";
import type { Place } from "./place.ts";
import { checkExpressionText, isExpression } from "./jsonata.ts";
import { template } from "./template.ts";
import * as values from "./values.ts";
import { assign } from "./variables.ts";

const orders = ["Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals"];

/** Every comparison, with the rule for what it compares with. */
const comparisons: Fields = Object.fromEntries([
  ...operators("String", orders, values.text),
  ...operators("Numeric", orders, values.number({ fraction: true })),
  ...operators("Timestamp", orders, values.timestamp),
  ...operators("Boolean", ["Equals"], values.boolean),
  ["StringMatches", pathOnly(values.text)],
  ...["Null", "Present", "Numeric", "String", "Boolean", "Timestamp"].map((type): [string, Field] => [
    `Is${type}`,
    pathOnly(values.boolean),
  ]),
]);

function operators(type: string, names: readonly string[], rule: Rule): [string, Field][] {
  return names.flatMap((name): [string, Field][] => [
    [`${type}${name}`, pathOnly(rule)],
    [`${type}${name}Path`, pathOnly(values.path())],
  ]);
}

const selectors = ["And", "Or", "Not", "Variable", "Condition"];

const condition: Rule = (value, at) => {
  if (typeof value === "boolean") return;
  if (typeof value !== "string") return at.error("Expected value of type [STRING]");
  if (!isExpression(value)) return at.error("JSONata string must start with {% and end with %}");
  checkExpressionText(value, at);
};

const tests: Fields = {
  And: pathOnly(values.listOf(nested, { needed: true })),
  Or: pathOnly(values.listOf(nested, { needed: true })),
  Not: pathOnly(nested),
  Variable: pathOnly(values.referencePath()),
  ...comparisons,
  Comment: field(values.text),
};

/** A rule inside of `And`, `Or` or `Not`: it has no `Next`. */
function nested(value: unknown, at: Place): void {
  if (checkFields(value, at, tests) !== undefined) checkShape(value, at);
}

const choice: Rule = (value, at) => {
  const found = checkFields(value, at, {
    Next: required(values.text),
    Condition: jsonataOnly(condition),
    Output: jsonataOnly(template),
    Assign: field(assign),
    ...tests,
  });
  if (found !== undefined) checkShape(value, at);
};

/** One of And, Or, Not, Variable, Condition; a Variable has one comparison. */
function checkShape(value: unknown, at: Place): void {
  if (!isObject(value)) return;
  if (at.language === "JSONata") {
    if (!("Condition" in value)) at.error("These fields are required: [Condition]");
    return;
  }
  if (selectors.filter((name) => name in value).length !== 1)
    at.error(`The object must have only one of the following fields, [${selectors.join(", ")}]`);
  const used = Object.keys(value).filter((name) => Object.hasOwn(comparisons, name));
  if ("Variable" in value && used.length === 0)
    at.error("The object must have one comparison beside 'Variable'");
  if (used.length > 1) oneOfFields(value, at, { names: used });
  if (used.length > 0 && !("Variable" in value)) at.error("These fields are required: [Variable]");
}

/** Fields of their own. */
export const choiceFields: Fields = {
  Choices: required(values.listOf(choice, { needed: true })),
  Default: field(values.text),
  Assign: field(assign),
};
