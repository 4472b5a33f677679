/** The value of a JSON text as AWS's `$parse()` reads it: a key that is there twice and a number that no double can hold are refused, and what is nested too deeply. Undefined: it is no such text. */
import type { Json } from "../json.ts";
import { isTooDeep } from "../json.ts";

export function strictValueOf(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return !isTooDeep(value) && isStrict(text, value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `text` has parsed as `value`, so every key is in it as a string that a colon follows: if they are more than the keys of the value, one is there twice. */
function isStrict(text: string, value: Json): boolean {
  const written = text.match(/"(?:[^"\\]|\\.)*"\s*:?/gu)?.filter((token) => token.endsWith(":")).length ?? 0;
  const kept = { keys: 0, finite: true };
  count(value, kept);
  return kept.finite && kept.keys === written;
}

function count(value: Json, kept: { keys: number; finite: boolean }): void {
  if (typeof value === "number") kept.finite &&= Number.isFinite(value);
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) kept.keys += Object.keys(value).length;
  for (const inner of Object.values(value)) count(inner as Json, kept);
}
