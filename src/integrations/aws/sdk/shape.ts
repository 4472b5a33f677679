/**
 * What the AWS SDK knows of an action's input and output. Its commands carry a schema made of arrays (Smithy's `schema` of client versions since 3.900):
 * a number for a simple type, with 64 added for a list and 128 for a map of it; `[kind, namespace, name, traits, …]` for the others, functions where a shape
 * may refer to itself. Only the facts needed here are read: which members there are, which are text, bytes, streams.
 */

export type Shape =
  | { readonly kind: "struct"; readonly members: ReadonlyMap<string, () => Shape> }
  | { readonly kind: "list" | "map"; readonly of: () => Shape }
  | { readonly kind: "bytes" | "other" | "stream" | "text" | "time" };

const OTHER: Shape = { kind: "other" };

/** The type numbers of the schema. */
const TEXT = 0;
const TIMES: readonly number[] = [4, 5, 6, 7];
const BYTES = 21;
const STREAM = 42;
const LIST_OF = 64;
const MAP_OF = 128;

const LIST = 1;
const MAP = 2;
const STRUCTS: readonly number[] = [3, 4, -3];
const NORMAL = 0;

export function shapeOf(schema: unknown): Shape {
  if (typeof schema === "function") return shapeOf((schema as () => unknown)());
  if (typeof schema === "number") return simple(schema);
  if (!Array.isArray(schema)) return OTHER;
  const parts = schema as readonly unknown[];
  // A member with traits of its own: `[schema, traits]`.
  if (parts.length === 2) return shapeOf(parts[0]);
  return composed(parts);
}

function composed(parts: readonly unknown[]): Shape {
  const [kind, , , , fourth, fifth] = parts;
  if (kind === NORMAL) return shapeOf(fourth);
  if (kind === LIST) return { kind: "list", of: () => shapeOf(fourth) };
  if (kind === MAP) return { kind: "map", of: () => shapeOf(fifth) };
  if (typeof kind !== "number" || !STRUCTS.includes(kind) || !Array.isArray(fourth)) return OTHER;
  const schemas = Array.isArray(fifth) ? (fifth as readonly unknown[]) : [];
  const names = fourth as readonly string[];
  return {
    kind: "struct",
    members: new Map(names.map((name, index) => [name, () => shapeOf(schemas[index])])),
  };
}

function simple(type: number): Shape {
  if (type >= MAP_OF) return { kind: "map", of: () => simple(type - MAP_OF) };
  if (type >= LIST_OF) return { kind: "list", of: () => simple(type - LIST_OF) };
  if (type === TEXT) return { kind: "text" };
  if (type === BYTES) return { kind: "bytes" };
  if (type === STREAM) return { kind: "stream" };
  return TIMES.includes(type) ? { kind: "time" } : OTHER;
}
