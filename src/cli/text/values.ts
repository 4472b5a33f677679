/** Values of runs as people read them. */
import { inspect } from "node:util";
import { decodePayload } from "../../core/payload.ts";
import type { Payload } from "../../core/payload.ts";
import { printable, printableLines } from "../../core/printable.ts";
import type { Failure } from "../../core/failure.ts";

/** A value as text: a text as it is, plain data as JSON, everything else as Node shows it. */
export function valueText(value: unknown): string {
  if (typeof value === "string") return printableLines(value);
  return printableLines(isPlain(value) ? JSON.stringify(value, undefined, 2) : inspect(value, shown));
}

const shown = { depth: 20, maxArrayLength: 1000, maxStringLength: 100_000 } as const;

/** True if JSON says all of it. */
function isPlain(value: unknown): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  if (Array.isArray(value)) return value.every(isPlain);
  const prototype: unknown = typeof value === "object" ? Object.getPrototypeOf(value) : undefined;
  return prototype === Object.prototype && Object.values(value as object).every(isPlain);
}

/** The beginning of the arguments of a call, without their brackets. */
export function argumentsPreview(payload: Payload, length: number): string {
  return printable(cutShort(payload.startsWith("[") ? payload.slice(1, -1) : payload, length));
}

/** A value in one line. */
export function shortValue(payload: Payload | undefined, length: number): string {
  if (payload === undefined) return "";
  const value = payload.includes('"$daruma"')
    ? inspect(decodePayload(payload), { breakLength: Infinity })
    : payload;
  return printable(cutShort(value, length));
}

function cutShort(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}

/** An error in one line: its name and the first line of its message. */
export function failureText({ name, message }: Pick<Failure, "name" | "message">, length = 200): string {
  const [first = ""] = message.split("\n");
  return printable(cutShort(first === "" ? name : `${name}: ${first}`, length));
}
