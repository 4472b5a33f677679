/**
 * Evaluates what most expressions are, without JSONata's evaluator and its promises: paths through objects, comparisons, arithmetic, texts, conditions, and
 * constructors of these.
 *
 * Invariants:
 * - It gives what JSONata gives, or gives up: wherever a value is not of the simple kind that an operator is made for (an array on a path, a missing
 *   operand, a number that is not finite), JSONata decides. Errors are JSONata's.
 * - It gives up as well when the work is more than `maxWork`.
 */
import type { Json } from "../json.ts";
import { isFunctionLike } from "./look-up.ts";
import type { SyntaxNode } from "./syntax.ts";

/** Undefined is JSONata's nothing. */
type Value = Json | undefined;

/** Something that JSONata has to decide. */
export const unsure: unique symbol = Symbol("unsure");

type Sure = Value | typeof unsure;

/** Values and hundreds of characters. */
const maxWork = 10_000;

interface Work {
  readonly bindings: { readonly [name: string]: Json };
  left: number;
}

/** The value of an expression that `simple.ts` has found to be of the right form, or that it takes JSONata to tell. */
export function evaluateDirectly(root: SyntaxNode, bindings: { readonly [name: string]: Json }): Sure {
  return valueOf(root, { bindings, left: maxWork });
}

function valueOf(node: SyntaxNode, work: Work): Sure {
  if (--work.left < 0) return unsure;
  switch (node.type) {
    case "string":
    case "number":
    case "value":
      return node.value as Json;
    case "variable":
      return variable(node, work);
    case "path":
      return path(node, work);
    case "binary":
      return binary(node, work);
    case "unary":
      return node.value === "[" ? array(node, work) : constructed(node, work);
    case "condition":
      return condition(node, work);
    case "block":
      return valueOf(node.expressions?.[0] as SyntaxNode, work);
    case "function":
      return call(node, work);
    default:
      return unsure;
  }
}

function variable(node: SyntaxNode, { bindings }: Work): Sure {
  const name = node.value as string;
  // What is not bound may be a function.
  return Object.hasOwn(bindings, name) ? bindings[name] : unsure;
}

function path({ steps = [] }: SyntaxNode, work: Work): Sure {
  let value: Sure = undefined;
  for (const [at, step] of steps.entries()) {
    value = at === 0 ? variable(step, work) : field(value, step);
    if (value === unsure) return unsure;
    work.left -= 1;
  }
  return value;
}

/** A field of an object, and of an array in it one member. */
function field(value: Value, step: SyntaxNode): Sure {
  if (Array.isArray(value) || isFunctionLike(value)) return unsure;
  const name = step.value as string;
  const object = value as { readonly [name: string]: Json } | null | undefined;
  const found =
    typeof object === "object" && object !== null && Object.hasOwn(object, name) ? object[name] : undefined;
  if (step.stages === undefined) return found;
  if (!Array.isArray(found)) return unsure;
  const member = (found as readonly Json[]).at(Math.floor(step.stages[0]?.expr?.value as number));
  return Array.isArray(member) ? unsure : member;
}

function binary({ value: operator, lhs, rhs }: SyntaxNode, work: Work): Sure {
  const left = valueOf(lhs as SyntaxNode, work);
  if (left === unsure) return unsure;
  if (operator === "and" || operator === "or") {
    const first = truth(left);
    if (first === unsure || first === (operator === "or")) return first;
    return truth(valueOf(rhs as SyntaxNode, work));
  }
  const right = valueOf(rhs as SyntaxNode, work);
  if (right === unsure) return unsure;
  if (typeof left === "string" && typeof right === "string") work.left -= (left.length + right.length) / 100;
  if (operator === "&") return joined(left, right, work);
  if (operator === "=" || operator === "!=") return same(left, right, operator === "=");
  if (operator === "in") return among(left, right, work);
  if (typeof left === "number" && typeof right === "number") return numeric(operator as string, left, right);
  return typeof left === "string" && typeof right === "string"
    ? compared(operator as string, left, right)
    : unsure;
}

