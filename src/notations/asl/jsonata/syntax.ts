/** The tree that the JSONata parser makes of an expression, as far as it is looked at here. */

/** A node of the tree; which of the fields it has depends on its `type` (and on the operator in `value`). */
export interface SyntaxNode {
  readonly type: string;
  readonly value?: unknown;
  readonly steps?: readonly SyntaxNode[];
  readonly stages?: readonly Filter[];
  readonly predicate?: readonly Filter[];
  readonly expressions?: readonly SyntaxNode[];
  readonly expression?: SyntaxNode;
  readonly procedure?: SyntaxNode;
  readonly arguments?: readonly SyntaxNode[];
  readonly condition?: SyntaxNode;
  readonly then?: SyntaxNode;
  readonly else?: SyntaxNode;
  readonly body?: SyntaxNode;
  /** The left side; of an object constructor its pairs of key and value. */
  readonly lhs?: unknown;
  readonly rhs?: unknown;
  /** `@$name`, `#$name` on a step. */
  readonly focus?: string;
  readonly index?: string;
}

/** `[…]` after something; other stages than filters have no `expr`. */
export interface Filter {
  readonly type: string;
  readonly expr?: SyntaxNode;
}

/** Keys that hold no expressions: positions, and the parser's notes about `%`. */
const notes: ReadonlySet<string> = new Set([
  "ancestor",
  "position",
  "seekingParent",
  "signature",
  "slot",
  "type",
  "value",
]);

/** The expressions directly inside a node, in the order in which the parser keeps them. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (const [key, part] of Object.entries(node)) if (!notes.has(key)) collect(part, found);
  return found;
}

/** Expressions in lists and in the parts that are no expressions themselves: filters, terms of an order, groups. */
function collect(part: unknown, found: SyntaxNode[]): void {
  if (typeof part !== "object" || part === null) return;
  const { type, expr } = part as Partial<SyntaxNode & Filter>;
  if (type === "filter" || type === "index" || typeof type !== "string")
    for (const inner of expr === undefined ? Object.values(part) : [expr]) collect(inner, found);
  else found.push(part as SyntaxNode);
}

/** How deep expressions nest, up to `limit`; what is deeper counts as `limit` + 1. */
export function depthOf(node: SyntaxNode, limit: number): number {
  if (limit < 1) return 1;
  let deepest = 0;
  for (const child of childrenOf(node)) {
    deepest = Math.max(deepest, depthOf(child, limit - 1));
    if (deepest >= limit) break;
  }
  return 1 + deepest;
}

/** How many expressions there are in a tree of bounded depth. */
export function sizeOf(node: SyntaxNode): number {
  let size = 1;
  for (const child of childrenOf(node)) size += sizeOf(child);
  return size;
}
