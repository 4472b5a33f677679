import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkName, printable, printableLines } from "../../src/core/names.ts";
import { cut } from "../../src/core/printable.ts";
import { runs } from "../support/properties.ts";

describe("checkName", () => {
  it.each(["a", "order 12/α", "だるま", "😀", "x".repeat(256), "__proto__", "../..", " a "])(
    "takes %j",
    (name) => {
      expect(checkName("run id", name)).toBe(name);
    },
  );

  it.each<[unknown, string]>([
    ["", '""'],
    [" \t", String.raw`" \t"`],
    ["a\u0000", String.raw`"a\x00"`],
    ["a\u001b[31m", String.raw`"a\x1b[31m"`],
    ["two\nlines", String.raw`"two\nlines"`],
    ["a\u0085", String.raw`"a\x85"`],
    ["a\u2028b", String.raw`"a\u2028b"`],
    ["\u202etxt.exe", String.raw`"\u202etxt.exe"`],
    ["half \ud83d", String.raw`"half \ud83d"`],
    ["x".repeat(257), `"${"x".repeat(80)}… (177 more characters)"`],
    [undefined, "a value of type undefined"],
    [null, "null"],
    [5, "a value of type number"],
  ])("refuses %j and shows it safely", (name, found) => {
    expect(() => checkName("run id", name)).toThrow(
      expect.objectContaining({ code: "DRM-INVALID-NAME", subject: "run id", found }),
    );
  });

  it("takes the limit from the limits", () => {
    expect(checkName("signal", "abc", { nameLength: 3 })).toBe("abc");
    expect(() => checkName("signal", "abcd", { nameLength: 3 })).toThrow(
      "at most 3 characters (limits.nameLength)",
    );
  });
});

describe("printable", () => {
  it("leaves safe text as it is, in any language", () => {
    expect(printable("plain, だるま, 😀, é")).toBe("plain, だるま, 😀, é");
  });

  it("leaves no control character in any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
        expect(printableLines(text).replaceAll(/[\n\t]/gu, "")).not.toMatch(/\p{Cc}/u);
        expect(printable(printable(text))).toBe(printable(text));
      }),
      { numRuns: runs(500) },
    );
  });

  it("keeps lines only where lines are wanted", () => {
    expect(printable("a\n\tb\r")).toBe(String.raw`a\n\tb\r`);
    expect(printableLines("a\n\tb\r")).toBe("a\n\tb\\r");
  });
});

describe("cut", () => {
  it("never splits a pair of surrogates", () => {
    expect(cut("abc", 3)).toBe("abc");
    expect(cut("ab😀c", 3)).toBe("ab… (3 more characters)");
    expect(cut("ab😀c", 4)).toBe("ab😀… (1 more characters)");
  });
});
