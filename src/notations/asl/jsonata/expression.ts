/** What can be said of an expression without evaluating it. */
import { builtIns } from "./built-ins.ts";
import { parse } from "./parse.ts";
import { topLevelProblem } from "./top-level.ts";

/** The expression inside `{% … %}`, or undefined if the string is no expression. */
export function expressionIn(text: string): string | undefined {
  const is = text.length >= 4 && text.startsWith("{%") && text.endsWith("%}");
  return is ? text.slice(2, -2).trim() : undefined;
}

/** The syntax problem in words, without a code, as AWS says it under `INVALID_JSONATA_EXPRESSION`; undefined if there is none. */
export function checkExpression(text: string): string | undefined {
  const parsed = parse(text);
  return "problem" in parsed ? parsed.problem : undefined;
}

/** What AWS refuses under `UNSUPPORTED_JSONATA_EXPRESSION` although it can be parsed: an expression has no context, so that it cannot refer to one. */
export function unsupportedIn(text: string): string | undefined {
  const parsed = parse(text);
  return "root" in parsed ? topLevelProblem(parsed.root) : undefined;
}

/** The free variables that an expression mentions, each once, without `$`; `states` among them, functions not. */
export function namesIn(text: string): readonly string[] {
  const parsed = parse(text);
  if (!("root" in parsed)) return [];
  return [...new Set(parsed.references.map(({ name }) => name))].filter(
    (name) => !builtIns.has(name) && name !== "eval",
  );
}
