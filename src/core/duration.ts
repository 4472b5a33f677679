/**
 * Durations as people write them: "30s", "5m", "1h30m", "90d", "250ms", "1w", "1.5h", or a number of milliseconds.
 *
 * Units come from large to small, each at most once; spaces between the parts are allowed. The result is a whole
 * number of milliseconds (rounded), at least 0 and at most 100 years.
 */
import { DarumaError } from "./error-base.ts";
import { quoted } from "./error-classes.ts";

/** A text with units ("1h30m") or a number of milliseconds. */
export type Duration = string | number;

const unitMs = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;
type Unit = keyof typeof unitMs;

/** The longest duration that is accepted: 100 years of 365.25 days. */
export const longestMs: number = 36_525 * unitMs.d;

const whole =
  /^(?:(?<w>\d+(?:\.\d+)?)w)? ?(?:(?<d>\d+(?:\.\d+)?)d)? ?(?:(?<h>\d+(?:\.\d+)?)h)? ?(?:(?<m>\d+(?:\.\d+)?)m)? ?(?:(?<s>\d+(?:\.\d+)?)s)? ?(?:(?<ms>\d+(?:\.\d+)?)ms)?$/u;

function refuse(value: unknown, subject: string, expected: string): never {
  const found = typeof value === "string" ? quoted(value.slice(0, 100)) : String(value);
  const message = `${subject} is not a duration that can be used.`;
  throw new DarumaError("DRM-INVALID-DURATION", { message, subject, expected, found });
}

function parse(text: string, subject: string): number {
  const groups = text.length > 200 || text.trim() === "" ? undefined : whole.exec(text.trim())?.groups;
  if (groups === undefined)
    refuse(text, subject, 'numbers with the units w, d, h, m, s, ms, such as "1h30m"');
  let sum = 0;
  for (const unit of Object.keys(unitMs) as Unit[]) sum += Number(groups[unit] ?? 0) * unitMs[unit];
  return sum;
}

/**
 * The duration in whole milliseconds. `subject` names the option in the error.
 * @throws DarumaError DRM-INVALID-DURATION: not a duration, negative, not finite, or over 100 years.
 */
export function durationMs(value: Duration, subject: string): number {
  const ms = typeof value === "string" ? parse(value, subject) : value;
  if (typeof ms !== "number" || Number.isNaN(ms))
    refuse(value, subject, 'a text such as "30s", or milliseconds');
  if (ms < 0) refuse(value, subject, "0 or more");
  if (ms > longestMs) refuse(value, subject, "at most 100 years");
  return Math.round(ms) + 0;
}

/** The duration as text with all its parts, days the largest: "1d 2h", "1h 30m", "250ms", "0ms". `durationMs` reads it. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return String(ms);
  const parts: string[] = [];
  let rest = Math.round(Math.abs(ms));
  for (const unit of ["d", "h", "m", "s", "ms"] as const) {
    const count = Math.floor(rest / unitMs[unit]);
    if (count > 0) parts.push(`${count}${unit}`);
    rest -= count * unitMs[unit];
  }
  return parts.length === 0 ? "0ms" : (ms < 0 ? "-" : "") + parts.join(" ");
}
