/** Retry policies as users write them, checked and completed: all numbers, in milliseconds, storable as JSON. */
import { type Duration, durationMs } from "./duration.ts";
import { DarumaError, quoted } from "./errors.ts";

/** How the waits between calls grow. */
export interface Backoff {
  /** Default "exponential". */
  readonly type?: "fixed" | "linear" | "exponential" | undefined;
  /** The wait after the first call. Default 2 s; for linear: the increment, if that is given. */
  readonly initialInterval?: Duration | undefined;
  /** Exponential only: the factor from wait to wait, 1 or more. Default 2. */
  readonly coefficient?: number | undefined;
  /** No wait is longer. Default 60 s, or the initial interval if that is longer. */
  readonly maximumInterval?: Duration | undefined;
  /** Linear only: what is added from wait to wait. Default: the initial interval. */
  readonly increment?: Duration | undefined;
  /** From 0 (none, the default) to 1: the part of the wait that is left to chance. */
  readonly jitter?: number | undefined;
}

/** What users write. Default: 5 calls, exponential from 2 s, factor 2, at most 60 s between calls, no jitter. */
export interface RetryPolicy {
  /** Calls in all, the first included: 1 means no retry, Infinity no limit. */
  readonly maximumAttempts?: number | undefined;
  readonly backoff?: Backoff | undefined;
  /** Names or codes of errors that are not worth a retry. */
  readonly nonRetryableErrors?: readonly string[] | undefined;
  /** If it names any: only errors with these names or codes are worth a retry. */
  readonly retryableErrors?: readonly string[] | undefined;
}

/** A complete policy. It is plain JSON. */
export interface NormalizedRetry {
  /** Calls in all; "no limit" is the largest safe integer. */
  readonly maximumAttempts: number;
  readonly backoff: {
    readonly type: "fixed" | "linear" | "exponential";
    readonly initialMs: number;
    readonly coefficient: number;
    readonly incrementMs: number;
    readonly maximumMs: number;
    /** 0 to 1. */
    readonly jitter: number;
  };
  readonly nonRetryableErrors: readonly string[];
  /** Empty: no restriction. */
  readonly retryableErrors: readonly string[];
}

const defaultAttempts = 5;
const defaultInitialMs = 2_000;
const defaultMaximumMs = 60_000;
const policyKeys = ["maximumAttempts", "backoff", "nonRetryableErrors", "retryableErrors"];
const backoffKeys = ["type", "initialInterval", "coefficient", "maximumInterval", "increment", "jitter"];

function refuse(subject: string, expected: string, found: unknown): never {
  const message = `The option ${quoted(subject)} has a value that is not allowed.`;
  throw new DarumaError("DRM-INVALID-OPTION", { message, subject, expected, found: String(found) });
}

function checkKeys(value: unknown, allowed: readonly string[], path: string): void {
  if (typeof value !== "object" || value === null) refuse(path, "an object", value);
  for (const key of Object.keys(value)) {
    if (!allowed.includes(key)) refuse(`${path}.${key}`, `one of ${allowed.join(", ")}`, quoted(key));
  }
}

function checkAttempts(value: number): number {
  if (value === Number.POSITIVE_INFINITY) return Number.MAX_SAFE_INTEGER;
  if (Number.isSafeInteger(value) && value >= 1) return value;
  return refuse("retry.maximumAttempts", "a whole number of 1 or more, or Infinity", value);
}

function checkRange(option: string, value: number, range: { min: number; max: number }): number {
  if (Number.isFinite(value) && value >= range.min && value <= range.max) return value;
  return refuse(
    option,
    range.max === Number.MAX_VALUE ? `${range.min} or more` : `${range.min} to ${range.max}`,
    value,
  );
}

function checkNames(option: string, value: readonly string[]): readonly string[] {
  if (Array.isArray(value) && value.every((name) => typeof name === "string")) return [...value];
  return refuse(option, "a list of names or codes of errors", value);
}

function checkType(type: unknown): "fixed" | "linear" | "exponential" {
  if (type === "fixed" || type === "linear" || type === "exponential") return type;
  return refuse("retry.backoff.type", "fixed, linear or exponential", type);
}

function optionalMs(value: Duration | undefined, option: string): number | undefined {
  return value === undefined ? undefined : durationMs(value, `retry.backoff.${option}`);
}

/** A wait that was asked for must fit under the maximum; one that is only a default gives way to it. */
function initialAndMaximum(backoff: Backoff, implied: number): { initialMs: number; maximumMs: number } {
  const asked = optionalMs(backoff.initialInterval, "initialInterval");
  const initialMs = asked ?? implied;
  const maximumMs =
    optionalMs(backoff.maximumInterval, "maximumInterval") ?? Math.max(defaultMaximumMs, initialMs);
  if (asked !== undefined && maximumMs < asked) {
    refuse("retry.backoff.maximumInterval", `at least the initialInterval (${asked} ms)`, `${maximumMs} ms`);
  }
  return { initialMs: Math.min(initialMs, maximumMs), maximumMs };
}

function normalizeBackoff(backoff: Backoff): NormalizedRetry["backoff"] {
  checkKeys(backoff, backoffKeys, "retry.backoff");
  const type = checkType(backoff.type ?? "exponential");
  const increment = optionalMs(backoff.increment, "increment");
  const implied = type === "linear" && increment !== undefined ? increment : defaultInitialMs;
  const { initialMs, maximumMs } = initialAndMaximum(backoff, implied);
  const coefficient = checkRange("retry.backoff.coefficient", backoff.coefficient ?? 2, {
    min: 1,
    max: Number.MAX_VALUE,
  });
  const jitter = checkRange("retry.backoff.jitter", backoff.jitter ?? 0, { min: 0, max: 1 });
  return { type, initialMs, coefficient, incrementMs: increment ?? initialMs, maximumMs, jitter };
}

/**
 * The policy with its defaults filled in.
 * @throws DarumaError DRM-INVALID-OPTION or DRM-INVALID-DURATION: the option is named.
 */
export function normalizeRetry(policy: RetryPolicy | undefined): NormalizedRetry {
  const given = policy ?? {};
  checkKeys(given, policyKeys, "retry");
  return {
    maximumAttempts: checkAttempts(given.maximumAttempts ?? defaultAttempts),
    backoff: normalizeBackoff(given.backoff ?? {}),
    nonRetryableErrors: checkNames("retry.nonRetryableErrors", given.nonRetryableErrors ?? []),
    retryableErrors: checkNames("retry.retryableErrors", given.retryableErrors ?? []),
  };
}
