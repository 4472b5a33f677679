/**
 * Estimates what it costs to evaluate an expression in this process, and refuses those of which that cannot be told.
 *
 * Invariants:
 * - Only what is on the white list is estimated: nothing that loops, recurses, matches a regular expression, makes sequences out of numbers, calls
 *   a function that is a value, or writes into what it reads. Whatever else the parser may note at a node makes it unknown.
 * - The estimate is never below the real cost by more than a constant factor. It depends on the expression and its bindings only, so that
 *   a replay takes the same way.
 *
 * The unit is one value visited, or a hundred characters: about a microsecond at worst.
 */
import type { Json } from "../json.ts";
import { plainFunctions } from "./plain-functions.ts";
import { lookUp } from "./look-up.ts";
import type { Filter, SyntaxNode } from "./syntax.ts";
import { weigh } from "./weigh.ts";

export interface Bindings {
  readonly [name: string]: Json;
}

/** The cost, or Infinity if it is above `budget` or unknown. */
export function estimate(root: SyntaxNode, bindings: Bindings, budget: number): number {
  const estimator = new Estimator(bindings, budget);
  try {
    estimator.size(root, true);
    return estimator.cost;
  } catch (error) {
    // What nests so deep that it overflows the stack is for another process too.
    if (error instanceof RangeError) return Infinity;
    throw error;
  }
}

const tooMuch = new RangeError("The expression is not plain");

const operators: ReadonlySet<string> = new Set("+ - * / % = != < <= > >= and or in &".split(" "));

/** What the parser may have noted at a node of each type, beside its type, value and position. */
const known: { readonly [type: string]: readonly string[] } = {
  binary: ["lhs", "rhs"],
  block: ["expressions", "consarray", "stages"],
  condition: ["condition", "then", "else"],
  function: ["arguments", "name", "procedure", "stages"],
  name: ["stages"],
  number: [],
  path: ["steps"],
  string: [],
  unary: ["expression", "expressions", "lhs", "consarray"],
  value: [],
  variable: ["stages"],
};

class Estimator {
  readonly #bindings: Bindings;
  readonly #budget: number;
  /** True inside a filter, where names are those of the item. */
  #inItem = false;
  cost = 0;

  constructor(bindings: Bindings, budget: number) {
    this.#bindings = bindings;
    this.#budget = budget;
  }

  /** A bound of the result's size. `handedOn`: nobody looks into the result here, so that its size does not matter unless it has to be built. */
  size(node: SyntaxNode, handedOn = false): number {
    this.#pay(1);
    this.#checkKeys(node);
    const { predicate = [] } = node;
    const size = this.#sizeOf(node, handedOn && predicate.length === 0);
    for (const filter of predicate) this.#filter(filter, size);
    return size;
  }

