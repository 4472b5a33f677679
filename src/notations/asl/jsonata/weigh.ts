/** The size of a value: one for each value in it and for each hundred characters. What is above `limit` counts as something above it. */
import type { Json, JsonObject } from "../json.ts";

export function weigh(value: Json | undefined, limit: number): number {
  if (typeof value === "string") return 1 + value.length / 100;
  if (typeof value !== "object" || value === null) return 1;
  let weight = 1;
  if (Array.isArray(value)) {
    weight += value.length / 100;
    for (let at = 0; at < value.length && weight <= limit; at++)
      weight += weigh(value[at] as Json, limit - weight);
    return weight;
  }
  const object = value as JsonObject;
  for (const key in object) {
    if (weight > limit) break;
    if (Object.hasOwn(object, key)) weight += key.length / 100 + weigh(object[key], limit - weight);
  }
  return weight;
}
