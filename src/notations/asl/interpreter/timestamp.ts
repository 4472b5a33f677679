/** Timestamps of the Amazon States Language: RFC 3339 with an upper-case T and an offset, of any precision. */

const pattern = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2})(:\d{2})?(?:[.,](\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;

/** Epoch milliseconds, never earlier than the timestamp; undefined for what is none. */
export function parseTimestamp(text: string): number | undefined {
  const [, minutes, seconds = ":00", fraction = "", offset] = pattern.exec(text) ?? [];
  if (minutes === undefined) return undefined;
  const whole = Date.parse(`${minutes}${seconds}${offset}`);
  if (Number.isNaN(whole)) return undefined;
  return whole + Math.ceil(Number(`0.${fraction || "0"}`) * 1000);
}
