/** StringMatches: `*` stands for any characters, or none; `\*` is an asterisk and `\\` a backslash. In time that is linear in the text for each part of the pattern. */

export function matchesPattern(text: string, pattern: string): boolean {
  const parts = partsOf(pattern);
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  // The leftmost place of each part leaves the most room for those after it.
  let at = first.length;
  const end = text.length - last.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

/** What stands before, between and after the asterisks. */
function partsOf(pattern: string): readonly string[] {
  const parts: string[] = [];
  let part = "";
  for (let at = 0; at < pattern.length; at++) {
    const here = pattern.charAt(at);
    if (here === "*") {
      parts.push(part);
      part = "";
    } else if (here === "\\" && at + 1 < pattern.length) part += pattern.charAt(++at);
    else part += here;
  }
  return [...parts, part];
}
