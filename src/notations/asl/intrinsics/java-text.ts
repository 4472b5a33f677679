/** Values as Java's `toString` shows them, which is how AWS puts them into texts: `{a=1, b=[x, y]}`. */
import { isObject } from "../json.ts";
import type { Json } from "../json.ts";
import { IntrinsicProblem } from "./problem.ts";

const maxDepth = 500;

export function javaText(value: Json, depth = 0): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return javaNumber(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (depth > maxDepth) throw new IntrinsicProblem(`A value is more than ${maxDepth} levels deep`);
  if (!isObject(value)) return `[${value.map((one) => javaText(one, depth + 1)).join(", ")}]`;
  const entries = Object.entries(value).map(([key, one]) => `${key}=${javaText(one, depth + 1)}`);
  return `{${entries.join(", ")}}`;
}

/** Whole numbers in full; others as `Double.toString` documents it: with an exponent below 10⁻³ and from 10⁷ on. */
function javaNumber(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString();
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) return String(value);
  const [digits = "", exponent = ""] = value.toExponential().split("e");
  return `${digits.includes(".") ? digits : `${digits}.0`}E${Number(exponent)}`;
}
