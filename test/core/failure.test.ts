// Errors in and out of the store: anything that can be thrown, the classes that come back, what is kept.
import { describe, expect, it } from "vitest";
import {
  ActivityError,
  ApplicationError,
  ChildError,
  DarumaError,
  TimeoutError,
} from "../../src/core/errors.ts";
import { type Failure, fromFailure, toFailure } from "../../src/core/failure.ts";
import { decodePayload } from "../../src/core/payload.ts";
import { samples } from "./error-samples.ts";

/** Through the store: what is not JSON would be lost here. */
function stored(thrown: unknown): Failure {
  const failure = toFailure(thrown);
  expect(JSON.parse(JSON.stringify(failure))).toEqual(failure);
  return failure;
}

function roundTrip(error: unknown): Error {
  return fromFailure(stored(error));
}

function hostile(): object {
  const fail = (): never => {
    throw new Error("hands off");
  };
  return new Proxy(
    {},
    { get: fail, has: fail, getPrototypeOf: fail, ownKeys: fail, getOwnPropertyDescriptor: fail },
  );
}

describe("what is thrown and is no error", () => {
  it.each<[string, unknown, string]>([
    ["undefined", undefined, "Thrown instead of an Error: undefined"],
    ["null", null, "Thrown instead of an Error: null"],
    ["a text", "boom", "boom"],
    ["an empty text", "", ""],
    ["a number", Number.NaN, "Thrown instead of an Error: NaN"],
    ["a bigint", 5n, "Thrown instead of an Error: 5"],
    ["an object", { reason: "x" }, 'Thrown instead of an Error: {"reason":"x"}'],
  ])("keeps %s as the details", (_name, thrown, message) => {
    const failure = stored(thrown);
    expect(failure).toMatchObject({ name: "ThrownValue", message, kind: "value" });
    const error = fromFailure(failure) as Error & { details?: unknown };
    expect(error).toMatchObject({ name: "ThrownValue", message });
    expect(error.details).toEqual(thrown);
  });

  it("describes what cannot be stored", () => {
    expect(stored(() => 1).message).toBe("Thrown instead of an Error: a value of type function");
    expect(stored(Symbol("s")).message).toBe("Thrown instead of an Error: Symbol(s)");
    expect(stored(new Map([["f", () => 1]])).message).toBe(
      "Thrown instead of an Error: a value of type object",
    );
  });

  it("survives a proxy and getters that throw", () => {
    expect(stored(hostile())).toEqual({
      name: "ThrownValue",
      message: "A value that cannot be read was thrown.",
    });
    const fail = (): never => {
      throw new Error("no");
    };
    const error = new Error("outer", { cause: hostile() });
    for (const key of ["name", "stack", "code", "details", "status"]) {
      Object.defineProperty(error, key, { get: fail, enumerable: true });
    }
    const failure = stored(error);
    expect(failure).toMatchObject({ name: "Error", message: "outer", cause: { name: "ThrownValue" } });
    expect(Object.keys(failure).toSorted()).toEqual(["cause", "message", "name"]);
  });

  it("takes an object with a message for an error", () => {
    const failure = stored({ name: "RemoteError", message: "far away", code: "E_FAR", hops: 3 });
    expect(failure).toMatchObject({
      name: "RemoteError",
      message: "far away",
      code: "E_FAR",
      props: '{"hops":3}',
    });
    expect(stored({ message: "only this" })).toMatchObject({ name: "Error", message: "only this" });
  });

  it("gives a cause that is no error back as it was", () => {
    expect(roundTrip(new Error("x", { cause: "a text" })).cause).toBe("a text");
    expect(roundTrip(new Error("x", { cause: { a: [1n] } })).cause).toEqual({ a: [1n] });
    expect(roundTrip(new Error("x", { cause: null })).cause).toBeNull();
  });
});

describe("JavaScript's own errors", () => {
  it.each([Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError])(
    "come back: %o",
    (type) => {
      const error = new type("what happened", { cause: new TypeError("why") });
      const back = roundTrip(error);
      expect(Object.getPrototypeOf(back)).toBe(type.prototype);
      expect(back).toMatchObject({ name: type.name, message: "what happened", stack: error.stack });
      expect(back.cause).toBeInstanceOf(TypeError);
      expect(Object.keys(back)).toEqual([]);
    },
  );

  it("keep the parts of an AggregateError", () => {
    const back = roundTrip(new AggregateError([new RangeError("one"), "two"], "both")) as AggregateError;
    expect(back).toBeInstanceOf(AggregateError);
    expect(back.errors[0]).toBeInstanceOf(RangeError);
    expect(back.errors[1]).toMatchObject({ message: "two" });
  });

  it("keep 100 parts and say how many more there were", () => {
    const many = Array.from({ length: 5_000 }, (_, index) => new Error(String(index)));
    const { errors } = roundTrip(new AggregateError(many, "all")) as AggregateError;
    expect(errors).toHaveLength(100);
    expect((errors as Error[]).at(-1)?.message).toBe("4901 more errors were not kept.");
  });

  it("come back from an aborted signal with the name", () => {
    const failure = stored(new DOMException("stop", "AbortError"));
    expect(fromFailure(failure)).toMatchObject({ name: "AbortError", message: "stop" });
  });
});

