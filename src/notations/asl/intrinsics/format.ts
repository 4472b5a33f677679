/** States.Format: a template whose `{}` are replaced in order. `\{`, `\}`, `\'` and `\\` stand for the second character. */
import type { Json } from "../json.ts";
import { javaText } from "./java-text.ts";
import { IntrinsicProblem } from "./problem.ts";

const name = "States.Format";

export function format(template: Json, values: readonly Json[]): string {
  if (typeof template !== "string") throw new IntrinsicProblem(`Invalid arguments in ${name}`);
  const parts = partsOf(template);
  if (parts.length - 1 !== values.length)
    throw new IntrinsicProblem(
      `Invalid arguments in ${name}: number of arguments do not match the occurrences of {}.`,
    );
  return parts.map((part, at) => (at === 0 ? part : javaText(values[at - 1] ?? null) + part)).join("");
}

/** What stands before, between and after the places. */
function partsOf(template: string): readonly string[] {
  const parts: string[] = [];
  let part = "";
  for (let at = 0; at < template.length; at++) {
    const here = template.charAt(at);
    const next = template.charAt(at + 1);
    if (here === "\\" && next !== "" && "{}'\\".includes(next)) {
      part += next;
      at++;
    } else if (here === "{") {
      if (next !== "}") throw invalid("matching '}' not found for '{'.");
      parts.push(part);
      part = "";
      at++;
    } else if (here === "}") throw invalid("matching '{' not found for '}'.");
    else part += here;
  }
  return [...parts, part];
}

function invalid(problem: string): IntrinsicProblem {
  return new IntrinsicProblem(`Invalid template in ${name}: ${problem}`);
}
