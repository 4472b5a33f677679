/**
 * Timestamps as AWS reads and compares them: RFC 3339 with a capital T, and a capital Z or an offset. Fractions of a second count to the nanosecond.
 */
import type { Json } from "./json.ts";

const shape =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9})\d*)?(?:Z|([+-])(\d{2}):(\d{2}))$/u;
const perSecond = 1_000_000_000n;
const perMillisecond = 1_000_000n;

export function isTimestamp(value: Json): boolean {
  return nanosecondsOf(value) !== undefined;
}

/** Negative, 0 or positive; undefined if one of them is no timestamp. */
export function compareTimestamps(left: Json, right: Json): number | undefined {
  const before = nanosecondsOf(left);
  const after = nanosecondsOf(right);
  if (before === undefined || after === undefined) return undefined;
  return before === after ? 0 : before < after ? -1 : 1;
}

/** Epoch milliseconds, never earlier than the timestamp (T1); undefined for what is none. */
export function millisecondsOf(value: Json): number | undefined {
  const nanoseconds = nanosecondsOf(value);
  if (nanoseconds === undefined) return undefined;
  return Number(nanoseconds / perMillisecond) + (nanoseconds % perMillisecond > 0n ? 1 : 0);
}

/** Since 1970. */
function nanosecondsOf(value: Json): bigint | undefined {
  const parts = typeof value === "string" ? shape.exec(value) : null;
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  const [fraction = "", sign = "+", hours = "0", minutes = "0"] = parts.slice(7);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  // A date that does not exist, such as 30 February, comes out as another one.
  const isReal =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!isReal || Number(hours) > 18 || Number(minutes) > 59) return undefined;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === "-" ? -1 : 1);
  return (
    BigInt(date.getTime() - offset) * perMillisecond +
    (BigInt(fraction.padEnd(9, "0").slice(0, 9)) % perSecond)
  );
}
