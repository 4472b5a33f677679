/** The size of a value: one for each value in it and for each hundred characters. What is above `limit` counts as something above it. */
import type { Json } from "../json.ts";

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
  for (const [key, inner] of Object.entries(value)) {
    if (weight > limit) break;
    weight += key.length / 100 + weigh(inner, limit - weight);
  }
  return weight;
}
