/**
 * Between the JSON of a task and the values of the AWS SDK. Step Functions writes all members in PascalCase, whatever the service's own casing, gives text
 * where the service wants text (a value that is none becomes its JSON), reads streams to their end, and shows times as ISO 8601.
 */
import { isUtf8 } from "node:buffer";
import { isObject, textOf, type Json } from "../../../notations/asl/json.ts";
import { pascal } from "./names.ts";
import type { Shape } from "./shape.ts";

export function toSdk(value: Json, shape: Shape): unknown {
  if (value === null) return undefined;
  switch (shape.kind) {
    case "struct":
      return isObject(value) ? structToSdk(value, shape.members) : value;
    case "list":
      return Array.isArray(value) ? value.map((one) => toSdk(one as Json, shape.of())) : value;
    case "map":
      return isObject(value) ? mapped(value, (one) => toSdk(one as Json, shape.of())) : value;
    case "text":
      return typeof value === "string" ? value : textOf(value);
    case "stream":
      return textOf(value);
    case "bytes":
      return Buffer.from(typeof value === "string" ? value : textOf(value), "utf8");
    case "time":
      return typeof value === "string" || typeof value === "number" ? timeOf(value) : value;
    case "other":
      return value;
  }
}

/** Numbers are seconds, as services take them. */
function timeOf(value: number | string): Date {
  return new Date(typeof value === "number" ? value * 1000 : value);
}

function structToSdk(
  value: { readonly [key: string]: Json },
  members: ReadonlyMap<string, () => Shape>,
): Record<string, unknown> {
  const byPascal = new Map([...members.keys()].map((name) => [pascal(name), name]));
  const entries = Object.entries(value).map(([key, member]): [string, unknown] => {
    const name = members.has(key) ? key : (byPascal.get(key) ?? key);
    const shape = members.get(name);
    return [name, shape === undefined ? member : toSdk(member, shape())];
  });
  return Object.fromEntries(entries);
}

function mapped(value: object, change: (one: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, change(one)]));
}

interface Stream {
  transformToByteArray(): Promise<Uint8Array>;
}

/** Leaves out what is undefined, and `$metadata`. Without a shape, as in older versions of the SDK, names stay as they are. */
export async function fromSdk(value: unknown, shape: Shape): Promise<Json> {
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return isoTime(value);
  if (value instanceof Uint8Array) return bytesText(value);
  if (typeof value !== "object") return typeof value === "bigint" ? Number(value) : (value as Json);
  if ("transformToByteArray" in value) return bytesText(await (value as Stream).transformToByteArray());
  if (Array.isArray(value)) {
    const of = shape.kind === "list" ? shape.of() : shape;
    return Promise.all(value.map((one: unknown) => fromSdk(one, of)));
  }
  return objectFromSdk(value, shape);
}

async function objectFromSdk(value: object, shape: Shape): Promise<Json> {
  const struct = shape.kind === "struct";
  const entries: [string, Json][] = [];
  for (const [key, member] of Object.entries(value)) {
    if (key === "$metadata" || key === "$unknown" || member === undefined) continue;
    entries.push([struct ? pascal(key) : key, await fromSdk(member, memberShape(shape, key))]);
  }
  return Object.fromEntries(entries);
}

function memberShape(shape: Shape, key: string): Shape {
  if (shape.kind === "map") return shape.of();
  return (shape.kind === "struct" ? shape.members.get(key)?.() : undefined) ?? { kind: "other" };
}

/** ISO 8601; without milliseconds where there are none. */
export function isoTime(date: Date): string {
  return date.toISOString().replace(".000Z", "Z");
}

/** Text if it is, else base64. */
function bytesText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString(isUtf8(buffer) ? "utf8" : "base64");
}
