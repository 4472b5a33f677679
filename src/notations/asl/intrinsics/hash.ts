/** Hashes of texts, for intrinsic functions and JSONata alike. Pure code: a workflow may be where Node's crypto is not. */
import { md5, sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

const algorithms: ReadonlyMap<string, (bytes: Uint8Array) => Uint8Array> = new Map([
  ["MD5", md5],
  ["SHA-1", sha1],
  ["SHA-256", sha256],
  ["SHA-384", sha384],
  ["SHA-512", sha512],
]);

const encoder = new TextEncoder();

/** The hash of the text's UTF-8 in lower-case hexadecimal digits; undefined if there is no such algorithm. Names are as AWS spells them. */
export function hashOf(text: string, algorithm: string): string | undefined {
  const hash = algorithms.get(algorithm);
  return hash === undefined ? undefined : bytesToHex(hash(encoder.encode(text)));
}
