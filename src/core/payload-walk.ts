/**
 * Values to payloads: the walk over the value.
 *
 * Job: find what JSON cannot say and put a tag in its place, `{"$daruma":"Date","value":…}`.
 *
 * Invariants:
 * - a plain value is walked once and returned as the same reference; only the containers of a tagged value are copied;
 * - what is neither JSON nor tagged is an error that names its path; nothing is dropped but undefined properties,
 *   symbol keys and what is not enumerable, as in JSON;
 * - work and memory are bounded by the size limit and the depth limit, whatever the value is: a cycle, a graph of
 *   shared parts, a huge sparse array, a proxy;
 * - a user's object that has the key `$daruma` is wrapped as a tag itself, so that it comes back as it was.
 */
import {
  currentKeys,
  type EncodeState,
  maxDepth,
  refuse,
  refuseDepth,
  refuseSize,
} from "./payload-refuse.ts";
import { encodeSpecial } from "./payload-special.ts";
import { cut, printable } from "./printable.ts";

type Plain = Record<string, unknown>;

function tag(kind: string, value?: unknown): Plain {
  return value === undefined ? { $daruma: kind } : { $daruma: kind, value };
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return true;
  // Plain objects of another realm: their prototype is the root of a chain and looks like Object.prototype.
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, "hasOwnProperty");
}

function hasToJson(value: object): value is { toJSON: (key: string) => unknown } {
  return typeof (value as { toJSON?: unknown }).toJSON === "function";
}

function setOwn(target: Plain, key: string, value: unknown): void {
  if (key !== "__proto__") target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

function enter(value: object, state: EncodeState): void {
  if (state.depth >= maxDepth) refuseDepth(state, value);
  state.size += 2;
  if (state.size > state.maxBytes) refuseSize(state, undefined);
  state.objects[++state.depth] = value;
}

function copyUntil(source: Plain, keys: readonly string[], end: number): Plain {
  const copy: Plain = {};
  for (const key of keys.slice(0, end)) if (source[key] !== undefined) setOwn(copy, key, source[key]);
  return copy;
}

function walkPlain(value: Plain, state: EncodeState): unknown {
  enter(value, state);
  const { depth, keys: path } = state;
  const keys = Object.keys(value);
  let copy: Plain | undefined;
  let reserved = false;
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] as string;
    path[depth] = key;
    const before = value[key];
    if (before === undefined) continue;
    state.size += key.length + 3;
    if (key === "$daruma") reserved = true;
    const after = walk(before, state);
    if (copy === undefined && after !== before) copy = copyUntil(value, keys, index);
    if (copy !== undefined) setOwn(copy, key, after);
  }
  state.depth--;
  return reserved ? tag("object", copy ?? value) : (copy ?? value);
}

function walkArray(value: readonly unknown[], state: EncodeState): unknown {
  const { length } = value;
  state.size += Math.max(0, length - 1);
  enter(value, state);
  const { depth, keys: path } = state;
  let copy: unknown[] | undefined;
  for (let index = 0; index < length; index++) {
    path[depth] = index;
    const before = value[index];
    const after = walk(before, state);
    if (copy === undefined && after !== before) copy = value.slice(0, index);
    if (copy !== undefined) copy[index] = after;
  }
  state.depth--;
  return copy ?? value;
}

function walkJson(value: { toJSON: (key: string) => unknown }, state: EncodeState): unknown {
  const key = currentKeys(state).at(-1);
  enter(value, state);
  // The object itself leaves nothing in the text.
  state.size -= 2;
  state.keys[state.depth] = { text: "" };
  const result = value.toJSON(typeof key === "object" || key === undefined ? "" : String(key));
  // JSON does not ask the result of toJSON for its own toJSON.
  const plain = typeof result === "object" && result !== null && isPlain(result) && hasToJson(result);
  const after = walk(plain ? { ...result, toJSON: undefined } : result, state);
  state.depth--;
  return after;
}

function walkObject(value: object, state: EncodeState): unknown {
  const convertible = hasToJson(value);
  if (!convertible && Array.isArray(value)) return walkArray(value, state);
  if (!convertible && isPlain(value)) return walkPlain(value as Plain, state);
  const inside = (
    children: readonly unknown[],
    paths: (index: number) => EncodeState["keys"][number],
  ): unknown[] => {
    enter(value, state);
    state.size += children.length;
    const encoded = children.map((child, index) => {
      state.keys[state.depth] = paths(index);
      return walk(child, state);
    });
    state.depth--;
    return encoded;
  };
  const special = encodeSpecial(value, inside, state);
  if (special !== undefined) return tag(special.kind, special.value);
  if (convertible) return walkJson(value, state);
  return refuseObject(value, state);
}

function refuseObject(value: object, state: EncodeState): never {
  const constructor: unknown = value.constructor;
  const name = typeof constructor === "function" && constructor.name !== "" ? constructor.name : "a class";
  const found = `an instance of ${printable(cut(name, 100))}`;
  const fix = value instanceof Promise ? "Await the promise, and pass what it gives." : undefined;
  return refuse(state, "DRM-PAYLOAD-UNSUPPORTED", {
    what: `is ${found}`,
    expected: "JSON, Date, bigint, Map, Set, Uint8Array, Error or an object with toJSON()",
    found,
    ...(fix === undefined ? {} : { fix }),
  });
}

function walkNumber(value: number, state: EncodeState): unknown {
  state.size += 1;
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  return tag("number", Object.is(value, -0) ? "-0" : String(value));
}

/** The value with tags in the place of what JSON cannot say; the same reference if there is nothing of the kind. */
export function walk(value: unknown, state: EncodeState): unknown {
  switch (typeof value) {
    case "string":
      state.size += value.length + 2;
      return value;
    case "number":
      return walkNumber(value, state);
    case "boolean":
      state.size += 4;
      return value;
    case "object":
      return value === null ? null : walkObject(value, state);
    case "undefined":
      return tag("undefined");
    case "bigint":
      return tag("bigint", String(value));
    case "function":
    case "symbol":
      break;
  }
  const found = `a ${typeof value}`;
  const expected = "JSON, Date, bigint, Map, Set, Uint8Array or Error";
  return refuse(state, "DRM-PAYLOAD-UNSUPPORTED", { what: `is ${found}`, expected, found });
}
