// Payloads come back as they were: examples by kind, then any value at all.
import { isDeepStrictEqual } from "node:util";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TimeoutError } from "../../src/core/errors.ts";
import { decodePayload, encodePayload, type Payload } from "../../src/core/payload.ts";
import { anyValue } from "./values.ts";
import { runs } from "../support/properties.ts";

function roundTrip(value: unknown): unknown {
  return decodePayload(encodePayload(value));
}

function outcome(text: Payload): unknown {
  try {
    decodePayload(text);
    return "read";
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

describe("a payload", () => {
  it("is plain JSON where JSON is enough", () => {
    const value = { a: 1, b: "x", c: [true, null, { d: 1.5 }] };
    expect(encodePayload(value)).toBe(JSON.stringify(value));
  });

  it.each([
    ["undefined", undefined],
    ["null", null],
    ["undefined in an array", [1, undefined, 2]],
    ["NaN", Number.NaN],
    ["Infinity", [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
    ["minus zero", { zero: -0 }],
    ["a bigint", 123_456_789_012_345_678_901_234_567_890n],
    ["a negative bigint", [-1n]],
    ["a Date", new Date("2026-03-01T12:00:00.123Z")],
    ["the last Date", new Date(8.64e15)],
    ["the first Date", new Date(-8.64e15)],
    ["an invalid Date", new Date(Number.NaN)],
    [
      "a Map",
      new Map<unknown, unknown>([
        ["a", 1],
        [{ k: 1 }, new Date(0)],
        [undefined, undefined],
      ]),
    ],
    ["a Set", new Set([1, "a", null, undefined, new Set([1n])])],
    ["bytes", Uint8Array.from([0, 1, 254, 255])],
    ["no bytes", new Uint8Array(0)],
    ["lone surrogates", ["\ud800", { "\udc00": "a\udfffb" }]],
    ["NUL and ANSI escapes", "\u0000\u001b[31mred"],
    ["a user's $daruma key", { $daruma: "Date", value: "mine" }],
    [
      "a user's $daruma key around a Date",
      { $daruma: new Date(1), other: { $daruma: null, x: { $daruma: 1 } } },
    ],
    ["the text of a tag", '{"$daruma":"Date","value":null}'],
  ])("keeps %s", (_name, value) => {
    expect(roundTrip(value)).toEqual(value);
    expect(isDeepStrictEqual(roundTrip({ inside: [value] }), { inside: [value] })).toBe(true);
  });

  it("keeps each value that fits, whatever it is made of", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(isDeepStrictEqual(roundTrip(value), value)).toBe(true);
      }),
      { numRuns: runs(500) },
    );
  });

  it("does not change the value that it encodes", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const before = structuredClone(value);
        encodePayload(value);
        expect(isDeepStrictEqual(before, value)).toBe(true);
      }),
      { numRuns: runs(200) },
    );
  });

  it("encodes a decoded value to the same text again", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const payload = encodePayload(value);
        expect(encodePayload(decodePayload(payload))).toBe(payload);
      }),
      { numRuns: runs(200) },
    );
  });

  it("drops undefined properties, symbol keys and hidden properties, as JSON does", () => {
    const value = Object.defineProperty({ a: undefined, b: 1, [Symbol("s")]: 2 }, "hidden", { value: 3 });
    expect(encodePayload(value)).toBe('{"b":1}');
    expect(roundTrip({ a: undefined, when: new Date(0), z: undefined })).toEqual({ when: new Date(0) });
    expect(Object.keys(roundTrip({ a: undefined, when: new Date(0) }) as object)).toEqual(["when"]);
  });

  it("gives plain objects, arrays without holes, the values of getters", () => {
    expect(roundTrip(Object.assign(Object.create(null), { a: 1 }))).toEqual({ a: 1 });
    // oxlint-disable-next-line no-sparse-arrays -- holes are the case
    expect(roundTrip([1, , 3])).toEqual([1, undefined, 3]);
    expect(
      roundTrip({
        get now() {
          return new Date(5);
        },
      }),
    ).toEqual({ now: new Date(5) });
    expect(roundTrip(new Proxy({ a: [1n] }, {}))).toEqual({ a: [1n] });
  });

  it("gives a Uint8Array for a Buffer and a Map for a class that extends it", () => {
    class Registry extends Map<string, number> {}
    const bytes = roundTrip(Buffer.from("hello"));
    expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
    expect(Buffer.from(bytes as Uint8Array).toString()).toBe("hello");
    expect(roundTrip(new Registry([["a", 1]]))).toEqual(new Map([["a", 1]]));
  });

  it("takes values of another realm", () => {
    const foreign: unknown = runInNewContext(
      "({ d: new Date(7), m: new Map([[1, new Set([2])]]), a: [{}], e: new TypeError('far') })",
    );
    const { d, m, a, e } = roundTrip(foreign) as { d: unknown; m: unknown; a: unknown; e: Error };
    expect([d, m, a]).toEqual([new Date(7), new Map([[1, new Set([2])]]), [{}]]);
    expect(e).toBeInstanceOf(TypeError);
  });

  it("keeps errors with their class and cause", () => {
    const cause = new TimeoutError({ timeout: "block" });
    const error = roundTrip({ error: new RangeError("too far", { cause }) }) as { error: RangeError };
    expect(error.error).toBeInstanceOf(RangeError);
    expect(error.error.message).toBe("too far");
    expect(error.error.cause).toBeInstanceOf(TimeoutError);
    expect(error.error.cause).toMatchObject({ timeout: "block", message: cause.message });
  });
});

