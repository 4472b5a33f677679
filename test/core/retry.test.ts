import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Failure, toFailure } from "../../src/core/failure.ts";
import { nextDelay, normalizeRetry, type RetryPolicy } from "../../src/core/retry.ts";
import { runs } from "../support/properties.ts";

const failure: Failure = { name: "Error", message: "x" };

/** The waits after the first, second, … call; `random` is the middle unless said. */
function waits(policy: RetryPolicy | undefined, calls: number, random = 0.5): (number | null)[] {
  const normalized = normalizeRetry(policy);
  return Array.from({ length: calls }, (_, index) =>
    nextDelay(normalized, { attempt: index + 1, failure, random: () => random }),
  );
}

function after(policy: RetryPolicy, error: unknown): number | null {
  return nextDelay(normalizeRetry(policy), { attempt: 1, failure: toFailure(error), random: () => 0 });
}

describe("the waits", () => {
  it("are by default 2 s, 4 s, 8 s, 16 s and no sixth call", () => {
    expect(waits(undefined, 5)).toEqual([2_000, 4_000, 8_000, 16_000, null]);
    expect(normalizeRetry(undefined)).toEqual({
      maximumAttempts: 5,
      backoff: {
        type: "exponential",
        initialMs: 2_000,
        coefficient: 2,
        incrementMs: 2_000,
        maximumMs: 60_000,
        jitter: 0,
      },
      nonRetryableErrors: [],
      retryableErrors: [],
    });
  });

  it("count calls: three calls are two waits", () => {
    expect(waits({ maximumAttempts: 3 }, 4)).toEqual([2_000, 4_000, null, null]);
    expect(waits({ maximumAttempts: 1 }, 1)).toEqual([null]);
  });

  it("are at most 60 s by default, and as long as the first if that is longer", () => {
    expect(waits({ maximumAttempts: 9 }, 8)).toEqual([2, 4, 8, 16, 32, 60, 60, 60].map((s) => s * 1_000));
    expect(waits({ backoff: { initialInterval: "5m" } }, 2)).toEqual([300_000, 300_000]);
    expect(waits({ backoff: { type: "fixed", initialInterval: "5m" } }, 2)).toEqual([300_000, 300_000]);
  });

  it("are fixed, linear or exponential", () => {
    const every = { maximumAttempts: 9 };
    expect(waits({ ...every, backoff: { type: "fixed", initialInterval: "3s" } }, 3)).toEqual([
      3_000, 3_000, 3_000,
    ]);
    expect(waits({ ...every, backoff: { type: "linear", initialInterval: "1s" } }, 3)).toEqual([
      1_000, 2_000, 3_000,
    ]);
    expect(waits({ ...every, backoff: { type: "linear", increment: "5s" } }, 3)).toEqual([
      5_000, 10_000, 15_000,
    ]);
    const mixed = { type: "linear", initialInterval: "1s", increment: 100, maximumInterval: 1_150 } as const;
    expect(waits({ ...every, backoff: mixed }, 3)).toEqual([1_000, 1_100, 1_150]);
    const tripled = {
      type: "exponential",
      initialInterval: 10,
      coefficient: 3,
      maximumInterval: 80,
    } as const;
    expect(waits({ ...every, backoff: tripled }, 4)).toEqual([10, 30, 80, 80]);
  });

  it("start below a maximum that is less than the default", () => {
    expect(waits({ backoff: { maximumInterval: "1s" } }, 2)).toEqual([1_000, 1_000]);
  });

  it("do not overflow, however many calls there were", () => {
    const endless = normalizeRetry({
      maximumAttempts: Number.POSITIVE_INFINITY,
      backoff: { coefficient: 1e300 },
    });
    const zero = normalizeRetry({
      maximumAttempts: Number.POSITIVE_INFINITY,
      backoff: { initialInterval: 0 },
    });
    const call = { attempt: 1_000_000_000, failure, random: () => 0 };
    expect(nextDelay(endless, call)).toBe(60_000);
    expect(nextDelay(zero, call)).toBe(0);
  });

  it("are shortened by jitter, never lengthened", () => {
    expect(waits({ backoff: { jitter: 0.5 } }, 2, 0)).toEqual([2_000, 4_000]);
    expect(waits({ backoff: { jitter: 0.5 } }, 2, 1)).toEqual([1_000, 2_000]);
    expect(waits({ backoff: { jitter: 1 } }, 2, 0.9)).toEqual([200, 400]);
  });

  it("ask for chance only if there is jitter", () => {
    const policy = normalizeRetry(undefined);
    const random = (): number => expect.fail("chance was asked");
    expect(nextDelay(policy, { attempt: 1, failure, random })).toBe(2_000);
  });

  it("are whole numbers within the limits, for any policy", () => {
    const backoff = fc.record(
      {
        type: fc.constantFrom("fixed" as const, "linear" as const, "exponential" as const),
        initialInterval: fc.integer({ min: 0, max: 100_000 }),
        coefficient: fc.double({ min: 1, max: 1e9, noNaN: true }),
        maximumInterval: fc.integer({ min: 100_000, max: 1e9 }),
        increment: fc.integer({ min: 0, max: 1e9 }),
        jitter: fc.double({ min: 0, max: 1, noNaN: true }),
      },
      { requiredKeys: [] },
    );
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(backoff, fc.nat(), chance, (given, attempt, random) => {
        const policy = normalizeRetry({ maximumAttempts: Number.POSITIVE_INFINITY, backoff: given });
        const delay = nextDelay(policy, { attempt: attempt + 1, failure, random: () => random }) ?? -1;
        expect(Number.isSafeInteger(delay)).toBe(true);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(policy.backoff.maximumMs);
      }),
      { numRuns: runs(500) },
    );
  });
});

