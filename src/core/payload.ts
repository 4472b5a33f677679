/**
 * Payloads: values as the store keeps them.
 *
 * JSON, plus: undefined, NaN, ±Infinity and -0, bigint, Date (invalid ones too), Map, Set, Uint8Array (a Buffer comes
 * back as one), Error with its cause. What is dropped is what JSON drops from objects: undefined properties, symbol
 * keys. Holes of arrays come back as undefined, objects without a prototype as plain objects, getters as their values.
 */
import { fromFailure, toFailure } from "./failure.ts";
import { decodeWith } from "./payload-decode.ts";
import { type EncodeOptions, encodeWith, type Payload } from "./payload-encode.ts";

export type { EncodeOptions, Payload } from "./payload-encode.ts";

/**
 * The value as JSON text.
 * @throws PayloadError DRM-PAYLOAD-UNSUPPORTED with the path, DRM-PAYLOAD-TOO-DEEP, DRM-PAYLOAD-TOO-LARGE.
 */
export function encodePayload(value: unknown, options: EncodeOptions = {}): Payload {
  return encodeWith(value, options, toFailure);
}

/**
 * The value of a payload; a new copy each time.
 * @throws PayloadError DRM-PAYLOAD-CORRUPT: the text was not written by `encodePayload`.
 */
export function decodePayload(payload: Payload): unknown {
  return decodeWith(payload, fromFailure);
}
