/**
 * How much deeper than its nesting an evaluation may seem to be.
 *
 * The evaluator counts the expressions that have begun and not ended. The members of an array or object constructor are begun together, so they
 * count at the same time although they are not nested; a group has as many members as there are keys in the data.
 */
import { childrenOf, sizeOf } from "./syntax.ts";
import type { SyntaxNode } from "./syntax.ts";

/** What to add to the limit of depth for this expression. */
export function slackOf(node: SyntaxNode): number {
  if ("group" in node) return 1_000_000;
  if (node.type === "unary" && node.value !== "-") return sizeOf(node);
  return childrenOf(node).reduce((sum, child) => sum + slackOf(child), 0);
}
