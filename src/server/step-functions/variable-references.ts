/**
 * `variableReferences` of a state machine: for each state the variables that its own fields read (API Reference, DescribeStateMachine).
 *
 * In JSONPath those are paths that begin with a name (`$name.field`), in fields that hold paths and in templates' `.$` fields; in JSONata every `$name` inside
 * `{% %}` that is neither a function, nor bound in the expression, nor `$states`.
 */
import { readMachine } from "../../notations/asl/check/read.ts";
import { isObject, type Json, type JsonObject } from "../../notations/asl/json.ts";

/** The field of the answer; nothing if no state reads a variable. */
export function variableReferences(definition: string): object {
  const found = new Map<string, readonly string[]>();
  const machine: unknown = JSON.parse(definition);
  if (isObject(machine)) visitMachine(readMachine(machine).machine, "JSONPath", found);
  return found.size === 0 ? {} : { variableReferences: Object.fromEntries(found) };
}

type Found = Map<string, readonly string[]>;

function visitMachine(machine: JsonObject, language: Json, found: Found): void {
  const inherited = machine["QueryLanguage"] ?? language;
  const states = machine["States"];
  if (!isObject(states)) return;
  for (const [name, state] of Object.entries(states))
    if (isObject(state)) visitState(name, state, inherited, found);
}

function visitState(name: string, state: JsonObject, inherited: Json, found: Found): void {
  const { ItemProcessor, Iterator, Branches, ...own } = state;
  const language = state["QueryLanguage"] ?? inherited;
  const names = new Set<string>();
  collect(own, "", { names, jsonata: language === "JSONata" });
  if (names.size > 0) found.set(name, [...names].toSorted());
  const inner = [ItemProcessor, Iterator, ...(Array.isArray(Branches) ? (Branches as readonly Json[]) : [])];
  // Machines inside a state do not inherit its language, only the whole machine's.
  for (const machine of inner) if (isObject(machine)) visitMachine(machine, inherited, found);
}

interface Collecting {
  readonly names: Set<string>;
  readonly jsonata: boolean;
}

/** Fields that hold a path, or hold one where their name says so. */
function holdsPath(key: string): boolean {
  return key.endsWith(".$") || key.endsWith("Path") || key === "Variable";
}

function collect(value: Json | undefined, key: string, into: Collecting): void {
  if (typeof value === "string") {
    const names = into.jsonata ? jsonataNames(value) : holdsPath(key) ? pathNames(value) : [];
    for (const name of names) into.names.add(name);
  } else if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) collect(item, key, into);
  } else if (isObject(value)) {
    for (const [field, item] of Object.entries(value)) collect(item, field, into);
  }
}

function pathNames(text: string): string[] {
  const code = text.replaceAll(/'(?:[^'\\]|\\.)*'/gsu, "''");
  return [...code.matchAll(/(?<![\w$])\$([\p{L}_][\p{L}\p{N}_]*)/gu)].map(([, name = ""]) => name);
}

function jsonataNames(text: string): string[] {
  if (!/^\{%[^]*%\}$/u.test(text)) return [];
  const code = text
    .slice(2, -2)
    .replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|\/\*[^]*?\*\//gu, '""');
  const bound = new Set(["states", ...assigned(code)]);
  return [...code.matchAll(/\$([\p{L}_][\p{L}\p{N}_]*)(?!\s*\(|[\p{L}\p{N}_])/gu)]
    .map(([, name = ""]) => name)
    .filter((name) => !bound.has(name));
}

/** Names that the expression binds: by `:=`, as parameters of a function, by `@` and `#`. */
function assigned(code: string): string[] {
  const parameters = [...code.matchAll(/(?:function|λ)\s*\(([^)]*)\)/gu)]
    .map(([, list = ""]) => list)
    .join(" ");
  const bound = [...code.matchAll(/\$([\p{L}_][\p{L}\p{N}_]*)\s*:=|[@#]\s*\$([\p{L}_][\p{L}\p{N}_]*)/gu)];
  return [
    ...[...parameters.matchAll(/\$([\p{L}_][\p{L}\p{N}_]*)/gu)].map(([, name = ""]) => name),
    ...bound.map(([, left, right]) => left ?? right ?? ""),
  ];
}
