/**
 * When a failed activity is called again.
 *
 * The rules:
 * - `maximumAttempts` counts calls, the first included; there is no wait after the last call;
 * - an error that says `nonRetryable: true` is never repeated, one with `retryAfter` waits as long as it asked;
 * - `nonRetryableErrors` forbids, and `retryableErrors` (if it names any) allows only, errors by `name` or `code`;
 *   an error in both is not repeated;
 * - the wait before call n + 1 is, with i = initialInterval: fixed: i; linear: i + (n - 1) * increment;
 *   exponential: i * coefficient^(n - 1); never more than maximumInterval;
 * - jitter j shortens it by a random part of up to j, so that a wait is never longer than without jitter.
 */
import type { Failure } from "./failure-types.ts";
import type { NormalizedRetry } from "./retry-policy.ts";

export { type Backoff, normalizeRetry, type NormalizedRetry, type RetryPolicy } from "./retry-policy.ts";

/** The call that failed: `attempt` counts from 1; `random` gives numbers from 0 to below 1 and is asked only for jitter. */
export interface FailedCall {
  readonly attempt: number;
  readonly failure: Pick<Failure, "name" | "code" | "nonRetryable" | "retryAfterMs">;
  readonly random: () => number;
}

function named(list: readonly string[], failure: FailedCall["failure"]): boolean {
  return list.includes(failure.name) || (failure.code !== undefined && list.includes(failure.code));
}

function isRetryable(policy: NormalizedRetry, { attempt, failure }: FailedCall): boolean {
  if (attempt >= policy.maximumAttempts || failure.nonRetryable === true) return false;
  if (named(policy.nonRetryableErrors, failure)) return false;
  return policy.retryableErrors.length === 0 || named(policy.retryableErrors, failure);
}

function wait(backoff: NormalizedRetry["backoff"], attempt: number): number {
  const { type, initialMs, coefficient, incrementMs, maximumMs } = backoff;
  if (type === "fixed") return Math.min(initialMs, maximumMs);
  if (type === "linear") return Math.min(initialMs + (attempt - 1) * incrementMs, maximumMs);
  // 0 times an overflow to Infinity would be NaN.
  return initialMs === 0 ? 0 : Math.min(initialMs * coefficient ** (attempt - 1), maximumMs);
}

/** Milliseconds to wait before the next call, or null if there is none. */
export function nextDelay(policy: NormalizedRetry, call: FailedCall): number | null {
  if (!isRetryable(policy, call)) return null;
  if (call.failure.retryAfterMs !== undefined) return call.failure.retryAfterMs;
  const delay = wait(policy.backoff, call.attempt);
  const { jitter } = policy.backoff;
  return Math.ceil(jitter === 0 ? delay : delay * (1 - jitter * call.random()));
}