describe("errors of users", () => {
  class QuotaError extends Error {
    readonly status = 429;
    readonly code = "E_QUOTA";
  }

  it("get the name of their class if they set none", () => {
    expect(stored(new QuotaError("x")).name).toBe("QuotaError");
    expect(stored(new (class extends TypeError {})("x")).name).toBe("TypeError");
    expect(stored(Object.assign(new QuotaError("x"), { name: "Mine" })).name).toBe("Mine");
  });

  it("keep name, message, stack, code and other properties", () => {
    const error = Object.assign(new QuotaError("over quota"), { at: new Date(1), tries: [1n], run: () => 1 });
    const back = roundTrip(error);
    expect(back).toBeInstanceOf(Error);
    expect(back).toMatchObject({
      name: "QuotaError",
      message: "over quota",
      stack: error.stack,
      code: "E_QUOTA",
    });
    expect(Object.fromEntries(Object.entries(back))).toEqual({
      code: "E_QUOTA",
      status: 429,
      at: new Date(1),
      tries: [1n],
    });
  });

  it("keep a numeric code, details and the wish for a retry", () => {
    const error = Object.assign(new Error("x"), { code: 7, details: new Map([["a", 1]]), retryAfter: "2m" });
    expect(stored(error)).toMatchObject({ retryAfterMs: 120_000, props: '{"code":7}' });
    expect(roundTrip(error)).toMatchObject({ code: 7, details: new Map([["a", 1]]), retryAfter: 120_000 });
    expect(stored(Object.assign(new Error("x"), { nonRetryable: true })).nonRetryable).toBe(true);
    expect(stored({ nonRetryable: true, retryAfter: 5 })).toMatchObject({
      nonRetryable: true,
      retryAfterMs: 5,
    });
  });

  it("may wish nonsense, which is ignored", () => {
    for (const retryAfter of ["soon", -1, Number.NaN, {}, "101w 1ms 3d", 1e300]) {
      expect(stored(Object.assign(new Error("x"), { retryAfter }))).not.toHaveProperty("retryAfterMs");
    }
    expect(stored(Object.assign(new Error("x"), { nonRetryable: "yes" }))).not.toHaveProperty("nonRetryable");
  });

  it("say so if their details cannot be stored", () => {
    const { details } = stored(Object.assign(new Error("x"), { details: { socket: () => 1 } }));
    expect(decodePayload(details ?? "")).toContain(
      "The error's details cannot be stored: $.socket is a function.",
    );
    const large = toFailure(Object.assign(new Error("x"), { details: "x".repeat(100) }), { maxBytes: 50 });
    expect(decodePayload(large.details ?? "")).toContain("at most 50 bytes");
  });

  it("may have properties with dangerous names", () => {
    const error = Object.assign(new Error("x"), { constructor: "c", $daruma: "Date", toJSON: 1 });
    Object.defineProperty(error, "__proto__", { value: { polluted: 1 }, enumerable: true });
    const back = roundTrip(error);
    expect(Object.getPrototypeOf(back)).toBe(Error.prototype);
    expect(back).not.toHaveProperty("polluted");
    expect(Object.getOwnPropertyDescriptor(back, "constructor")?.value).toBe("c");
  });
});

describe("the size of a failure", () => {
  it("is bounded: message and stack are cut", () => {
    const error = new Error("m".repeat(100_000));
    error.stack = `${"s".repeat(16_383)}\u{1f600}tail`;
    const failure = stored(error);
    expect(failure.message).toBe(`${"m".repeat(8_192)}… (91808 more characters)`);
    expect(failure.stack).toBe(`${"s".repeat(16_383)}… (6 more characters)`);
  });

  it("is bounded for circles and long chains of causes", () => {
    const circle = new Error("a");
    circle.cause = new Error("b", { cause: circle });
    expect(stored(circle).cause).toMatchObject({ message: "b" });
    expect(stored(circle).cause).not.toHaveProperty("cause");
    let chain = new Error("0");
    for (let index = 1; index < 1_000; index++) chain = new Error(String(index), { cause: chain });
    let levels = 0;
    for (let at: Failure | undefined = stored(chain).cause; at !== undefined; at = at.cause) levels++;
    expect(levels).toBe(10);
  });

  it("is bounded for errors that hold each other in every way", () => {
    let error = new Error("first");
    for (let index = 0; index < 60; index++) {
      error = Object.assign(new AggregateError([error, error], "next"), {
        cause: error,
        details: [error],
        other: error,
      });
    }
    expect(JSON.stringify(stored(error)).length).toBeLessThan(1_000_000);
    const own: Error & { details?: unknown; self?: unknown } = new Error("own");
    own.details = { own };
    own.self = [own];
    expect(JSON.stringify(stored(own)).length).toBeLessThan(10_000);
  });
});

