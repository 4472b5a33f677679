/** Checks one state: the fields of its type, and what they must be to each other (ASL specification, "State Types" and "Top-level fields"). */
import { isObject } from "../json.ts";
import type { JsonObject } from "../json.ts";
import type { QueryLanguage } from "../model.ts";
import { choiceFields } from "./choice.ts";
import { errorFields } from "./errors.ts";
import { checkFields, field, jsonataOnly, oneOfFields, pathOnly, required } from "./fields.ts";
import type { Field, Fields, Rule } from "./fields.ts";
import { checkMap, isDistributed, mapFields, processorConfig } from "./map.ts";
import type { Place } from "./place.ts";
import { checkTask, taskFields } from "./task.ts";
import { looksComputed, objectTemplate, template } from "./template.ts";
import * as values from "./values.ts";
import { assign } from "./variables.ts";

const common: Fields = {
  Type: required(values.text),
  Comment: field(values.text),
  QueryLanguage: field(values.oneOf("JSONPath", "JSONata")),
};

const inAndOut: Fields = {
  InputPath: pathOnly(values.path({ nullable: true })),
  OutputPath: pathOnly(values.path({ nullable: true })),
  Output: jsonataOnly(template),
};

const onward: Fields = {
  Next: field(values.text),
  End: field(values.boolean),
  Assign: field(assign),
};

const resultPath: Field = pathOnly(values.referencePath({ nullable: true, written: true }));

const withResult: Fields = {
  Parameters: pathOnly(template),
  ResultPath: resultPath,
  ResultSelector: pathOnly(objectTemplate),
  ...errorFields,
};

const passResult: Rule = (value, at) => {
  if (typeof value === "string" && looksComputed(value))
    at.warn(
      "PASS_RESULT_IS_STATIC",
      "The Result of a Pass state is taken as it is: a path in it is not evaluated",
    );
};

const branches: Rule = (value, at) => {
  const branch: Rule = (one, here) => {
    here.rules.inner.push({ value: one, at: here.with({ outer: here.around.scope }), fields: {} });
  };
  values.listOf(branch, { needed: true })(value, at);
};

/** The machine inside of a Map state. The children of a Distributed Map are executions of their own: they do not see the variables here. */
const processor: Rule = (value, at) => {
  const { express, scope } = at.around;
  const config = isObject(value) ? value["ProcessorConfig"] : undefined;
  const distributed = isDistributed(value);
  const expressChildren = distributed && isObject(config) && config["ExecutionType"] === "EXPRESS";
  const checkConfig: Rule = (one, here) => processorConfig(one, here.with({ express }));
  at.rules.inner.push({
    value,
    at: at.with({ express: express || expressChildren, outer: distributed ? new Set() : scope }),
    fields: { ProcessorConfig: field(checkConfig) },
  });
};

const types: Readonly<Record<string, { fields: Fields; check?: (state: JsonObject, at: Place) => void }>> = {
  Pass: {
    fields: {
      ...inAndOut,
      ...onward,
      Result: pathOnly(passResult),
      Parameters: pathOnly(template),
      ResultPath: resultPath,
    },
  },
  Task: {
    fields: { ...inAndOut, ...onward, ...withResult, Arguments: jsonataOnly(template), ...taskFields },
    check: checkTask,
  },
  Choice: { fields: { ...inAndOut, ...choiceFields } },
  Wait: {
    fields: {
      ...inAndOut,
      ...onward,
      Seconds: field(values.number({ min: 0, max: 99_999_999, expression: true })),
      SecondsPath: pathOnly(values.pathOrCall),
      Timestamp: field(values.timestampOrExpression),
      TimestampPath: pathOnly(values.pathOrCall),
    },
    check: (state, at) =>
      oneOfFields(state, at, {
        names: ["SecondsPath", "Seconds", "TimestampPath", "Timestamp"],
        needed: true,
      }),
  },
  Succeed: { fields: inAndOut },
  Fail: {
    fields: {
      Error: field(values.textOrExpression),
      ErrorPath: pathOnly(values.pathOrCall),
      Cause: field(values.textOrExpression),
      CausePath: pathOnly(values.pathOrCall),
    },
    check: (state, at) => {
      oneOfFields(state, at, { names: ["Error", "ErrorPath"] });
      oneOfFields(state, at, { names: ["Cause", "CausePath"] });
    },
  },
  Parallel: {
    fields: {
      ...inAndOut,
      ...onward,
      ...withResult,
      Arguments: jsonataOnly(template),
      Branches: required(branches),
    },
  },
  Map: {
    fields: {
      ...inAndOut,
      ...onward,
      ...withResult,
      ...mapFields,
      ItemProcessor: field(processor),
      Iterator: field(processor),
    },
    check: checkMap,
  },
};

/** Checks one state. */
export function checkState(value: unknown, outside: Place): void {
  if (!isObject(value)) return outside.error("Expected value of type [OBJECT]");
  const { machineLanguage } = outside.rules;
  const language = languageOf(value, machineLanguage);
  const at = outside.with({ language });
  const type = value["Type"];
  if (type === undefined) return at.error("These fields are required: [Type]");
  const known = typeof type === "string" && Object.hasOwn(types, type) ? types[type] : undefined;
  if (known === undefined) return values.oneOf(...Object.keys(types))(type, at.field("Type"));
  if (machineLanguage === "JSONata" && language === "JSONPath")
    return at.error("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
  checkFields(value, at, { ...common, ...known.fields });
  known.check?.(value, at);
  if ("Next" in known.fields) checkOnward(value, at);
}

/** JSONata for anything but exactly `JSONPath`: so AWS takes it. */
function languageOf(state: JsonObject, machine: QueryLanguage): QueryLanguage {
  if (!("QueryLanguage" in state)) return machine;
  return state["QueryLanguage"] === "JSONPath" ? "JSONPath" : "JSONata";
}

/** `Next`, or `"End": true`. */
function checkOnward(state: JsonObject, at: Place): void {
  const { Next, End, ...rest } = state;
  const last = End === true ? { End } : {};
  oneOfFields({ ...rest, ...(Next === undefined ? {} : { Next }), ...last }, at, {
    names: ["Next", "End"],
    needed: true,
  });
}
