/** Evaluates the intrinsic functions of CloudFormation in a template, with stand-ins for what only a deployment knows. */
import { isObject, textOf } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import { attributeOf, refOf } from "./stand-ins.ts";

/** The value without intrinsic functions. */
export function evaluated(value: Json, template: JsonObject): Json {
  if (Array.isArray(value))
    return (value as readonly Json[]).filter((one) => !isNoValue(one)).map((one) => evaluated(one, template));
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  const [name = "", argument = null] = entries[0] ?? [];
  if (entries.length === 1 && name === "Ref" && typeof argument === "string")
    return refOf(argument, template);
  const known = entries.length === 1 && Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (known !== undefined) return known(argument, template);
  return Object.fromEntries(
    entries.filter(([, one]) => !isNoValue(one)).map(([key, one]) => [key, evaluated(one, template)]),
  );
}

function isNoValue(value: Json): boolean {
  return isObject(value) && value["Ref"] === "AWS::NoValue";
}

type Intrinsic = (argument: Json, template: JsonObject) => Json;

const functions: Readonly<Record<string, Intrinsic>> = {
  "Fn::GetAtt": (argument, template) => {
    const [name = "", ...attribute] =
      typeof argument === "string" ? argument.split(".") : list(argument).map(plain);
    return attributeOf(name, attribute.join("."), template);
  },
  "Fn::Join": (argument, template) => {
    const [separator = "", parts = []] = list(argument);
    return list(evaluated(parts, template)).map(plain).join(plain(separator));
  },
  "Fn::Sub": (argument, template) => {
    const [text = "", values = {}] = Array.isArray(argument) ? list(argument) : [argument];
    return substituted(plain(text), { values: evaluated(values, template), template });
  },
  "Fn::Select": (argument, template) => {
    const [index = 0, options = []] = list(argument);
    return list(evaluated(options, template))[Number(index)] ?? "";
  },
  "Fn::Split": (argument, template) => {
    const [separator = ",", text = ""] = list(argument);
    return plain(evaluated(text, template)).split(plain(separator));
  },
  // Which way a condition goes is known at the deployment.
  "Fn::If": (argument, template) => {
    const [, yes = "", no = ""] = list(argument);
    return evaluated(isNoValue(yes) ? no : yes, template);
  },
  "Fn::FindInMap": (argument, template) => {
    let found: Json | undefined = template["Mappings"];
    for (const key of list(evaluated(argument, template)).slice(0, 3))
      found = isObject(found) ? found[plain(key)] : undefined;
    return found ?? "value";
  },
  "Fn::ImportValue": (argument, template) => plain(evaluated(argument, template)),
  "Fn::ToJsonString": (argument, template) => textOf(evaluated(argument, template)),
  "Fn::Base64": (argument, template) => plain(evaluated(argument, template)),
};

/** `${Name}`, `${Name.Arn}`, and `${!Literal}` in a text. */
function substituted(text: string, { values, template }: { values: Json; template: JsonObject }): string {
  return text.replaceAll(/\$\{(!?)([^${}]+)\}/gu, (_, literal: string, given: string) => {
    if (literal !== "") return `\${${given}}`;
    const name = given.trim();
    if (isObject(values) && Object.hasOwn(values, name)) return plain(values[name] ?? "");
    const [first = "", ...attribute] = name.split(".");
    return attribute.length > 0
      ? attributeOf(first, attribute.join("."), template)
      : plain(refOf(name, template));
  });
}

function list(value: Json): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function plain(value: Json): string {
  return typeof value === "string" ? value : textOf(value);
}
