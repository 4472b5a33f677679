/**
 * Text from users made safe for terminals, logs and error messages.
 *
 * What is replaced: C0 and C1 control characters (so NUL and the ESC that starts an ANSI sequence), DEL, the line and
 * paragraph separators, the characters that turn the direction of text, and halves of surrogate pairs. All of them can
 * hide or forge what a reader sees, or do not survive a store.
 */

/** Characters that a name may not have and that `printable` replaces. Without the `g` flag, so that `test` keeps no state. */
export const unprintable: RegExp =
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/u;

const everyUnprintable = new RegExp(unprintable.source, "gu");

function escapeCharacter(character: string): string {
  if (character === "\n") return String.raw`\n`;
  if (character === "\r") return String.raw`\r`;
  if (character === "\t") return String.raw`\t`;
  const code = character.charCodeAt(0);
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, "0")}`
    : `\\u${code.toString(16).padStart(4, "0")}`;
}

/** One line of text that is safe on a terminal: each unprintable character is written as `\n`, `\x1b`, `\u202e`. */
export function printable(text: string): string {
  return unprintable.test(text) ? text.replace(everyUnprintable, escapeCharacter) : text;
}

/** Like `printable`, but line ends and tabs stay: for text that may have several lines. */
export function printableLines(text: string): string {
  if (!unprintable.test(text)) return text;
  return text.replace(everyUnprintable, (found) =>
    found === "\n" || found === "\t" ? found : escapeCharacter(found),
  );
}

/** At most `length` characters of the text, never half a surrogate pair, with a mark that says how much is missing. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  const end = last >= 0xd800 && last <= 0xdbff ? length - 1 : length;
  return `${text.slice(0, end)}… (${text.length - end} more characters)`;
}
