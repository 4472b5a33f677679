/** Tells the expressions that `direct.ts` is made for by their form. */
import { childrenOf } from "./syntax.ts";
import type { SyntaxNode } from "./syntax.ts";

/** Functions of one simple value. */
const simpleFunctions: ReadonlySet<string> = new Set(
  "boolean count exists length lowercase not string uppercase".split(" "),
);

/** What there may be at a node of each type beside its type, value and position. Other notes of the parser change what an expression gives. */
const fields: { readonly [type: string]: readonly string[] } = {
  binary: ["lhs", "rhs"],
  block: ["expressions"],
  condition: ["condition", "then", "else"],
  function: ["name", "arguments", "procedure"],
  name: ["stages"],
  number: [],
  path: ["steps"],
  string: [],
  unary: ["expressions", "lhs"],
  value: [],
  variable: [],
};

const always: readonly string[] = ["type", "value", "position"];

/** True if the expression, all of it, is of the forms that are evaluated directly. */
export function isSimple(node: SyntaxNode): boolean {
  if (!hasOnlyFields(node)) return false;
  switch (node.type) {
    case "path":
      return isSimplePath(node);
    case "block":
      return node.expressions?.length === 1 && childrenOf(node).every(isSimple);
    case "unary":
      return (node.value === "[" || hasPlainKeys(node)) && childrenOf(node).every(isSimple);
    case "function":
      return isSimpleCall(node) && (node.arguments ?? []).every(isSimple);
    case "variable":
      return node.value !== "" && node.value !== "$";
    case "name":
      return false;
    default:
      return childrenOf(node).every(isSimple);
  }
}

function hasOnlyFields(node: SyntaxNode): boolean {
  const known = fields[node.type];
  return known !== undefined && Object.keys(node).every((key) => always.includes(key) || known.includes(key));
}

function isSimplePath({ steps = [] }: SyntaxNode): boolean {
  const [first, ...names] = steps;
  const isName = (step: SyntaxNode): boolean =>
    step.type === "name" &&
    hasOnlyFields(step) &&
    (step.stages === undefined || (step.stages.length === 1 && step.stages[0]?.expr?.type === "number"));
  return first?.type === "variable" && isSimple(first) && names.every(isName);
}

/** Keys that are written there, each of them once. */
function hasPlainKeys({ value, lhs }: SyntaxNode): boolean {
  if (value !== "{") return false;
  const keys = (lhs as readonly (readonly [SyntaxNode, SyntaxNode])[]).map(([key]) => key);
  const names = keys.map((key) => String(key.value));
  const plain =
    keys.every(({ type }) => type === "string") && !names.some((name) => name.startsWith("_jsonata"));
  return plain && new Set(names).size === names.length;
}

function isSimpleCall({ procedure, arguments: given = [] }: SyntaxNode): boolean {
  return procedure?.type === "variable" && simpleFunctions.has(String(procedure.value)) && given.length === 1;
}
