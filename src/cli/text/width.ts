/** How many columns a text takes on a terminal. Chinese, Japanese and Korean characters and emoji take two (Unicode TR 11, "W" and "F"). */

const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1faff],
  [0x20000, 0x3fffd],
];

/** Colors take no room. */
// oxlint-disable-next-line no-control-regex -- the sequences begin with one
const styles = /\u001b\[[\d;]*m/g;

const nothing = /[\p{Mn}\p{Me}\p{Cf}]/u;

function columnsOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (nothing.test(character)) return 0;
  return wide.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}

/** Columns of one line. */
export function width(line: string): number {
  let columns = 0;
  for (const character of line.replaceAll(styles, "")) columns += columnsOf(character);
  return columns;
}

/** The text, cut with "…" so that it takes at most so many columns. It must have no styles. */
export function fit(text: string, columns: number): string {
  let used = 0;
  let kept = "";
  for (const character of text) {
    used += columnsOf(character);
    if (used > columns) return shorten(kept, columns);
    kept += character;
  }
  return text;
}

function shorten(text: string, columns: number): string {
  const characters = [...text];
  while (characters.length > 0 && width(characters.join("")) > columns - 1) characters.pop();
  return columns < 1 ? "" : `${characters.join("")}…`;
}

/** The text with spaces up to so many columns. */
export function padTo(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - width(text)));
}
