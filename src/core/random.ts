/**
 * Randomness that is a function of a text: the numbers that workflow code sees, the same again on every replay.
 *
 * Invariant: the numbers for a seed never change, in any version; histories depend on them. A test pins some.
 * Not for secrets.
 */

/** Mixes the text into a 32-bit number; `salt` makes independent numbers of one text. */
function hash(text: string, salt: number): number {
  let mixed = (0x9e3779b9 ^ salt) | 0;
  for (let index = 0; index < text.length; index++) {
    mixed = Math.imul(mixed ^ text.charCodeAt(index), 0x85ebca6b);
    mixed = (mixed << 13) | (mixed >>> 19);
  }
  mixed = Math.imul(mixed ^ text.length ^ (mixed >>> 16), 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0x27d4eb2f);
  return (mixed ^ (mixed >>> 16)) | 0;
}

/** A generator of 32-bit numbers: sfc32 of Chris Doty-Humphrey's PractRand, with 128 bits of state. */
function generator(seed: string): () => number {
  let a = hash(seed, 1);
  let b = hash(seed, 2);
  let c = hash(seed, 3);
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  // The first numbers still show the seed.
  for (let round = 0; round < 12; round++) next();
  return next;
}

/** Numbers from 0 to below 1 with 53 random bits, like Math.random: the same row for the same seed. */
export function seededRandom(seed: string): () => number {
  const next = generator(seed);
  return () => ((next() >>> 5) * 67_108_864 + (next() >>> 6)) / 9_007_199_254_740_992;
}

/** Fills the array with random bytes and returns it. */
export function seededBytes(random: () => number, into: Uint8Array): Uint8Array {
  for (let index = 0; index < into.length; index++) into[index] = Math.floor(random() * 256);
  return into;
}

/** A UUID of version 4 and the RFC's variant (RFC 9562, section 5.4). */
export function seededUuid(random: () => number): string {
  const bytes = seededBytes(random, new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
