import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromBase64, toBase64 } from "../../src/core/base64.ts";
import { runs } from "../support/properties.ts";

describe("Base64", () => {
  it("agrees with Node's", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const text = Buffer.from(bytes).toString("base64");
        expect(toBase64(bytes)).toBe(text);
        expect(fromBase64(text)).toEqual(bytes);
      }),
      { numRuns: runs(300) },
    );
  });

  it("takes megabytes", () => {
    const bytes = Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 7) & 255);
    expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
  });

  it.each(["a", "ab=", "a===", "ab*=", "====", "ab\u{100}=", "ab==ab=="])("refuses %s", (text) => {
    expect(fromBase64(text)).toBeUndefined();
  });
});
