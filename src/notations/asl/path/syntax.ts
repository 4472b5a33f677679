/** What the check of a definition asks about texts, without any data. */
import { compileCall } from "../intrinsics/parse.ts";
import type { Argument } from "../intrinsics/parse.ts";
import { compilePath } from "./path.ts";
import { PathSyntaxError } from "./syntax-error.ts";
import type { Path } from "./path.ts";
import type { Step } from "./steps.ts";

/** Undefined if the text is a path; else what is wrong, in words. */
export function checkPath(text: string): string | undefined {
  return problemOf(() => compilePath(text));
}

/** The same for a reference path: one that has only fields and indexes. */
export function checkReferencePath(text: string): string | undefined {
  return problemOf(() => compilePath(text)) ?? notReference(text);
}

/** The same for the value of a key that ends in `.$`: a path or an intrinsic call. */
export function checkTemplateText(text: string): string | undefined {
  return text.startsWith("$") ? checkPath(text) : problemOf(() => compileCall(text));
}

/** Names of the variables that a path or an intrinsic call mentions, without `$`, each once. Empty for other texts. */
export function variablesIn(text: string): string[] {
  const names = new Set<string>();
  if (checkTemplateText(text) !== undefined) return [];
  if (text.startsWith("$")) addPath(compilePath(text), names);
  else addArgument({ kind: "call", call: compileCall(text) }, names);
  return [...names];
}

function addPath({ variable }: Path, names: Set<string>): void {
  if (variable !== undefined) names.add(variable);
}

function addArgument(argument: Argument, names: Set<string>): void {
  if (argument.kind === "path") addPath(argument.path, names);
  if (argument.kind === "call") for (const one of argument.call.arguments) addArgument(one, names);
}

function notReference(text: string): string | undefined {
  const other = compilePath(text).steps.find((step) => !isPlain(step));
  return other === undefined
    ? undefined
    : `A reference path has only fields and indexes, no ${nameOf(other)}`;
}

function isPlain({ kind }: Step): boolean {
  return kind === "field" || kind === "index";
}

function nameOf({ kind }: Step): string {
  const names: Readonly<Record<Step["kind"], string>> = {
    field: "field",
    fields: "list of fields",
    index: "index",
    indexes: "list of indexes",
    slice: "slice",
    all: "'*'",
    descend: "'..'",
    filter: "filter",
    call: "function",
  };
  return names[kind];
}

function problemOf(compile: () => unknown): string | undefined {
  try {
    compile();
    return undefined;
  } catch (error) {
    if (error instanceof PathSyntaxError) return error.message;
    throw error;
  }
}
