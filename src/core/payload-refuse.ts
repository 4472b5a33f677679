/** The state of encoding one value, and the errors that end it. */
import { PayloadError, type PayloadErrorCode } from "./errors.ts";
import { type PathKey, writePath } from "./payload-path.ts";

/** Containers inside each other; one more is DRM-PAYLOAD-TOO-DEEP. */
export const maxDepth = 500;

/**
 * Invariant: `keys[1..depth]` is the path of what is being read now, `objects[1..depth]` are the containers around it.
 * `size` never exceeds the length of the JSON text to come, so that a value that is too large is given up early.
 */
export interface EncodeState {
  depth: number;
  size: number;
  readonly keys: PathKey[];
  readonly objects: object[];
  readonly maxBytes: number;
  readonly subject: string;
  readonly errorToData: (error: unknown) => object;
}

interface Refusal {
  /** Completes the sentence "$.user.socket …". */
  readonly what: string;
  readonly keys?: readonly PathKey[];
  readonly expected?: string;
  readonly found?: string;
  readonly fix?: string;
  readonly cause?: unknown;
}

/** The path of what is being read now. */
export function currentKeys(state: EncodeState): PathKey[] {
  return state.keys.slice(1, state.depth + 1);
}

/** Ends the encoding with an error that names the subject and the path. */
export function refuse(state: EncodeState, code: PayloadErrorCode, refusal: Refusal): never {
  const { what, keys = currentKeys(state), ...rest } = refusal;
  const { subject } = state;
  const path = writePath(keys);
  const message = `${subject} cannot be stored: ${keys.length === 0 ? "it" : path} ${what}.`;
  throw new PayloadError({ code, path, subject, message, ...rest });
}

/** `bytes` is the exact size where it is known. */
export function refuseSize(state: EncodeState, bytes: number | undefined): never {
  const found = bytes === undefined ? `more than ${state.maxBytes} bytes` : `${bytes} bytes`;
  const expected = `at most ${state.maxBytes} bytes of JSON in UTF-8 (limits.payloadBytes)`;
  refuse(state, "DRM-PAYLOAD-TOO-LARGE", { what: "is too large", keys: [], expected, found });
}

/** The container nested too deeply: either it contains itself, or it is just deep. */
export function refuseDepth(state: EncodeState, value: object): never {
  const around = state.objects.slice(1, state.depth + 1);
  const known = new Map<object, number>();
  for (const [depth, object] of [...around, value].entries()) {
    const first = known.get(object);
    if (first !== undefined) refuseCycle(state, { first, second: depth });
    known.set(object, depth);
  }
  const expected = `at most ${maxDepth} levels`;
  refuse(state, "DRM-PAYLOAD-TOO-DEEP", { what: "is nested too deeply", expected });
}

function refuseCycle(state: EncodeState, at: { first: number; second: number }): never {
  const keys = currentKeys(state);
  const target = writePath(keys.slice(0, at.first));
  refuse(state, "DRM-PAYLOAD-UNSUPPORTED", {
    what: "is part of a cycle",
    keys: keys.slice(0, at.second),
    expected: "a value that does not contain itself",
    found: `a reference back to ${target}`,
  });
}
