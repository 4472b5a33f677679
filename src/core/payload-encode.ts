/** Values to payloads: the walk, then one JSON.stringify, then the size limit. */
import { PayloadError } from "./errors.ts";
import { defaultLimits } from "./limits.ts";
import { type EncodeState, refuse, refuseSize } from "./payload-refuse.ts";
import { walk } from "./payload-walk.ts";

/** JSON text of one value. */
export type Payload = string & { readonly __payload?: never };

export interface EncodeOptions {
  /** The largest size in UTF-8 bytes. Default: that of `defaultLimits`. */
  readonly maxBytes?: number | undefined;
  /** What the value is, for the error: `The input of "search"`. Default "The value". */
  readonly subject?: string | undefined;
}

function unreadable(state: EncodeState, cause: unknown): never {
  return refuse(state, "DRM-PAYLOAD-UNSUPPORTED", { what: "threw an error when it was read", cause });
}

/** Getters, proxies and toJSON may throw. */
function walkSafely(value: unknown, state: EncodeState): unknown {
  try {
    return walk(value, state);
  } catch (error) {
    if (error instanceof PayloadError) throw error;
    return unreadable(state, error);
  }
}

function write(value: unknown, state: EncodeState): Payload {
  const plain = walkSafely(value, state);
  try {
    return JSON.stringify(plain);
  } catch (error) {
    // Text longer than a string can be, or a getter that threw only now.
    return error instanceof RangeError ? refuseSize(state, undefined) : unreadable(state, error);
  }
}

/** UTF-8 bytes of a text without lone surrogates (JSON.stringify leaves none). */
function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x80) bytes += code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

/** Encodes with a given way to turn errors into data; `payload.ts` and `failure.ts` supply it. */
export function encodeWith(
  value: unknown,
  options: EncodeOptions,
  errorToData: EncodeState["errorToData"],
): Payload {
  const { maxBytes = defaultLimits.payloadBytes, subject = "The value" } = options;
  const state = { depth: 0, size: 0, keys: [], objects: [], maxBytes, subject, errorToData };
  const text = write(value, state);
  if (text.length * 3 <= maxBytes) return text;
  const bytes = utf8Bytes(text);
  return bytes > maxBytes ? refuseSize(state, bytes) : text;
}
