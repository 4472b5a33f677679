// What cannot be stored fails at once, names its path and its kind, and costs a bounded amount of work.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PayloadError } from "../../src/core/errors.ts";
import { decodePayload, encodePayload, type EncodeOptions } from "../../src/core/payload.ts";
import type { EncodeState } from "../../src/core/payload-refuse.ts";
import { walk } from "../../src/core/payload-walk.ts";
import { anyValue } from "./values.ts";
import { runs } from "../support/properties.ts";

function refusal(value: unknown, options: EncodeOptions = {}): PayloadError {
  try {
    encodePayload(value, options);
  } catch (error) {
    if (error instanceof PayloadError) return error;
    throw error;
  }
  return expect.fail("the value was stored");
}

function nested(levels: number, wrap: (inner: unknown) => unknown, innermost: unknown = 0): unknown {
  let value = innermost;
  for (let level = 0; level < levels; level++) value = wrap(value);
  return value;
}

class Socket {
  readonly fd = 3;
}

describe("what cannot be stored", () => {
  it.each<[string, unknown, string]>([
    ["$", () => 1, "a function"],
    ["$", Symbol("s"), "a symbol"],
    ["$", new Socket(), "an instance of Socket"],
    ["$", Promise.resolve(), "an instance of Promise"],
    ["$", new WeakMap(), "an instance of WeakMap"],
    ["$", new Float64Array(1), "an instance of Float64Array"],
    ["$", /a/u, "an instance of RegExp"],
    ["$", Object.create({}), "an instance of Object"],
    ["$", Object.create(Object.create(null) as object), "an instance of a class"],
    ["$.user.socket", { a: { b: 1 }, user: { name: "x", socket: new Socket() } }, "an instance of Socket"],
    ["$.items[3].run", { items: [0, {}, [[1]], { run: () => 1 }] }, "a function"],
    ['$["a b"]["0"][""]', { "a b": { 0: { "": Symbol("s") } } }, "a symbol"],
    ['$["a\\u001b[31m"]', { "a\u001b[31m": () => 1 }, "a function"],
    ['$.byId.get("x").f', { byId: new Map([["x", { f: () => 1 }]]) }, "a function"],
    ["$.byId.get(7)", { byId: new Map([[7, () => 1]]) }, "a function"],
    [
      "$.m.keys()[1]",
      {
        m: new Map<unknown, unknown>([
          [1, 1],
          [() => 1, 2],
        ]),
      },
      "a function",
    ],
    ["$.m.values()[0]", { m: new Map<unknown, unknown>([[{}, () => 1]]) }, "a function"],
    ["$[1].values()[1].x", [0, new Set([1, { x: () => 1 }])], "a function"],
    ["$.a.socket", { a: { toJSON: () => ({ socket: new Socket() }) } }, "an instance of Socket"],
    ["$.late", { when: new Date(0), late: () => 1 }, "a function"],
  ])("is named with its path %s", (path, value, found) => {
    expect(refusal(value)).toMatchObject({
      code: "DRM-PAYLOAD-UNSUPPORTED",
      path,
      found,
      nonRetryable: true,
    });
  });

  it("is reported with the subject, the path, the kind and the advice", () => {
    const { message } = refusal({ user: { socket: new Socket() } }, { subject: 'The input of "search"' });
    expect(message).toContain(
      'The input of "search" cannot be stored: $.user.socket is an instance of Socket.',
    );
    expect(message).toContain("fix: Pass plain data");
    expect(refusal({ p: Promise.resolve() }).message).toContain("fix: Await the promise");
  });

  it("may be a getter, a proxy or toJSON that throws: the error is the cause", () => {
    const thrown = new TypeError("not now");
    const fail = (): never => {
      throw thrown;
    };
    const getter = Object.defineProperty({}, "b", { get: fail, enumerable: true });
    expect(refusal({ a: [getter] })).toMatchObject({ path: "$.a[0].b", cause: thrown });
    expect(refusal({ a: new Proxy({}, { ownKeys: fail }) })).toMatchObject({ path: "$.a", cause: thrown });
    expect(refusal(new Proxy({}, { getPrototypeOf: fail }))).toMatchObject({ path: "$", cause: thrown });
    expect(refusal({ a: { toJSON: fail } })).toMatchObject({ path: "$.a", cause: thrown });
  });

  it("may be a getter that throws the second time only", () => {
    let calls = 0;
    const value = {
      get a(): number {
        if (++calls > 1) throw new TypeError("once only");
        return 1;
      },
    };
    expect(refusal(value)).toMatchObject({ code: "DRM-PAYLOAD-UNSUPPORTED" });
  });

  it("may be a cycle, of which both ends are named", () => {
    const value: { a: { b: { self?: unknown } } } = { a: { b: {} } };
    value.a.b.self = value.a;
    expect(refusal(value)).toMatchObject({
      code: "DRM-PAYLOAD-UNSUPPORTED",
      path: "$.a.b.self",
      found: "a reference back to $.a",
    });
    const map = new Map<string, unknown>();
    map.set("me", map);
    expect(refusal(map)).toMatchObject({ path: '$.get("me")', found: "a reference back to $" });
    class Same {
      toJSON(): unknown {
        return this;
      }
    }
    expect(refusal(new Same())).toMatchObject({ path: "$", found: "a reference back to $" });
  });

  it("is not a part that appears twice without a cycle", () => {
    const shared = { x: new Date(1) };
    expect(decodePayload(encodePayload([shared, shared]))).toEqual([shared, shared]);
  });
});

