/** Functions about texts. */
import { toBase64 } from "../../../core/base64.ts";
import { bytesOfBase64 } from "./base64-lenient.ts";
import { define } from "./define.ts";
import { format } from "./format.ts";
import { hashOf } from "./hash.ts";
import { javaText } from "./java-text.ts";
import type { Arguments, Intrinsic } from "./problem.ts";

/** Characters that Base64Encode, Base64Decode and Hash take. */
const maxCharacters = 10_000;

const encoder = new TextEncoder();
// A byte order mark is a character like any other.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export const textFunctions: { readonly [name: string]: Intrinsic } = {
  "States.Format": {
    least: 1,
    most: Infinity,
    run: ([template = null, ...values]) => format(template, values),
  },

  // Each character of the second argument separates, and empty parts are left out.
  "States.StringSplit": define("States.StringSplit", 2, (given) => {
    const text = given.text(0);
    const separators = new Set(given.text(1));
    const parts = [""];
    for (const character of text)
      if (separators.has(character)) parts.push("");
      else parts[parts.length - 1] += character;
    return parts.filter((part) => part !== "");
  }),

  "States.Base64Encode": define("States.Base64Encode", 1, (given) =>
    toBase64(encoder.encode(short(given, given.text(0)))),
  ),

  "States.Base64Decode": define("States.Base64Decode", 1, (given) =>
    decoder.decode(bytesOfBase64(short(given, given.text(0)))),
  ),

  // What is not a text is hashed as its text.
  "States.Hash": define("States.Hash", 2, (given) => {
    const text = short(given, javaText(given.value(0)));
    return hashOf(text, given.text(1)) ?? given.refuse();
  }),
};

function short(given: Arguments, text: string): string {
  return text.length > maxCharacters ? given.refuse() : text;
}