  #sizeOf(node: SyntaxNode, handedOn: boolean): number {
    switch (node.type) {
      case "string":
      case "number":
      case "value":
        return this.#paid(weigh(node.value as Json, this.#budget));
      case "variable":
        return this.#variable(node, handedOn);
      case "path":
        return this.#path(node, handedOn);
      case "function":
        return this.#function(node);
      case "binary":
        return this.#binary(node);
      case "unary":
        return this.#unary(node, handedOn);
      case "condition":
        return this.#condition(node, handedOn);
      case "block":
        return this.#block(node, handedOn);
      default:
        throw tooMuch;
    }
  }

  #variable({ value }: SyntaxNode, handedOn: boolean): number {
    // `$` is the item in a filter. Other variables there would be looked at once for each item.
    if (value === "" && this.#inItem) return 1;
    if (value === "" || value === "$" || this.#inItem) throw tooMuch;
    const bound = lookUp(this.#bindings, String(value), []);
    return handedOn ? 1 : this.#paid(weigh(bound.value, this.#budget));
  }

  #path({ steps = [] }: SyntaxNode, handedOn: boolean): number {
    const [first, ...names] = steps;
    if (first === undefined || names.some(({ type }) => type !== "name")) throw tooMuch;
    this.#pay(steps.length);
    for (const step of steps) this.#checkKeys(step);
    const stages = steps.flatMap((step) => [...(step.stages ?? []), ...(step.predicate ?? [])]);
    const size = this.#start(first, { names, handedOn: handedOn && stages.length === 0 });
    for (const stage of stages) this.#filter(stage, size);
    return size;
  }

  /** What a path starts with. */
  #start(
    first: SyntaxNode,
    { names, handedOn }: { names: readonly SyntaxNode[]; handedOn: boolean },
  ): number {
    if (first.type === "name" && this.#inItem) return 1;
    if (first.type === "function" || first.type === "block")
      return this.#passes(this.#sizeOf(first, false), names);
    if (first.type !== "variable") throw tooMuch;
    if (first.value === "" || this.#inItem) return this.#variable(first, false);
    const path = names.map(({ value }) => String(value));
    const { value, left } = lookUp(this.#bindings, String(first.value), path);
    // Through objects a path only steps; an array it visits.
    if (handedOn && left === 0) return 1;
    return this.#passes(weigh(value, this.#budget), names.slice(names.length - left));
  }

  /** Each step visits what the one before it left. */
  #passes(size: number, names: readonly SyntaxNode[]): number {
    this.#pay(size * (1 + names.length));
    return size;
  }

  #filter({ type, expr }: Filter, size: number): void {
    if (type !== "filter" || expr === undefined) throw tooMuch;
    if (expr.type === "number") return this.#pay(1);
    const outside = this.#inItem;
    const before = this.cost;
    this.#inItem = true;
    this.size(expr);
    this.#inItem = outside;
    // With an item of size 1; all that may be done to an item grows in proportion to it.
    this.#pay(size * (this.cost - before));
  }

  #function({ procedure, arguments: given = [] }: SyntaxNode): number {
    const name = String(procedure?.value);
    const plain = procedure?.type === "variable" ? plainFunctions.get(name) : undefined;
    // A variable of that name hides the function.
    if (plain === undefined || Object.hasOwn(this.#bindings, name)) throw tooMuch;
    const [least, most] = plain.arguments;
    if (given.length < least || given.length > most) throw tooMuch;
    if (this.#inItem && plain.product && given[1]?.type !== "string") throw tooMuch;
    const sizes = given.map((argument) => this.size(argument));
    this.#pay(sizes.reduce((sum, size) => sum + size, plain.work?.(sizes) ?? 0));
    return this.#paid(plain.growth(sizes));
  }

  #binary({ value, lhs, rhs }: SyntaxNode): number {
    if (!operators.has(String(value))) throw tooMuch;
    const sides = [lhs, rhs] as SyntaxNode[];
    const sizes = sides.map((side) => this.size(side));
    this.#pay((sizes[0] ?? 0) + (sizes[1] ?? 0));
    if (value !== "&") return 1;
    // Texts are joined as they are; other values are written as JSON, in which quotes get backslashes.
    return sizes.reduce((sum, size, at) => sum + (isText(sides[at]) ? size : 2 * size), 0);
  }

  #unary({ value, expression, expressions, lhs }: SyntaxNode, handedOn: boolean): number {
    if (value === "-" && expression !== undefined) return this.size(expression);
    // Each member is appended to a copy of those before it.
    if (value === "[" && expressions !== undefined) {
      const size = expressions.reduce((sum, member) => sum + this.size(member), 1);
      this.#pay((size * expressions.length) / 50);
      return size;
    }
    // An object constructor groups the item that it is in, and writes into it if that is an empty array.
    if (value !== "{" || this.#inItem) throw tooMuch;
    const pairs = lhs as readonly (readonly [SyntaxNode, SyntaxNode])[];
    return pairs.reduce((sum, [key, member]) => sum + this.size(key) + this.size(member, handedOn), 1);
  }

  #condition({ condition, then, else: otherwise }: SyntaxNode, handedOn: boolean): number {
    if (condition !== undefined) this.size(condition);
    const branches = [then, otherwise].map((branch) =>
      branch === undefined ? 0 : this.size(branch, handedOn),
    );
    return Math.max(...branches);
  }

  #block({ expressions = [] }: SyntaxNode, handedOn: boolean): number {
    return expressions.reduce((_, expression) => this.size(expression, handedOn), 0);
  }

  #checkKeys(node: SyntaxNode): void {
    const fields = known[node.type] ?? [];
    for (const key of Object.keys(node))
      if (
        key !== "type" &&
        key !== "value" &&
        key !== "position" &&
        key !== "predicate" &&
        !fields.includes(key)
      )
        throw tooMuch;
  }

  #paid(size: number): number {
    this.#pay(size);
    return size;
  }

  #pay(units: number): void {
    this.cost += units;
    if (!(this.cost <= this.#budget)) throw tooMuch;
  }
}

/** True if the result is surely a text or nothing. */
function isText(node: SyntaxNode | undefined): boolean {
  if (node?.type === "string" || (node?.type === "binary" && node.value === "&")) return true;
  return node?.type === "function" && textFunctions.has(String(node.procedure?.value));
}

const textFunctions: ReadonlySet<string> = new Set(
  "hash join lowercase now string substring substringAfter substringBefore trim type uppercase uuid".split(
    " ",
  ),
);