describe("errors of Daruma", () => {
  const cause = new RangeError("why");
  const attempts = [{ attempt: 1, time: 5, error: new TypeError("first") }];

  it.each(samples.map((error): [string, DarumaError] => [error.name, error]))(
    "come back: %s",
    (_name, error) => {
      const back = roundTrip(error);
      expect(Object.getPrototypeOf(back)).toBe(Object.getPrototypeOf(error));
      expect(back.stack).toBe(error.stack);
      expect(JSON.parse(JSON.stringify(back))).toEqual(JSON.parse(JSON.stringify(error)));
      expect(Object.keys(back).toSorted()).toEqual(Object.keys(error).toSorted());
      expect(stored(back)).toEqual(stored(error));
    },
  );

  it("keep their attempts when they are the cause of another error, but not attempts of attempts", () => {
    const inner = new ActivityError({ activity: "inner", attempts });
    const outer = new ActivityError({ activity: "outer", attempts: [{ attempt: 1, time: 9, error: inner }] });
    const back = roundTrip(new ChildError({ runId: "r-1", workflow: "w", cause: outer }))
      .cause as ActivityError;
    expect(back.lastError).toBeInstanceOf(ActivityError);
    expect(back.attempts).toHaveLength(1);
    expect((back.lastError as ActivityError).attempts).toEqual([]);
  });

  it("keep the last 20 attempts", () => {
    const many = Array.from({ length: 50 }, (_, index) => ({
      attempt: index + 1,
      time: index,
      error: cause,
    }));
    const back = roundTrip(new ActivityError({ activity: "a", attempts: many })) as ActivityError;
    expect(back.attempts.map(({ attempt }) => attempt)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 31),
    );
  });

  it("come back as the nearest class for classes of users", () => {
    class MyTimeout extends TimeoutError {}
    const back = roundTrip(Object.assign(new MyTimeout({ timeout: "block" }), { extra: 1 }));
    expect(back).toBeInstanceOf(TimeoutError);
    expect(back).toMatchObject({ timeout: "block", extra: 1 });
  });

  it("come back as plain errors if a newer version wrote them", () => {
    const failure = { name: "NewError", message: "m", kind: "NewError", code: "DRM-NEW", props: '{"a":1}' };
    expect(fromFailure(failure)).toMatchObject({ name: "NewError", message: "m", code: "DRM-NEW", a: 1 });
    expect(fromFailure({ ...failure, kind: "DarumaError" })).not.toBeInstanceOf(DarumaError);
  });
});

describe("an ApplicationError", () => {
  it("has its type as its name, also when it comes back", () => {
    const error = new ApplicationError("no funds", {
      type: "NoFunds",
      nonRetryable: true,
      retryAfter: "1m",
      details: { balance: 3n },
      cause: new TypeError("why"),
    });
    const back = roundTrip(error) as ApplicationError;
    expect(stored(error)).toMatchObject({ name: "NoFunds", nonRetryable: true, retryAfterMs: 60_000 });
    expect(back).toBeInstanceOf(ApplicationError);
    expect(back).toMatchObject({
      name: "NoFunds",
      type: "NoFunds",
      details: { balance: 3n },
      nonRetryable: true,
    });
    expect(back.cause).toBeInstanceOf(TypeError);
  });

  it("is named after its class if no type is given", () => {
    class CardDeclined extends ApplicationError {}
    expect(new ApplicationError("x").name).toBe("ApplicationError");
    expect(new CardDeclined("x")).toMatchObject({ name: "CardDeclined", type: "CardDeclined" });
    expect(roundTrip(new CardDeclined("x"))).toMatchObject({ name: "CardDeclined", type: "CardDeclined" });
  });
});

describe("a damaged failure", () => {
  it.each<[unknown, Partial<Error>]>([
    [null, { name: "Error", message: "A stored error cannot be read." }],
    [{}, { name: "Error", message: "" }],
    [
      { name: 1, message: {} },
      { name: "Error", message: "" },
    ],
    [
      { name: "A", message: "m", props: "{", details: "[", cause: 5 },
      { name: "A", message: "m" },
    ],
    [
      { name: "A", message: "m", kind: "__proto__", code: "DRM-CLOSED" },
      { name: "A", message: "m" },
    ],
    [
      { name: "InvalidInputError", message: "m", kind: "InvalidInputError", code: "DRM-INVALID-INPUT" },
      { message: "m" },
    ],
    [
      { name: "A", message: "m", errors: 1, attempts: [] },
      { name: "A", message: "m" },
    ],
    [{ name: "A", message: "m", attempts: {} }, { message: "A stored error cannot be read." }],
  ])("gives an error all the same (%#)", (failure, expected) => {
    const error = fromFailure(failure as object);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject(expected);
  });

  it("has a stack without this place in it", () => {
    expect(fromFailure({ name: "A", message: "m" }).stack).toBe("A: m");
  });
});
