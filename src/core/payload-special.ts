/** The objects that JSON has no form for and that payloads carry all the same: Date, Map, Set, Uint8Array, Error. */
import { toBase64 } from "./base64.ts";
import { mapStep } from "./payload-path.ts";
import { type EncodeState, refuseSize } from "./payload-refuse.ts";

/** Encodes the parts of a container; the second argument gives the step of the path to each part. */
type Inside = (parts: readonly unknown[], step: (index: number) => EncodeState["keys"][number]) => unknown[];

interface Special {
  readonly kind: string;
  readonly value: unknown;
}

function encodeDate(date: Date): Special {
  const time = Date.prototype.getTime.call(date);
  return { kind: "Date", value: Number.isNaN(time) ? null : new Date(time).toISOString() };
}

function encodeMap(map: ReadonlyMap<unknown, unknown>, inside: Inside): Special {
  const keys: unknown[] = [];
  const values: unknown[] = [];
  Map.prototype.forEach.call(map, (value, key) => {
    keys.push(key);
    values.push(value);
  });
  const encodedKeys = inside(keys, (index) => ({ text: `.keys()[${index}]` }));
  const encodedValues = inside(values, (index) => mapStep(keys[index], index));
  return { kind: "Map", value: encodedKeys.map((key, index) => [key, encodedValues[index]]) };
}

function encodeSet(set: ReadonlySet<unknown>, inside: Inside): Special {
  const values: unknown[] = [];
  Set.prototype.forEach.call(set, (value) => values.push(value));
  return { kind: "Set", value: inside(values, (index) => ({ text: `.values()[${index}]` })) };
}

function encodeBytes(bytes: Uint8Array, state: EncodeState): Special {
  state.size += bytes.length;
  if (state.size > state.maxBytes) refuseSize(state, undefined);
  return { kind: "Uint8Array", value: toBase64(bytes) };
}

/** The tagged form of the object, or undefined if it is none of these. Subclasses (Buffer) are stored as their base. */
export function encodeSpecial(value: object, inside: Inside, state: EncodeState): Special | undefined {
  if (value instanceof Error)
    return { kind: "Error", value: inside([state.errorToData(value)], () => ({ text: "" }))[0] };
  switch (Object.prototype.toString.call(value)) {
    case "[object Date]":
      return encodeDate(value as Date);
    case "[object Map]":
      return encodeMap(value as Map<unknown, unknown>, inside);
    case "[object Set]":
      return encodeSet(value as Set<unknown>, inside);
    case "[object Uint8Array]":
      return encodeBytes(value as Uint8Array, state);
    case "[object Error]":
      return { kind: "Error", value: inside([state.errorToData(value)], () => ({ text: "" }))[0] };
    default:
      return undefined;
  }
}
