/**
 * Which variables an expression reads, and how far into them.
 *
 * Invariants:
 * - Names that the expression itself binds (parameters, `:=`, `@$x`, `#$i`) are not free where they are bound.
 * - A reference's path goes only as far as the expression surely looks at nothing else: to the first step that is no plain name.
 */
import { isObject } from "../json.ts";
import type { Json } from "../json.ts";
import { childrenOf } from "./syntax.ts";
import type { SyntaxNode } from "./syntax.ts";

/** `$states.input.a` is `{ name: "states", path: ["input", "a"] }`. */
export interface Reference {
  readonly name: string;
  readonly path: readonly string[];
}

/** The reference that an expression consists of, if it is nothing else. */
export function onlyReference(root: SyntaxNode): Reference | undefined {
  const steps = root.type === "path" && Object.keys(root).length === 2 ? (root.steps ?? []) : [root];
  const [first, ...names] = steps;
  const bare = steps.every(isBare) && names.every(({ type }) => type === "name");
  if (!bare || first?.type !== "variable" || first.value === "" || first.value === "$") return undefined;
  return { name: String(first.value), path: names.map(({ value }) => String(value)) };
}

/** The free variables that an expression reads. */
export function referencesIn(root: SyntaxNode): readonly Reference[] {
  const walk = new ReferenceWalk();
  walk.visit(root, new Set());
  // `%` looks at what is around a step: then only the first step is sure.
  return walk.looksUp ? walk.found.map(({ name, path }) => ({ name, path: path.slice(0, 1) })) : walk.found;
}

class ReferenceWalk {
  readonly found: Reference[] = [];
  looksUp = false;

  /** `bound` gains the names that the node binds for those that come after it. */
  visit(node: SyntaxNode, bound: Set<string>): void {
    if (node.type === "parent") this.looksUp = true;
    else if (node.type === "variable") this.#variable(node, [], bound);
    else if (node.type === "path") this.#path(node, new Set(bound));
    else if (node.type === "bind") return this.#bind(node, bound);
    const inner = node.type === "block" ? new Set(bound) : bound;
    if (node.type === "lambda") return this.#lambda(node, inner);
    if (node.type !== "path") for (const child of childrenOf(node)) this.visit(child, inner);
  }

  #variable({ value }: SyntaxNode, path: readonly string[], bound: ReadonlySet<string>): void {
    const name = String(value);
    if (name !== "" && name !== "$" && !bound.has(name)) this.found.push({ name, path });
  }

  #path({ steps = [], ...rest }: SyntaxNode, bound: Set<string>): void {
    const [first, ...others] = steps;
    if (first?.type === "variable") this.#variable(first, namesOf(first, others), bound);
    else if (first !== undefined) this.visit(first, bound);
    if (first?.type === "variable") for (const child of childrenOf(first)) this.visit(child, bound);
    for (const { focus, index } of steps) for (const name of [focus, index]) if (name) bound.add(name);
    for (const step of others) this.visit(step, bound);
    for (const child of childrenOf(rest)) this.visit(child, bound);
  }

  #bind({ lhs, rhs }: SyntaxNode, bound: Set<string>): void {
    const name = String((lhs as SyntaxNode).value);
    const value = rhs as SyntaxNode;
    // A function may call itself.
    if (value.type === "lambda") bound.add(name);
    this.visit(value, bound);
    bound.add(name);
  }

  #lambda({ arguments: parameters = [], body }: SyntaxNode, bound: ReadonlySet<string>): void {
    const inner = new Set(bound);
    for (const { value } of parameters) inner.add(String(value));
    if (body !== undefined) this.visit(body, inner);
  }
}

/** The plain names that follow the first step, the last of which may be filtered. */
function namesOf(first: SyntaxNode, others: readonly SyntaxNode[]): string[] {
  const names: string[] = [];
  let step: SyntaxNode | undefined = first;
  for (const next of others) {
    if (!isBare(step) || next.type !== "name") break;
    names.push(String(next.value));
    step = next;
  }
  return names;
}

/** True if there is nothing at a step but its name. */
function isBare(step: SyntaxNode): boolean {
  return Object.keys(step).every((key) => key === "type" || key === "value" || key === "position");
}

/** The parts of `bindings` that the references reach: what they name, and the objects on the way to it. */
export function partsOf(
  bindings: { readonly [name: string]: Json },
  references: readonly Reference[],
): { readonly [name: string]: Json } {
  const parts = new Map<string, Json>();
  for (const { name, path } of references) {
    const value = Object.hasOwn(bindings, name) ? bindings[name] : undefined;
    if (value !== undefined) parts.set(name, joined(parts.get(name), value, path));
  }
  return Object.fromEntries(parts);
}

/** `kept` with one more path of `value` in it. What is no object is kept whole. */
function joined(kept: Json | undefined, value: Json, path: readonly string[]): Json {
  const [name, ...rest] = path;
  if (kept === value || name === undefined || !isObject(value)) return value;
  const known = isObject(kept) ? kept : {};
  const inner = Object.hasOwn(value, name) ? value[name] : undefined;
  if (inner === undefined) return known;
  const before = Object.hasOwn(known, name) ? known[name] : undefined;
  return Object.fromEntries([...Object.entries(known), [name, joined(before, inner, rest)]]);
}
