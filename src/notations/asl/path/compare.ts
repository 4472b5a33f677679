/**
 * Comparisons in filters.
 *
 * A number and a text that reads as that number are equal; values of other different types are not, and nothing is equal to what is not there.
 * Only numbers with numbers and texts with texts have an order.
 */
import { isObject } from "../json.ts";
import type { Json } from "../json.ts";
import { isEqual } from "./deep-equal.ts";
import type { Operator } from "./steps.ts";

/** Undefined: a path that found nothing. */
type Found = Json | undefined;

/** How many values a comparison of these may look at. */
export function costOf(left: Found, right: Found): number {
  return sizeOf(left) * sizeOf(right);
}

/** Texts are searched much faster than lists. */
function sizeOf(value: Found): number {
  if (typeof value === "string") return 1 + value.length / 100;
  return 1 + listOf(value).length;
}

export function compare(left: Found, operator: Operator, right: Found): boolean {
  switch (operator) {
    case "==":
      return same(left, right);
    case "!=":
      return !same(left, right);
    case "===":
      return typeof left === typeof right && same(left, right);
    case "!==":
      return !(typeof left === typeof right && same(left, right));
    case "<":
    case "<=":
    case ">":
    case ">=":
      return ordered(left, operator, right);
    case "size":
      return lengthOf(left) === right;
    case "empty":
      return (lengthOf(left) === 0) === right;
    default:
      return among(left, operator, right);
  }
}

function among(
  left: Found,
  operator: "in" | "nin" | "contains" | "all" | "subsetof" | "anyof" | "noneof",
  right: Found,
): boolean {
  switch (operator) {
    case "in":
      return has(right, left);
    case "nin":
      return !has(right, left);
    case "contains":
      return typeof left === "string" && typeof right === "string" ? left.includes(right) : has(left, right);
    case "all":
      return listOf(right).every((one) => has(left, one));
    case "subsetof":
      return Array.isArray(left) && listOf(left).every((one) => has(right, one));
    case "anyof":
      return listOf(left).some((one) => has(right, one));
    case "noneof":
      return !listOf(left).some((one) => has(right, one));
  }
}

function same(left: Found, right: Found): boolean {
  if (left === undefined || right === undefined) return false;
  if (typeof left === "number" && typeof right === "string")
    return right.trim() !== "" && Number(right) === left;
  if (typeof left === "string" && typeof right === "number") return left === String(right);
  return isEqual(left, right);
}

function ordered(left: Found, operator: "<" | "<=" | ">" | ">=", right: Found): boolean {
  const isComparable =
    (typeof left === "number" && typeof right === "number") ||
    (typeof left === "string" && typeof right === "string");
  if (!isComparable) return false;
  if (left === right) return operator === "<=" || operator === ">=";
  return operator.startsWith("<") === left < right;
}

function has(list: Found, value: Found): boolean {
  return listOf(list).some((one) => same(one, value));
}

function listOf(value: Found): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function lengthOf(value: Found): number | undefined {
  if (Array.isArray(value) || typeof value === "string") return value.length;
  return isObject(value) ? Object.keys(value).length : undefined;
}