/** What JSONata's `$boolean` says of a simple value; nothing is false. */
function truth(value: Sure): boolean | typeof unsure {
  if (value === unsure || (typeof value === "object" && value !== null)) return unsure;
  return Boolean(value);
}

function joined(left: Value, right: Value, work: Work): Sure {
  const first = textOf(left);
  const second = textOf(right);
  if (first === unsure || second === unsure) return unsure;
  work.left -= (first.length + second.length) / 100;
  return first + second;
}

/** What JSONata's `$string` says of a simple value; nothing is the empty text. */
function textOf(value: Value): string | typeof unsure {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value + 0) : unsure;
  return typeof value === "boolean" || value === null ? String(value) : unsure;
}

function same(left: Value, right: Value, equal: boolean): Sure {
  if (left === undefined || right === undefined) return false;
  const simple = [left, right].some((value) => typeof value !== "object" || value === null);
  return simple ? (left === right) === equal : unsure;
}

function among(left: Value, right: Value, work: Work): Sure {
  if (left === undefined || right === undefined) return false;
  if (!Array.isArray(right)) return left === right;
  work.left -= right.length;
  return (right as readonly Json[]).includes(left);
}

function numeric(operator: string, left: number, right: number): Sure {
  const result = calculated(operator, left, right);
  if (result === undefined) return compared(operator, left, right);
  return Number.isFinite(result) ? result : unsure;
}

function calculated(operator: string, left: number, right: number): number | undefined {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
    case "%":
      return left % right;
    default:
      return undefined;
  }
}

function compared<T extends string | number>(operator: string, left: T, right: T): Sure {
  if (operator === "<") return left < right;
  if (operator === "<=") return left <= right;
  if (operator === ">") return left > right;
  return operator === ">=" ? left >= right : unsure;
}

function condition({ condition: asked, then, else: otherwise }: SyntaxNode, work: Work): Sure {
  const answer = asked === undefined ? unsure : truth(valueOf(asked, work));
  if (answer === unsure) return unsure;
  const branch = answer ? then : otherwise;
  return branch === undefined ? undefined : valueOf(branch, work);
}

/** The members of arrays are members, but for those of an array that is written as a member. */
function array({ expressions = [] }: SyntaxNode, work: Work): Sure {
  const members: Json[] = [];
  for (const expression of expressions) {
    const value = valueOf(expression, work);
    if (value === unsure) return unsure;
    if (value === undefined) continue;
    if (!Array.isArray(value) || (expression.type === "unary" && expression.value === "[")) {
      members.push(value);
      continue;
    }
    work.left -= value.length;
    if (work.left < 0) return unsure;
    members.push(...(value as readonly Json[]));
  }
  return members;
}

function constructed({ lhs }: SyntaxNode, work: Work): Sure {
  const entries: [string, Json][] = [];
  for (const [key, expression] of lhs as readonly (readonly [SyntaxNode, SyntaxNode])[]) {
    const value = valueOf(expression, work);
    if (value === unsure) return unsure;
    if (value !== undefined) entries.push([key.value as string, value]);
  }
  return Object.fromEntries(entries);
}

function call({ procedure, arguments: given = [] }: SyntaxNode, work: Work): Sure {
  const name = procedure?.value as string;
  // A variable of that name hides the function.
  const value = Object.hasOwn(work.bindings, name) ? unsure : valueOf(given[0] as SyntaxNode, work);
  return value === unsure ? unsure : applied(name, value);
}

function applied(name: string, value: Value): Sure {
  if (name === "exists") return value !== undefined;
  if (name === "count") return Array.isArray(value) ? value.length : unsure;
  if (value === undefined) return unsure;
  if (name === "string") return textOf(value);
  const is = truth(value);
  if (name === "boolean") return is;
  if (name === "not") return is === unsure ? unsure : !is;
  if (typeof value !== "string" || value.length > 1_000) return unsure;
  if (name === "length") return [...value].length;
  return name === "lowercase" ? value.toLowerCase() : value.toUpperCase();
}