describe("the depth limit", () => {
  it.each<[string, (inner: unknown) => unknown]>([
    ["objects", (inner) => ({ inner })],
    ["arrays", (inner) => [inner]],
    ["Maps", (inner) => new Map([[inner, 1]])],
    ["Sets", (inner) => new Set([inner])],
    ["objects with a $daruma key", (inner) => ({ $daruma: inner })],
  ])("is 500 levels of %s", (_name, wrap) => {
    const deepest = nested(500, wrap);
    expect(encodePayload(decodePayload(encodePayload(deepest)))).toBe(encodePayload(deepest));
    expect(refusal(nested(501, wrap))).toMatchObject({
      code: "DRM-PAYLOAD-TOO-DEEP",
      expected: "at most 500 levels",
    });
  });

  it("stops 10,000 levels without a stack overflow", () => {
    expect(refusal(nested(10_000, (inner) => ({ inner }))).code).toBe("DRM-PAYLOAD-TOO-DEEP");
    expect(refusal(JSON.parse("[".repeat(10_000) + "]".repeat(10_000))).code).toBe("DRM-PAYLOAD-TOO-DEEP");
    expect(refusal(nested(10_000, (inner) => ({ toJSON: () => ({ inner }) }))).code).toBe(
      "DRM-PAYLOAD-TOO-DEEP",
    );
  });

  it("keeps the path short", () => {
    expect(refusal(nested(501, (inner) => [inner])).path?.length).toBeLessThan(200);
  });
});

describe("the size limit", () => {
  it("counts UTF-8 bytes of the JSON text", () => {
    expect(encodePayload("éé", { maxBytes: 6 })).toBe('"éé"');
    expect(refusal("éé", { maxBytes: 5 })).toMatchObject({
      code: "DRM-PAYLOAD-TOO-LARGE",
      expected: "at most 5 bytes of JSON in UTF-8 (limits.payloadBytes)",
      found: "6 bytes",
    });
    expect(encodePayload("€😀", { maxBytes: 9 })).toBe('"€😀"');
    expect(refusal("€😀", { maxBytes: 8 }).found).toBe("9 bytes");
  });

  it("is 2 MiB where nothing else is said", () => {
    const largest = "x".repeat(2 * 1024 * 1024 - 2);
    expect(encodePayload(largest)).toHaveLength(2 * 1024 * 1024);
    expect(refusal(`${largest}x`).code).toBe("DRM-PAYLOAD-TOO-LARGE");
  });

  it("is exact: a value fits its own size and nothing less", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const bytes = Buffer.byteLength(encodePayload(value));
        expect(encodePayload(value, { maxBytes: bytes })).toBe(encodePayload(value));
        expect(refusal(value, { maxBytes: bytes - 1 }).code).toBe("DRM-PAYLOAD-TOO-LARGE");
      }),
      { numRuns: runs(500) },
    );
  });

  it("ends early for a small value that would be a huge text", () => {
    const shared = nested(60, (inner) => ({ left: inner, right: inner }));
    expect(refusal(shared).code).toBe("DRM-PAYLOAD-TOO-LARGE");
    const sparse: unknown[] = [];
    sparse[4_000_000_000] = 1;
    expect(refusal(sparse).code).toBe("DRM-PAYLOAD-TOO-LARGE");
    const long = "x".repeat(1_000_000);
    expect(refusal(Array.from({ length: 100_000 }, () => [long])).code).toBe("DRM-PAYLOAD-TOO-LARGE");
    expect(refusal(new Uint8Array(3 * 1024 * 1024)).code).toBe("DRM-PAYLOAD-TOO-LARGE");
  });
});

describe("the walk", () => {
  const state = (): EncodeState => ({
    depth: 0,
    size: 0,
    keys: [],
    objects: [],
    maxBytes: 1_000_000,
    subject: "The value",
    errorToData: () => ({}),
  });

  it("copies nothing where JSON is enough", () => {
    const value = { a: [1, { b: "x" }], c: { $: null } };
    expect(walk(value, state())).toBe(value);
  });

  it("copies only what is around a tagged value", () => {
    const value = { plain: { a: 1 }, tagged: [new Date(0)] };
    const walked = walk(value, state()) as typeof value;
    expect(walked).not.toBe(value);
    expect(walked.plain).toBe(value.plain);
  });
});
