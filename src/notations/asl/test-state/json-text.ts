/** JSON texts in the parameters. Their depth is bounded, so that nothing that walks through a value can overflow the stack. */
import { layoutOf } from "../check/json-text.ts";
import type { Json } from "../json.ts";
import { valueOf } from "../json.ts";

/** The value, or why the text is no JSON. */
export function readJson(text: string): { readonly value: Json } | { readonly problem: string } {
  const { problem } = layoutOf(text);
  return problem === undefined ? { value: valueOf(text) } : { problem: problem.message };
}
