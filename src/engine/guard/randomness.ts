/**
 * Randomness: in workflow code it comes from the run's seed, elsewhere it is real.
 *
 * Invariant: arguments are checked by the real function first, so that what is an error outside is the same error inside.
 */
import { seededBytes, seededUuid } from "../../core/random.ts";
import { instead } from "./clock.ts";
import { forbidding } from "./forbid.ts";
import { running } from "./guarded-code.ts";
import type { GuardedCode } from "./guarded-code.ts";
import { replace } from "./replace.ts";
import type { Callable, Guarding } from "./replace.ts";

function seed(code: GuardedCode): () => number {
  return () => code.random();
}

/** Bytes of anything that has some. */
function bytesOf(value: unknown): Uint8Array {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return new Uint8Array(value as ArrayBuffer);
}

/** The real function is called first; `seeded` then puts seeded values in the place of its own. */
function overwritten(
  seeded: (code: GuardedCode, result: unknown, args: readonly unknown[]) => unknown,
): Guarding {
  return (original: Callable) =>
    function (this: unknown, ...args: unknown[]): unknown {
      const code = running();
      if (code !== undefined && typeof args.at(-1) === "function") return withCallback(original, this, args);
      const result = Reflect.apply(original, this, args as never[]);
      return code === undefined ? result : seeded(code, result, args);
    };
}

/** With a callback the answer comes from another thread, in its own time. */
function withCallback(original: Callable, self: unknown, args: unknown[]): unknown {
  const call = `crypto.${original.name} with a callback`;
  const guard = forbidding({ call, fix: `Call crypto.${original.name} without a callback.` });
  return Reflect.apply(guard(original), self, args as never[]);
}

function filled(code: GuardedCode, result: unknown): unknown {
  seededBytes(seed(code), bytesOf(result));
  return result;
}

function filledPart(code: GuardedCode, result: unknown, [, offset = 0, size]: readonly unknown[]): unknown {
  const { BYTES_PER_ELEMENT: unit = 1 } = result as { readonly BYTES_PER_ELEMENT?: number };
  const from = Number(offset) * unit;
  const bytes = bytesOf(result);
  seededBytes(seed(code), bytes.subarray(from, size === undefined ? undefined : from + Number(size) * unit));
  return result;
}

function integer(code: GuardedCode, _: unknown, args: readonly unknown[]): number {
  const [min, max] = args.length === 1 ? [0, Number(args[0])] : [Number(args[0]), Number(args[1])];
  return min + Math.floor(code.random() * (max - min));
}

/** RFC 9562, section 5.7: 48 bits of time, then random bits. */
function uuidV7(code: GuardedCode): string {
  const time = code.now().toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8, 12)}-7${seededUuid(seed(code)).slice(15)}`;
}

const inActivity = "Call it in an activity, and return what it makes.";

function forbid(target: object, label: string, names: readonly string[]): void {
  for (const name of names) replace(target, name, forbidding({ call: `${label}.${name}`, fix: inActivity }));
}

/** Guards every source of random numbers of this process. */
export function guardRandomness(): void {
  replace(
    Math,
    "random",
    instead((code) => code.random()),
  );
  const crypto = process.getBuiltinModule("node:crypto");
  const uuid = overwritten((code) => seededUuid(seed(code)));
  for (const target of [crypto, Crypto.prototype]) {
    replace(target, "randomUUID", uuid);
    replace(target, "getRandomValues", overwritten(filled));
  }
  replace(crypto, "randomUUIDv7", overwritten(uuidV7));
  replace(crypto, "randomBytes", overwritten(filled));
  replace(crypto, "pseudoRandomBytes", overwritten(filled));
  replace(crypto, "randomFillSync", overwritten(filledPart));
  replace(crypto, "randomInt", overwritten(integer));
  forbid(crypto, "crypto", [
    "randomFill",
    "generateKey",
    "generateKeySync",
    "generateKeyPair",
    "generateKeyPairSync",
    "generatePrime",
    "generatePrimeSync",
    "pbkdf2",
    "scrypt",
    "hkdf",
    "checkPrime",
  ]);
  const { prototype } = SubtleCrypto;
  const methods = Object.getOwnPropertyNames(prototype).filter((name) => name !== "constructor");
  forbid(prototype, "crypto.subtle", methods);
}
