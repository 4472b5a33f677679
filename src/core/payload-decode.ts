/**
 * Payloads to values: one JSON.parse, and a walk only if the text has a tag in it.
 *
 * Invariant: a stored text never makes this crash or change a prototype; what is no payload is DRM-PAYLOAD-CORRUPT.
 */
import { fromBase64 } from "./base64.ts";
import { PayloadError } from "./errors.ts";
import type { Payload } from "./payload-encode.ts";
import { printable } from "./printable.ts";

type Plain = Record<string, unknown>;
type DataToError = (data: object) => Error;

/** Tags wrap tags (a Map in a Map takes four levels of JSON), so more than the encoder's depth is allowed here. */
const maxJsonDepth = 3_000;
const shown = 80;

function corrupt(what: string, cause?: unknown): never {
  throw new PayloadError({
    code: "DRM-PAYLOAD-CORRUPT",
    message: "A stored value cannot be read.",
    expected: "JSON text as the encoder writes it",
    found: what,
    cause,
  });
}

function textOf(value: unknown, kind: string): string {
  return typeof value === "string" ? value : corrupt(`a ${kind} without its text`);
}

function reviveNumber(text: string): number {
  return ["NaN", "Infinity", "-Infinity", "-0"].includes(text) ? Number(text) : corrupt("an unknown number");
}

function reviveBigint(text: string): bigint {
  return /^-?\d+$/u.test(text) ? BigInt(text) : corrupt("a bigint that is no whole number");
}

function reviveDate(value: unknown): Date {
  const date = new Date(value === null ? Number.NaN : textOf(value, "Date"));
  return value !== null && Number.isNaN(date.getTime()) ? corrupt("a Date that is no date") : date;
}

function revivePairs(value: unknown): [unknown, unknown][] {
  const pairs = Array.isArray(value) ? (value as unknown[]) : corrupt("a Map without its entries");
  return pairs.map((pair) => {
    if (!Array.isArray(pair) || pair.length !== 2) return corrupt("a Map with a broken entry");
    return [pair[0], pair[1]];
  });
}

function reviveTag(kind: unknown, value: unknown, dataToError: DataToError): unknown {
  switch (kind) {
    case "undefined":
      return undefined;
    case "number":
      return reviveNumber(textOf(value, "number"));
    case "bigint":
      return reviveBigint(textOf(value, "bigint"));
    case "Date":
      return reviveDate(value);
    case "Map":
      return new Map(revivePairs(value));
    case "Set":
      return new Set(Array.isArray(value) ? (value as unknown[]) : corrupt("a Set without its values"));
    case "Uint8Array":
      return fromBase64(textOf(value, "Uint8Array")) ?? corrupt("a Uint8Array that is no Base64");
    case "Error":
      return typeof value === "object" && value !== null
        ? dataToError(value)
        : corrupt("an Error without its data");
    default:
      return corrupt(`the unknown tag ${printable(JSON.stringify(kind).slice(0, shown))}`);
  }
}

function reviveProperties(value: Plain, depth: number, dataToError: DataToError): Plain {
  for (const key of Object.keys(value)) {
    const before = value[key];
    if (typeof before !== "object" || before === null) continue;
    const after = revive(before, depth, dataToError);
    if (after === before) continue;
    if (key !== "__proto__") value[key] = after;
    else
      Object.defineProperty(value, key, {
        value: after,
        enumerable: true,
        configurable: true,
        writable: true,
      });
  }
  return value;
}

function revive(value: object, depth: number, dataToError: DataToError): unknown {
  if (depth > maxJsonDepth) corrupt(`more than ${maxJsonDepth} levels`);
  if (Array.isArray(value)) {
    const items = value as unknown[];
    for (const [index, item] of items.entries()) {
      if (typeof item === "object" && item !== null) items[index] = revive(item, depth + 1, dataToError);
    }
    return items;
  }
  const plain = value as Plain;
  if (!Object.hasOwn(plain, "$daruma")) return reviveProperties(plain, depth + 1, dataToError);
  const { $daruma: kind, value: inner } = plain;
  if (typeof inner !== "object" || inner === null) return reviveTag(kind, inner, dataToError);
  // The key `$daruma` of an "object" is the user's own.
  if (kind === "object") return reviveProperties(inner as Plain, depth + 1, dataToError);
  return reviveTag(kind, revive(inner, depth + 1, dataToError), dataToError);
}

/** Decodes with a given way to turn stored data into errors; `payload.ts` and `failure.ts` supply it. */
export function decodeWith(payload: Payload, dataToError: DataToError): unknown {
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch (error) {
    corrupt(printable(String(payload).slice(0, shown)), error);
  }
  if (typeof value !== "object" || value === null || !payload.includes('"$daruma"')) return value;
  return revive(value, 1, dataToError);
}
