/** Base64 as AWS decodes it: what is not in the alphabet is passed over, `-` and `_` count as `+` and `/`, and padding is the end and may be missing. */

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const sextets: ReadonlyMap<string, number> = new Map([
  ...Array.from(alphabet).map((letter, sextet): [string, number] => [letter, sextet]),
  ["-", 62],
  ["_", 63],
]);

export function bytesOfBase64(text: string): Uint8Array {
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const letter of text) {
    if (letter === "=") break;
    const sextet = sextets.get(letter);
    if (sextet === undefined) continue;
    bits = ((bits << 6) | sextet) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push((bits >> count) & 0xff);
  }
  return Uint8Array.from(bytes);
}
