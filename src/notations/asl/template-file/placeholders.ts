/** `${Name}` in a definition: what a deployment puts in its place. */
import { isObject } from "../json.ts";
import type { Json } from "../json.ts";
import { functionArn } from "./stand-ins.ts";

const placeholder = /\$\{([^${}]+)\}/gu;

/** The definition with the given values; others stay as they are. */
export function withSubstitutions(value: Json, substitutions: Json): Json {
  if (!isObject(substitutions)) return value;
  const given = new Map(Object.entries(substitutions).map(([name, one]) => [name, shown(one)]));
  return eachText(value, (text) =>
    text.replaceAll(placeholder, (all, name: string) => given.get(name) ?? all),
  );
}

function shown(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The definition as if every placeholder had been filled: with the ARN of a function where a resource or an ARN is expected, else with its own name. */
export function filled(value: Json): Json {
  return eachText(value, (text, key) => {
    const [, only] = /^\$\{([^${}]+)\}$/u.exec(text) ?? [];
    if (only !== undefined)
      return key === "Resource" || only.endsWith("Arn") ? functionArn(idOf(only)) : idOf(only);
    return text.replaceAll(placeholder, (_, name: string) => standIn(name));
  });
}

function standIn(name: string): string {
  if (/partition/iu.test(name)) return "aws";
  if (/region/iu.test(name)) return "us-east-1";
  return /account/iu.test(name) ? "000000000000" : idOf(name);
}

function idOf(name: string): string {
  return name.replaceAll(/\.Arn$|[^A-Za-z0-9]/gu, "").slice(0, 60);
}

function eachText(value: Json, change: (text: string, key: string) => string, key = ""): Json {
  if (typeof value === "string") return change(value, key);
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => eachText(one, change, key));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, eachText(one, change, name)]));
}