describe("what the error says", () => {
  it("may forbid a retry or ask for a delay", () => {
    expect(after({}, Object.assign(new Error("x"), { nonRetryable: true }))).toBeNull();
    expect(after({}, Object.assign(new Error("x"), { retryAfter: "5m" }))).toBe(300_000);
    expect(after({}, Object.assign(new Error("x"), { retryAfter: 0 }))).toBe(0);
    expect(after({ maximumAttempts: 1 }, Object.assign(new Error("x"), { retryAfter: "5m" }))).toBeNull();
  });

  it("may be in the list of errors that are not worth a retry, by name or code", () => {
    const policy = { nonRetryableErrors: ["TypeError", "E_QUOTA"] };
    expect(after(policy, new TypeError("x"))).toBeNull();
    expect(after(policy, Object.assign(new Error("x"), { code: "E_QUOTA" }))).toBeNull();
    expect(after(policy, Object.assign(new Error("x"), { code: "E_QUOTA", retryAfter: "1s" }))).toBeNull();
    expect(after(policy, new Error("TypeError"))).toBe(2_000);
    expect(after(policy, new Error("x", { cause: new TypeError("inner") }))).toBe(2_000);
  });

  it("may be in the list of the only errors that are", () => {
    const policy = { retryableErrors: ["TypeError", "EBUSY"], nonRetryableErrors: ["EBUSY"] };
    expect(after(policy, new TypeError("x"))).toBe(2_000);
    expect(after(policy, new RangeError("x"))).toBeNull();
    expect(after(policy, Object.assign(new TypeError("x"), { code: "EBUSY" }))).toBeNull();
    expect(after({ retryableErrors: [] }, new RangeError("x"))).toBe(2_000);
  });
});

describe("normalizeRetry", () => {
  it("gives plain JSON", () => {
    const policy = normalizeRetry({ maximumAttempts: Number.POSITIVE_INFINITY, nonRetryableErrors: ["A"] });
    expect(JSON.parse(JSON.stringify(policy))).toEqual(policy);
    expect(waits({ maximumAttempts: Number.POSITIVE_INFINITY }, 100).includes(null)).toBe(false);
  });

  it("does not keep the caller's lists", () => {
    const names = ["A"];
    const policy = normalizeRetry({ nonRetryableErrors: names });
    names.push("B");
    expect(policy.nonRetryableErrors).toEqual(["A"]);
  });

  it.each<[unknown, string]>([
    [{ maximumAttempts: 0 }, "retry.maximumAttempts"],
    [{ maximumAttempts: 1.5 }, "retry.maximumAttempts"],
    [{ maximumAttempts: Number.NaN }, "retry.maximumAttempts"],
    [{ maximumAttempts: "3" }, "retry.maximumAttempts"],
    [{ maxAttempts: 3 }, "retry.maxAttempts"],
    [5, "retry"],
    [{ backoff: "fixed" }, "retry.backoff"],
    [{ backoff: { kind: "fixed" } }, "retry.backoff.kind"],
    [{ backoff: { type: "quadratic" } }, "retry.backoff.type"],
    [{ backoff: { coefficient: 0.5 } }, "retry.backoff.coefficient"],
    [{ backoff: { coefficient: Number.POSITIVE_INFINITY } }, "retry.backoff.coefficient"],
    [{ backoff: { jitter: 1.1 } }, "retry.backoff.jitter"],
    [{ backoff: { jitter: -0.1 } }, "retry.backoff.jitter"],
    [{ backoff: { initialInterval: "2m", maximumInterval: "1m" } }, "retry.backoff.maximumInterval"],
    [{ nonRetryableErrors: "TypeError" }, "retry.nonRetryableErrors"],
    [{ retryableErrors: [TypeError] }, "retry.retryableErrors"],
  ])("refuses %j and names the option", (policy, subject) => {
    expect(() => normalizeRetry(policy as RetryPolicy)).toThrow(
      expect.objectContaining({ code: "DRM-INVALID-OPTION", subject }),
    );
  });

  it("refuses durations that cannot be read, by the option's name", () => {
    expect(() => normalizeRetry({ backoff: { initialInterval: "2 secs" } })).toThrow(
      expect.objectContaining({ code: "DRM-INVALID-DURATION", subject: "retry.backoff.initialInterval" }),
    );
  });
});
