/**
 * Parses JSONata expressions, each once while it is in use.
 *
 * Invariants:
 * - No text takes the parser more than some tens of milliseconds: what is too long is refused before.
 * - What nests deeper than an evaluation may is found out here and never reaches the evaluator. So does what overflows the parser's
 *   stack: whether it does depends on how much stack is left, and that must make no difference.
 */
import jsonata from "jsonata";
import { builtIns } from "./built-ins.ts";
import { addFunctions } from "./functions.ts";
import { maxDepth, maxDots, maxExpressionLength, maxPercents } from "./limits.ts";
import { onlyReference, referencesIn } from "./references.ts";
import type { Reference } from "./references.ts";
import { isSimple } from "./simple.ts";
import { depthOf } from "./syntax.ts";
import type { SyntaxNode } from "./syntax.ts";

/** An expression that can be evaluated. */
export interface ParsedExpression {
  readonly root: SyntaxNode;
  readonly references: readonly Reference[];
  /** Set if the expression is nothing but a path from a variable that is no function. */
  readonly path: Reference | undefined;
  /** True if `direct.ts` may know what it gives. */
  readonly simple: boolean;
  /** With the functions of AWS in it. */
  readonly compiled: jsonata.Expression;
  /** What the evaluator looks at while it evaluates: its limits. */
  readonly options: jsonata.JsonataOptions;
}

export type Parsed =
  | ParsedExpression
  /** The message of the parser, without its code. */
  | { readonly code: string; readonly problem: string }
  | { readonly tooDeep: true };

const cache = new Map<string, Parsed>();
const maxCached = 2_000;
const maxCachedCharacters = 4_000_000;
let cachedCharacters = 0;

/** Parses the text between `{%` and `%}`. */
export function parse(text: string): Parsed {
  const known = cache.get(text);
  const parsed = known ?? parseNow(text);
  // What was used last is at the end, so that what nobody uses goes first.
  if (known !== undefined) cache.delete(text);
  else cachedCharacters += text.length;
  cache.set(text, parsed);
  for (const oldest of cache.keys()) {
    if (cache.size <= maxCached && cachedCharacters <= maxCachedCharacters) break;
    cache.delete(oldest);
    cachedCharacters -= oldest.length;
  }
  return parsed;
}

function parseNow(text: string): Parsed {
  const problem = sizeProblem(text);
  if (problem !== undefined) return { code: "S0500", problem };
  try {
    const options: jsonata.JsonataOptions = {};
    const compiled = jsonata(text, options);
    const root = compiled.ast() as SyntaxNode;
    if (depthOf(root, maxDepth) > maxDepth) return { tooDeep: true };
    addFunctions(compiled);
    const only = onlyReference(root);
    const path = only !== undefined && (only.path.length > 0 || !builtIns.has(only.name)) ? only : undefined;
    return { root, references: referencesIn(root), path, simple: isSimple(root), compiled, options };
  } catch (error) {
    if (error instanceof RangeError) return { tooDeep: true };
    const { code = "S0500", message = String(error) } = error as { code?: string; message?: string };
    return { code, problem: message };
  }
}

function sizeProblem(text: string): string | undefined {
  if (text.length > maxExpressionLength)
    return `The expression is longer than ${maxExpressionLength} characters`;
  if (text.split(".", maxDots + 2).length > maxDots + 1)
    return `The expression has more than ${maxDots} dots`;
  if (text.split("%", maxPercents + 2).length > maxPercents + 1)
    return `The expression has more than ${maxPercents} percent signs`;
  return undefined;
}
