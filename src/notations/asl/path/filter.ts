/** Whether a value passes a filter. */
import type { Json } from "../json.ts";
import { compare, costOf } from "./compare.ts";
import type { Operand, Step, Test } from "./steps.ts";

/** How paths inside of a filter are read. */
interface Walk {
  /** What `$` means. */
  readonly root: Json;
  read(steps: readonly Step[], from: Json): Json | undefined;
  /** Counts values that are looked at, against the limit of the whole path. */
  visit(count: number): void;
}

export function passes(test: Test, value: Json, walk: Walk): boolean {
  switch (test.kind) {
    case "and":
      return test.tests.every((one) => passes(one, value, walk));
    case "or":
      return test.tests.some((one) => passes(one, value, walk));
    case "not":
      return !passes(test.test, value, walk);
    case "there":
      return isThere(test.value, value, walk);
    case "compare":
      return compares(test, value, walk);
  }
}

function compares({ left, operator, right }: Comparison, value: Json, walk: Walk): boolean {
  const before = valueOf(left, value, walk);
  const after = valueOf(right, value, walk);
  // What a comparison goes through is gone through for each value that is filtered.
  walk.visit(costOf(before, after));
  return compare(before, operator, after);
}

type Comparison = Test & { readonly kind: "compare" };

function isThere(operand: Operand, value: Json, walk: Walk): boolean {
  const found = valueOf(operand, value, walk);
  return found !== undefined && !(Array.isArray(found) && found.length === 0 && !isOne(operand));
}

function isOne(operand: Operand): boolean {
  return (
    operand.kind === "literal" || operand.steps.every(({ kind }) => kind === "field" || kind === "index")
  );
}

function valueOf(operand: Operand, value: Json, walk: Walk): Json | undefined {
  if (operand.kind === "literal") return operand.value;
  return walk.read(operand.steps, operand.from === "@" ? value : walk.root);
}
