/** Base64 with padding (RFC 4648, section 4), for places where neither Buffer nor `toBase64` can be counted on. */

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const padding = 61;
const decoder = new TextDecoder();

const codes = Uint8Array.from(alphabet, (letter) => letter.charCodeAt(0));
const sextets = new Int16Array(128).fill(-1);
for (const [sextet, code] of codes.entries()) sextets[code] = sextet;

/** The bytes as Base64 text. */
export function toBase64(bytes: Uint8Array): string {
  const { length } = bytes;
  const ascii = new Uint8Array(Math.ceil(length / 3) * 4);
  for (let at = 0, to = 0; at < length; at += 3, to += 4) {
    const bits = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    ascii[to] = codes[bits >> 18] ?? 0;
    ascii[to + 1] = codes[(bits >> 12) & 63] ?? 0;
    ascii[to + 2] = at + 1 < length ? (codes[(bits >> 6) & 63] ?? 0) : padding;
    ascii[to + 3] = at + 2 < length ? (codes[bits & 63] ?? 0) : padding;
  }
  return decoder.decode(ascii);
}

function sextetAt(text: string, index: number): number {
  return sextets[text.charCodeAt(index)] ?? -1;
}

/** The bytes of a Base64 text, or undefined if it is none. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padded = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const letters = text.length - padded;
  const bytes = new Uint8Array((text.length / 4) * 3 - padded);
  for (let at = 0, to = 0; at < text.length; at += 4, to += 3) {
    let bits = 0;
    for (let index = at; index < at + 4; index++) {
      const sextet = index < letters ? sextetAt(text, index) : 0;
      if (sextet < 0) return undefined;
      bits = (bits << 6) | sextet;
    }
    // Writes beyond the end of a typed array do nothing.
    bytes[to] = bits >> 16;
    bytes[to + 1] = bits >> 8;
    bytes[to + 2] = bits;
  }
  return bytes;
}