describe("__proto__ keys", () => {
  it("are plain data and never a prototype", () => {
    const value: unknown = JSON.parse('{"__proto__":{"polluted":true},"deep":{"__proto__":null}}');
    const back = roundTrip(value) as Record<string, unknown>;
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
    expect(Object.keys(back)).toEqual(["__proto__", "deep"]);
    expect(back["polluted"]).toBeUndefined();
    expect(Object.keys(back["deep"] as object)).toEqual(["__proto__"]);
  });

  it("stay so next to and around tagged values", () => {
    const value = JSON.parse('{"__proto__":{"x":1},"a":{"__proto__":7}}') as Record<
      string,
      Record<string, unknown>
    >;
    Object.defineProperty(value["a"], "__proto__", { value: new Date(9), enumerable: true });
    const back = roundTrip(value) as Record<string, Record<string, unknown>>;
    expect(isDeepStrictEqual(back, value)).toBe(true);
    expect(Object.getPrototypeOf(back["a"])).toBe(Object.prototype);
    expect(Object.getOwnPropertyDescriptor(back["a"], "__proto__")?.value).toEqual(new Date(9));
  });
});

describe("toJSON", () => {
  it("is honored for objects that payloads do not know", () => {
    class Money {
      readonly cents: bigint = 5n;
      toJSON(): unknown {
        return { cents: this.cents };
      }
    }
    expect(roundTrip({ url: new URL("https://example.com/a"), price: new Money() })).toEqual({
      url: "https://example.com/a",
      price: { cents: 5n },
    });
  });

  it("gets the key and is asked once", () => {
    const keys: string[] = [];
    const part = { toJSON: (key: string) => (keys.push(key), { toJSON: () => "again", kept: 1 }) };
    expect(roundTrip({ a: part, list: [part] })).toEqual({ a: { kept: 1 }, list: [{ kept: 1 }] });
    expect(keys).toEqual(["a", "0"]);
  });

  it("does not replace Date, bytes and errors", () => {
    const error = Object.assign(new Error("mine"), { toJSON: () => "no" });
    const back = roundTrip({ error, date: new Date(3), bytes: Buffer.from([1]) });
    expect(back).toMatchObject({ date: new Date(3), bytes: Uint8Array.from([1]) });
    expect((back as { error: Error }).error.message).toBe("mine");
  });
});

describe("a damaged payload", () => {
  it.each([
    "",
    "{",
    '{"$daruma":"Gone"}',
    '{"$daruma":1}',
    '{"$daruma":"object"}',
    '{"$daruma":"number","value":"7"}',
    '{"$daruma":"bigint","value":"0x10"}',
    '{"$daruma":"Date","value":"yesterday"}',
    '{"$daruma":"Date"}',
    '{"$daruma":"Map","value":[[1]]}',
    '{"$daruma":"Map","value":{}}',
    '{"$daruma":"Set","value":"ab"}',
    '{"$daruma":"Uint8Array","value":"a"}',
    '{"$daruma":"Uint8Array","value":"=a=="}',
    '{"$daruma":"Uint8Array","value":"aéaa"}',
    '{"$daruma":"Error","value":"boom"}',
    `${"[".repeat(100_000)}{"$daruma":"undefined"}${"]".repeat(100_000)}`,
  ])("is refused with a typed error (%#)", (text) => {
    expect(() => decodePayload(text as Payload)).toThrow(
      expect.objectContaining({ code: "DRM-PAYLOAD-CORRUPT" }),
    );
  });

  it("is read or refused, never anything else", () => {
    const token = fc.constantFrom(
      '"$daruma"',
      '"value"',
      ":",
      ",",
      "{",
      "}",
      "[",
      "]",
      '"Map"',
      '"Date"',
      "1",
      '"Error"',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 12 }), (tokens) => {
        expect(["read", "DRM-PAYLOAD-CORRUPT"]).toContain(outcome(tokens.join("")));
      }),
      { numRuns: runs(1000) },
    );
  });
});
