/**
 * Whether a value is more than a state machine takes, found out without writing it as a text.
 *
 * A value may be far larger than its memory: what paths and expressions select is shared, and each place counts when it is written down. So nothing may be written
 * before it has been measured.
 *
 * Invariants: no more is looked at than fits the limit, and never deeper than `deepestValue`; the answer depends on the value alone, not on the stack that is left.
 */
import type { Json } from "../json.ts";
import { deepestValue, textOf } from "../json.ts";

/** The most that is taken where AWS's limits do not hold, and in the middle of a state, in bytes. */
const mostBytes: number = 64 * 1024 * 1024;

/** The most values in a value: looking at each takes its time, and no turn may take long. */
const mostValues = 2_000_000;

/** `limit` is in bytes of the JSON text in UTF-8. Undefined: the value is fine. */
export function excessOf(value: Json, limit: number): "deep" | "large" | undefined {
  const measure = new Measure(Math.min(limit, mostBytes));
  if (!measure.fits(value, 0)) return measure.reason;
  if (measure.atMost <= limit || limit > mostBytes) return undefined;
  return encoder.encode(textOf(value)).length > limit ? "large" : undefined;
}

const encoder = new TextEncoder();

/** Bounds of the length of a text, from below and from above. */
class Measure {
  readonly #limit: number;
  atLeast = 0;
  atMost = 0;
  #values = 0;
  reason: "deep" | "large" = "large";

  constructor(limit: number) {
    this.#limit = limit;
  }

  fits(value: Json, depth: number): boolean {
    if (++this.#values > mostValues) return false;
    if (typeof value === "string") return this.#text(value);
    // The longest number is -1.2345678901234567e-300.
    if (typeof value !== "object" || value === null) return this.#add(1, 24);
    if (depth >= deepestValue) {
      this.reason = "deep";
      return false;
    }
    if (!this.#add(2, 2)) return false;
    if (!Array.isArray(value)) return this.#fields(value as { readonly [key: string]: Json }, depth);
    for (const item of value as readonly Json[])
      if (!this.fits(item, depth + 1) || !this.#add(0, 1)) return false;
    return true;
  }

  #fields(value: { readonly [key: string]: Json }, depth: number): boolean {
    for (const key of Object.keys(value))
      if (!this.#text(key) || !this.#add(1, 2) || !this.fits(value[key] as Json, depth + 1)) return false;
    return true;
  }

  /** The quotes count. An escape has six characters at most. */
  #text(text: string): boolean {
    return this.#add(text.length + 2, text.length * 6 + 2);
  }

  #add(atLeast: number, atMost: number): boolean {
    this.atLeast += atLeast;
    this.atMost += atMost;
    return this.atLeast <= this.#limit;
  }
}
