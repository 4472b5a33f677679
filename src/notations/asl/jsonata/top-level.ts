/**
 * References to the context that an expression of a state machine does not have, in AWS's words.
 *
 * Only the first step of a path is read against it; a later step, a filter, an order or a group has what the step before it found. The body
 * of a function has the context of the expression that it is written in.
 */
import { childrenOf } from "./syntax.ts";
import type { SyntaxNode } from "./syntax.ts";

/** The first problem, in the order of the text; undefined if there is none. */
export function topLevelProblem(node: SyntaxNode): string | undefined {
  if (node.type === "name") return atTopLevel(String(node.value));
  if (node.type === "variable" && node.value === "") return atTopLevel("$");
  if (node.type === "variable" && node.value === "$") return "Reference to '$$' is not supported.";
  for (const part of readAtTopLevel(node)) {
    const problem = topLevelProblem(part);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function atTopLevel(name: string): string {
  return `Reference to '${name}' at the top level is not supported.`;
}

function readAtTopLevel(node: SyntaxNode): readonly SyntaxNode[] {
  if (node.type === "path") return node.steps?.slice(0, 1) ?? [];
  if (node.type === "bind") return [node.rhs as SyntaxNode];
  if (node.type === "lambda") return node.body === undefined ? [] : [node.body];
  if (node.type === "transform") return [];
  const { predicate: _, ...rest } = node as SyntaxNode & { readonly group?: unknown };
  if (node.type !== "unary") delete (rest as { group?: unknown }).group;
  return childrenOf(rest);
}
