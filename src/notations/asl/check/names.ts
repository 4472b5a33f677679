/** Checks names of states and labels of Map states: they are unique in the whole machine. */
import type { Rule } from "./fields.ts";
import type { Place } from "./place.ts";

const longestName = 80;
const longestLabel = 40;
const badInLabel = /[\s?*<>{}[\]:;,\\|^~$#%&`"\p{Cc}]/u;

/** A state's name. */
export function checkStateName(name: string, at: Place): void {
  const { names, awsLimits } = at.rules;
  if (name === "") at.error("The state name cannot be empty", "INVALID_STATE_NAME");
  if (awsLimits && [...name].length > longestName)
    at.error(
      `The state name '${name}' exceeds the ${longestName}-character limit allowed by the service`,
      "INVALID_STATE_NAME",
    );
  if (names.has(name)) at.error(`Duplicate State name: ${name}`, "DUPLICATE_STATE_NAME");
  names.add(name);
}

/** The field `Label`. */
export const checkLabel: Rule = (value, at) => {
  if (typeof value !== "string") return at.error("Expected value of type [STRING]");
  if (value === "") return at.error("Label cannot be empty", "INVALID_LABEL_NAME");
  const [bad] = badInLabel.exec(value) ?? [];
  if (bad !== undefined)
    return at.error(`Label contains invalid character: ${quotedText(bad)}`, "INVALID_LABEL_NAME");
  if ([...value].length > longestLabel)
    return at.error(`Label cannot exceed ${longestLabel} characters`, "INVALID_LABEL_NAME");
  const { labels } = at.rules;
  if (labels.has(value)) at.error(`Duplicate Label name: ${value}`, "DUPLICATE_LABEL_NAME");
  labels.add(value);
};

/** The text in quotes as the recorded messages have it: single ones if there is none inside, and escapes in `\x12`. */
export function quotedText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = [...text].map((char) => (char === quote ? `\\${char}` : escapedChar(char))).join("");
  return `${quote}${escaped}${quote}`;
}

const short: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escapedChar(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const control = code < 0x20 || (code >= 0x7f && code <= 0xa0) || code === 0xad;
  return short[char] ?? (control ? `\\x${code.toString(16).padStart(2, "0")}` : char);
}
