/**
 * Randomness that is a function of a seed.
 *
 * `JavaRandom` is the linear congruential generator that the documentation of `java.util.Random` specifies; AWS's `$random(seed)` gives its first
 * double. `$random()` and `$uuid()` without a seed draw from the same generator, seeded by a text.
 */
const multiplier = 0x5_de_ec_e6_6dn;
const addend = 0xbn;
const mask = (1n << 48n) - 1n;

export class JavaRandom {
  #state: bigint;

  /** @param seed a 64-bit integer; what is beyond wraps around. */
  constructor(seed: bigint) {
    this.#state = (seed ^ multiplier) & mask;
  }

  /** The next `count` bits, at most 32, as an unsigned number. */
  bits(count: number): number {
    this.#state = (this.#state * multiplier + addend) & mask;
    return Number(this.#state >> BigInt(48 - count));
  }

  /** In [0, 1), with 53 bits. */
  double(): number {
    return (this.bits(26) * 2 ** 27 + this.bits(27)) / 2 ** 53;
  }

  /** A version 4 UUID. */
  uuid(): string {
    const bytes = Array.from({ length: 16 }, () => this.bits(8));
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }
}

/** A generator whose numbers depend on every character of `seed` (FNV-1a, 64 bits). */
export function randomOf(seed: string): JavaRandom {
  let hash = 0xcbf2_9ce4_8422_2325n;
  for (let at = 0; at < seed.length; at++)
    hash = BigInt.asUintN(64, (hash ^ BigInt(seed.charCodeAt(at))) * 0x100_0000_01b3n);
  return new JavaRandom(hash ^ (hash >> 23n));
}
