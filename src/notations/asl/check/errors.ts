/** Checks `Retry` and `Catch` (ASL specification, "Errors"). */
import { isObject } from "../json.ts";
import { checkFields, field, jsonataOnly, pathOnly, required } from "./fields.ts";
import type { Field, Rule } from "./fields.ts";
import type { Place } from "./place.ts";
import { template } from "./template.ts";
import * as values from "./values.ts";
import { assign } from "./variables.ts";

const errorEquals: Rule = values.listOf(values.text, { needed: true });

/** More than a year is more than an execution lasts. */
const longestDelay = 31_622_400;

const retrier: Rule = (value, at) => {
  const found = checkFields(value, at, {
    ErrorEquals: required(errorEquals),
    IntervalSeconds: field(values.number({ min: 0, max: 99_999_999 })),
    MaxAttempts: field(values.number({ min: 0, max: 99_999_999 })),
    BackoffRate: field(values.number({ min: 1, fraction: true })),
    MaxDelaySeconds: field(values.number({ min: 1, max: longestDelay })),
    JitterStrategy: field(values.oneOf("NONE", "FULL")),
    Comment: field(values.text),
  });
  const { IntervalSeconds: interval = 1, MaxDelaySeconds: longest } = found ?? {};
  if (typeof interval === "number" && typeof longest === "number" && longest >= 1 && longest <= interval)
    at.field("MaxDelaySeconds").error("MaxDelaySeconds must be greater than IntervalSeconds");
};

const catcher: Rule = (value, at) => {
  checkFields(value, at.with({ catching: true }), {
    ErrorEquals: required(errorEquals),
    Next: required(values.text),
    ResultPath: pathOnly(values.referencePath({ nullable: true, written: true })),
    Output: jsonataOnly(template),
    Assign: field(assign),
    Comment: field(values.text),
  });
};

/** The fields of states that can fail and go on. */
export const errorFields: { readonly Retry: Field; readonly Catch: Field } = {
  Retry: field((value, at) => checkList(value, at, retrier)),
  Catch: field((value, at) => checkList(value, at, catcher)),
};

/** `States.ALL` stands alone and last. */
function checkList(value: unknown, at: Place, rule: Rule): void {
  values.listOf(rule)(value, at);
  if (!Array.isArray(value)) return;
  for (const [index, one] of value.entries()) {
    const names: unknown = isObject(one) ? one["ErrorEquals"] : undefined;
    if (!Array.isArray(names) || !names.includes("States.ALL")) continue;
    if (names.length > 1 || index < value.length - 1)
      at.item(index).field("ErrorEquals").error("States.ALL must appear alone and at end of list");
  }
}
