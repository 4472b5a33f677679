/** Checks JSONata expressions without evaluating them: they must parse, and they may only use what a state offers them. */
import { checkExpression, expressionIn, unsupportedIn } from "../jsonata/expression.ts";
import { parse } from "../jsonata/parse.ts";
import type { Place } from "./place.ts";

/** True for `{% … %}`. */
export function isExpression(text: string): boolean {
  return expressionIn(text) !== undefined;
}

/** Checks a text of a JSONata state: it may be an expression. */
export function checkExpressionText(text: string, at: Place): void {
  const expression = expressionIn(text);
  if (expression === undefined) {
    if (text.startsWith("{%") || text.endsWith("%}"))
      at.error("JSONata string must start with {% and end with %}");
    return;
  }
  const problem = checkExpression(expression);
  if (problem !== undefined) return at.error(problem, "INVALID_JSONATA_EXPRESSION");
  const unsupported = unsupportedIn(expression) ?? missing(expression, at);
  if (unsupported !== undefined) at.error(unsupported, "UNSUPPORTED_JSONATA_EXPRESSION");
}

/** Only a catcher has the error. */
function missing(expression: string, at: Place): string | undefined {
  if (at.around.catching) return undefined;
  const parsed = parse(expression);
  const references = "references" in parsed ? parsed.references : [];
  const asks = references.some(({ name, path }) => name === "states" && path[0] === "errorOutput");
  return asks ? "Field '$states.errorOutput' does not exist." : undefined;
}
