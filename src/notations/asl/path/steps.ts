/** What a compiled path is made of. */
import type { Json } from "../json.ts";

export type Step =
  | { readonly kind: "field"; readonly name: string }
  /** An object of those fields that are there; only as the last step. */
  | { readonly kind: "fields"; readonly names: readonly string[] }
  /** Negative: from the end. */
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "indexes"; readonly indexes: readonly number[] }
  | { readonly kind: "slice"; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: "all" }
  /** The step after this one is taken from every object and array below, the outer ones first. */
  | { readonly kind: "descend" }
  | { readonly kind: "filter"; readonly test: Test; readonly text: string }
  | { readonly kind: "call"; readonly name: string; readonly argument: number | undefined };

/** A condition of a filter. */
export type Test =
  | { readonly kind: "and" | "or"; readonly tests: readonly Test[] }
  | { readonly kind: "not"; readonly test: Test }
  | { readonly kind: "there"; readonly value: Operand }
  | {
      readonly kind: "compare";
      readonly left: Operand;
      readonly operator: Operator;
      readonly right: Operand;
    };

export type Operand =
  | { readonly kind: "literal"; readonly value: Json }
  | { readonly kind: "path"; readonly from: "@" | "$"; readonly steps: readonly Step[] };

/** The longer ones first, so that the first that fits is the right one. */
export const operators = [
  "===",
  "!==",
  "==",
  "!=",
  "<=",
  ">=",
  "<",
  ">",
  "in",
  "nin",
  "subsetof",
  "anyof",
  "noneof",
  "contains",
  "all",
  "size",
  "empty",
] as const;

export type Operator = (typeof operators)[number];

/** True for what selects at most one value, wherever it is applied. */
export function isDefinite(steps: readonly Step[]): boolean {
  return steps.every(
    ({ kind }) => kind === "field" || kind === "fields" || kind === "index" || kind === "call",
  );
}

/** The step as errors about reference paths name it. */
export function stepName(step: Step): string {
  return step.kind === "field" ? step.name : stepText(step);
}

/** The step as JSONPath writes it in full: `['name']`, `[0]`. */
export function stepText(step: Step): string {
  switch (step.kind) {
    case "field":
      return `['${step.name}']`;
    case "fields":
      return `[${step.names.map((name) => `'${name}'`).join(", ")}]`;
    case "index":
      return `[${step.index}]`;
    case "indexes":
      return `[${step.indexes.join(",")}]`;
    case "slice":
      return `[${step.from ?? ""}:${step.to ?? ""}]`;
    case "all":
      return "[*]";
    case "descend":
      return "..";
    case "filter":
      return `[?(${step.text})]`;
    case "call":
      return `.${step.name}(${step.argument ?? ""})`;
  }
}
